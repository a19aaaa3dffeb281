"""How a clock stands, computed from its events and its rule alone; no counter is kept anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from bot.policy.calendar import Opening, after, due, passed
from bot.policy.duties import Clock, TimeKind

Kind = Literal["started", "paused", "resumed", "stopped", "warned", "breached", "cancelled"]
Standing = Literal["running", "paused", "kept", "breached", "cancelled"]
REACHED = "1"
"""The marker of a warning that tells that a minimum time has passed."""


class Entry(Protocol):
    """One entry of a clock's log (`bot.store.models.ClockEvent`). That of the start may hold an own `due_at`."""

    @property
    def kind(self) -> Any:
        """What happened."""

    @property
    def marker(self) -> Any:
        """Which one of its kind."""

    @property
    def at(self) -> Any:
        """When."""

    @property
    def detail(self) -> Any:
        """What else is known."""


@dataclass(frozen=True)
class Mark:
    """What comes next by the mere passing of time: a warning or the breach."""

    kind: Literal["warned", "breached"]
    marker: str
    at: datetime


@dataclass(frozen=True)
class State:
    """How a clock stands. `due_at` is the last instant that is in time; of a paused clock, as if it never stood.

    `elapsed` and `remaining` count the clock's own time, without pauses; `whole` is what there was.
    """

    standing: Standing
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    whole: timedelta
    elapsed: timedelta
    warned: tuple[str, ...]
    next: Mark | None

    @property
    def remaining(self) -> timedelta:
        """What is left; negative when the time is over."""
        return self.whole - self.elapsed

    @property
    def share(self) -> float:
        """The share of the time that has passed; 1 where there was none."""
        return self.elapsed / self.whole if self.whole else 1.0


@dataclass(frozen=True)
class _Run:
    """A stretch of time in which the clock ran; the last one may go on."""

    begin: datetime
    end: datetime | None


@dataclass(frozen=True)
class _Time:
    """The clock's own time: stretches of it on the wall clock or in opening hours."""

    runs: Sequence[_Run]
    kind: TimeKind
    openings: Sequence[Opening]

    def elapsed(self, now: datetime) -> timedelta:
        """What has passed at an instant."""
        ends = ((run.begin, min(run.end or now, now)) for run in self.runs)
        return sum((passed(begin, end, self.kind, self.openings) for begin, end in ends), timedelta())

    def reached(self, length: timedelta) -> datetime:
        """The instant at which so much had passed, or will have if nothing holds it up."""
        found, left = self.runs[0].begin, length
        for run in self.runs:
            found = after(run.begin, left, self.kind, self.openings)
            if run.end is None or found < run.end:
                break
            left -= passed(run.begin, run.end, self.kind, self.openings)
        return found


def fold(entries: Sequence[Entry], rule: Clock, openings: Sequence[Opening], now: datetime | None = None) -> State:
    """How the clock stands at `now` (without it: at its last entry). `entries` in the order of the log."""
    start, at = entries[0], max(filter(None, (now, entries[-1].at)))
    whole = _whole(start, rule)
    ended_at, is_stopped = _end(entries, rule)
    kind: TimeKind = "business" if rule.time == "business" and _length(rule) is not None else "wall"
    time = _Time(_runs(entries, ended_at), kind, openings)
    due_at = time.reached(whole)
    ran_until = ended_at and (time.runs[-1].end or ended_at)  # who ends it in a pause ends it with the time it had left
    missed_at = _missed_at(rule, due_at, ran_until, is_stopped)
    is_paused = ended_at is None and time.runs[-1].end is not None
    is_breached = any(entry.kind == "breached" for entry in entries)
    standing: Standing = (
        "breached"
        if is_breached or (ended_at is not None and missed_at is not None)
        else "paused"
        if is_paused
        else "running"
        if ended_at is None
        else "kept"
        if is_stopped
        else "cancelled"
    )
    warned = tuple(entry.marker for entry in entries if entry.kind == "warned")
    marks = [] if is_breached or is_paused else _marks(rule, time, whole, missed_at, ended_at, warned)
    elapsed = time.elapsed(at if ended_at is None else min(at, ended_at))
    following = min(marks, key=lambda mark: mark.at, default=None)
    return State(standing, start.at, due_at, ended_at, whole, elapsed, warned, following)


def _length(rule: Clock) -> timedelta | None:
    return rule.span.delta if rule.span else None


def _whole(start: Entry, rule: Clock) -> timedelta:
    """The time there is: the rule's, or up to the instant that was promised."""
    detail: Mapping[str, Any] = start.detail or {}
    begin: datetime = start.at
    if detail.get("due_at"):
        return max(datetime.fromisoformat(detail["due_at"]) - begin, timedelta())
    if rule.span is None:
        raise ValueError(f"{rule.id}: neither the rule nor the start says until when")
    return rule.span.delta or due(begin, rule.span).at - begin


def _end(entries: Sequence[Entry], rule: Clock) -> tuple[datetime | None, bool]:
    """When the clock ended, and whether by what stops it (all of that, or any, as the rule says).

    Not before it began: the node that wrote the end may have a watch that is slow.
    """
    begin: datetime = entries[0].at
    stops: dict[str, datetime] = {}
    for entry in entries:
        if entry.kind == "cancelled":
            return max(entry.at, begin), False
        if entry.kind == "stopped":
            stops.setdefault(entry.marker, entry.at)
            if rule.stops_with == "any" or set(rule.stops_on) <= set(stops):
                return max(*stops.values(), begin), True
    return None, False


def _runs(entries: Sequence[Entry], ended_at: datetime | None) -> list[_Run]:
    """When it ran. The last stretch stays open at the end too: until when there would have been time is known then."""
    runs: list[_Run] = []
    for entry in entries:
        if ended_at is not None and entry.at > ended_at:
            break
        if entry.kind in ("started", "resumed"):
            begin = entry.at if not runs or runs[-1].end is None else max(entry.at, runs[-1].end)
            runs.append(_Run(begin, None))
        elif entry.kind == "paused" and runs[-1].end is None:
            runs[-1] = _Run(runs[-1].begin, max(entry.at, runs[-1].begin))
    return runs


def _missed_at(rule: Clock, due_at: datetime, ran_until: datetime | None, is_stopped: bool) -> datetime | None:
    """From which instant on it counts as missed: too late or, where the time is a minimum, stopped too early."""
    if rule.at_least:
        return ran_until if is_stopped and ran_until is not None and ran_until < due_at else None
    return due_at + timedelta.resolution if ran_until is None or ran_until > due_at else None


def _marks(
    rule: Clock,
    time: _Time,
    whole: timedelta,
    missed_at: datetime | None,
    ended_at: datetime | None,
    warned: Sequence[str],
) -> list[Mark]:
    """What is still to come, or was not written down yet: warnings only while the clock runs."""
    marks = [Mark("breached", "", missed_at)] if missed_at is not None else []
    if ended_at is not None:
        return marks
    unit = timedelta.resolution
    parts = {str(share): timedelta(microseconds=int(whole // unit * share)) for share in rule.warn_at}
    if rule.at_least:
        parts[REACHED] = whole
    return marks + [
        Mark("warned", marker, time.reached(part)) for marker, part in parts.items() if marker not in warned
    ]
