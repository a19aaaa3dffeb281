"""When a time is over: on the wall clock, in the hours in which people are there, or by working days in China."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

import chinese_calendar

from bot.clock import SHANGHAI
from bot.policy.duties import Span, TimeKind

DAY = timedelta(days=1)
SATURDAY = 5
LONGEST_CLOSURE = 366
"""Days without any opening after which the hours are taken to be wrong."""


class Opening(Protocol):
    """Hours of a day in which people are there (`bot.shop.Opening`)."""

    @property
    def start(self) -> time:
        """From here on."""

    @property
    def end(self) -> time:
        """Up to here."""

    def on(self, day: int) -> bool:
        """Whether they hold on a weekday (0 = Monday)."""


@dataclass(frozen=True)
class Due:
    """The last instant that is in time. `certain` is False where the holidays of a year are not known yet."""

    at: datetime
    certain: bool = True


def works(day: date) -> tuple[bool, bool]:
    """Whether it is a working day (moved ones included), and whether that is known: else only weekends are off."""
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < SATURDAY, False


def due(start: datetime, span: Span, kind: TimeKind = "wall", openings: Sequence[Opening] = ()) -> Due:
    """When a time that starts now is over. Working days are counted from the next day on and last until midnight.

    ValueError if `start` has no time zone, or for business time if nobody is ever there.
    """
    if start.tzinfo is None:
        raise ValueError("start has no time zone")
    local = start.astimezone(SHANGHAI)
    if span.delta is None:
        return _after_working_days(local, span.count)
    if kind == "wall":
        return Due(local + span.delta)
    return Due(_after_business(local, span.delta, openings))


def after(start: datetime, length: timedelta, kind: TimeKind, openings: Sequence[Opening]) -> datetime:
    """The first instant at which this much time has passed. ValueError for business time if nobody is ever there."""
    local = start.astimezone(SHANGHAI)
    return local + length if kind == "wall" else _after_business(local, length, openings)


def passed(start: datetime, end: datetime, kind: TimeKind, openings: Sequence[Opening]) -> timedelta:
    """How much time lies between two instants; none where the end is not after the start."""
    if kind == "wall":
        return max(end - start, timedelta())
    opens, closes, total = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI), timedelta()
    for ahead in range((closes.date() - opens.date()).days + 1):
        day = opens.date() + ahead * DAY
        for opening in (o for o in openings if o.on(day.weekday())):
            since = max(opens, datetime.combine(day, opening.start, SHANGHAI))
            until = min(closes, datetime.combine(day, opening.end, SHANGHAI))
            total += max(until - since, timedelta())
    return total


def warnings(
    start: datetime, span: Span, shares: Sequence[Decimal], kind: TimeKind = "wall", openings: Sequence[Opening] = ()
) -> tuple[datetime, ...]:
    """The instants at which these shares of the time have passed."""
    local = start.astimezone(SHANGHAI)
    if span.delta is None:
        whole, kind = due(start, span).at - local, "wall"
    else:
        whole = span.delta
    parts = [timedelta(seconds=float(Decimal(str(whole.total_seconds())) * share)) for share in shares]
    return tuple(local + part if kind == "wall" else _after_business(local, part, openings) for part in parts)


def _after_working_days(start: datetime, count: int) -> Due:
    day, certain = start.date(), True
    while count > 0:
        day += DAY
        working, known = works(day)
        certain &= known
        count -= working
    return Due(datetime.combine(day + DAY, time(), SHANGHAI), certain)


def _after_business(start: datetime, left: timedelta, openings: Sequence[Opening]) -> datetime:
    for ahead in range(LONGEST_CLOSURE + int(left / timedelta(minutes=1))):
        day = start.date() + ahead * DAY
        for opening in sorted((o for o in openings if o.on(day.weekday())), key=lambda o: o.start):
            opens = max(start, datetime.combine(day, opening.start, SHANGHAI))
            there = datetime.combine(day, opening.end, SHANGHAI) - opens
            if there > timedelta() and left <= there:
                return opens + left
            left -= max(there, timedelta())
        if not openings:
            break
    raise ValueError("nobody is ever there")
