"""Logs of clocks, written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.clock import SHANGHAI
from bot.clocks.state import State, fold
from bot.policy.duties import Clock
from tests.unit.policy.demo_shop import PACK, SHOP


@dataclass(frozen=True)
class Entry:
    """One entry."""

    kind: str
    at: datetime
    marker: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def at(text: str) -> datetime:
    """An instant in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def entry(told: str) -> Entry:
    """`2026-03-20T18:00 stopped closed` as an entry."""
    instant, kind, *marker = told.split()
    return Entry(kind, at(instant), "".join(marker))


def standing(rule: str | Clock, log: Sequence[str | Entry], now: str | datetime | None = None) -> State:
    """How the clock of a rule of the pack stands in the demo shop's hours (9:00-12:30, 13:30-22:00)."""
    entries = [each if isinstance(each, Entry) else entry(each) for each in log]
    instant = at(now) if isinstance(now, str) else now
    return fold(entries, PACK.clock(rule) if isinstance(rule, str) else rule, SHOP.openings, instant)
