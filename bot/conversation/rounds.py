"""Rounds of work for ever: the next begins at once while there is more, else after a pause or when it is woken."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog

log = structlog.get_logger(__name__)


class Rounds:
    """`name` in the log; `idle` seconds of pause."""

    def __init__(self, name: str, idle: float) -> None:
        self._name = name
        self._idle = idle
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There is something new; on its own loop only."""
        self._news.set()

    async def run(self, work: Callable[[], Awaitable[bool]]) -> None:
        """Work for ever; `work` tells whether it did anything. What fails is logged and tried again."""
        while True:
            self._news.clear()
            try:
                busy = await work()
            except Exception:  # it must outlive a broken database connection
                log.exception(self._name)
                busy = False
            if not busy:
                try:
                    await asyncio.wait_for(self._news.wait(), self._idle)
                except asyncio.TimeoutError:
                    continue


async def side_by_side(works: Iterable[Awaitable[bool]]) -> bool:
    """Do all, and only then raise what failed first; whether any did something."""
    done = await asyncio.gather(*works, return_exceptions=True)
    for outcome in done:
        if isinstance(outcome, BaseException):
            raise outcome
    return any(done)
