"""Looks at rows that tell by themselves what is due: the scheduler makes each look every few seconds, at every node.

A sweep needs no job, because the row that it finds is the durable mark of what is to be done, and the transaction that
does it takes that mark away: by an update that only one node can win, or under the row's version, of which the second
writer does it again and finds nothing. What a node that dies has begun is rolled back and found again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)


@dataclass
class Sweep:
    """`look` finds and does what is due; `seconds` are between two looks."""

    name: str
    seconds: float
    look: Callable[[], Awaitable[object]]
    next_at: float = 0.0

    async def make(self, at: float) -> None:
        """Look, if it is time (seconds of a watch that never stands still); what fails is logged and comes again."""
        if at < self.next_at:
            return
        self.next_at = at + self.seconds
        try:
            await self.look()
        except Exception:  # the next look may find the database again
            log.exception("sweep failed", sweep=self.name)
