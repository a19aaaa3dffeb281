"""How a clock stands, told from its log: due, warned, stopped by all or any, paused, at least, with an own time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.clocks.state import State
from bot.policy.calendar import passed
from tests.unit.clocks.timeline import Entry, at, standing
from tests.unit.policy.demo_shop import PACK, SHOP
from tests.unit.policy.often import often

FRIDAY = "2026-03-20T18:00"
STARTED = f"{FRIDAY} started"


def marks(rule: str, start: datetime) -> list[tuple[str, str, datetime]]:
    """Everything that time alone brings, each as soon as it is due."""
    log, found = [Entry("started", start)], []
    while (mark := standing(rule, log).next) is not None:
        found.append((mark.kind, mark.marker, mark.at))
        log.append(Entry(mark.kind, mark.at, mark.marker))
    return found


def test_a_complaint_of_friday_evening_is_warned_of_over_the_weekend_and_due_on_sunday() -> None:
    assert standing("platform_reply", [STARTED]).due_at == at("2026-03-22T18:00")
    assert marks("platform_reply", at(FRIDAY)) == [
        ("warned", "0.50", at("2026-03-21T18:00")),
        ("warned", "0.75", at("2026-03-22T06:00")),
        ("warned", "0.90", at("2026-03-22T13:12")),
        ("breached", "", at("2026-03-22T18:00:00.000001")),
    ]


@pytest.mark.parametrize(
    ("rule", "log", "expected"),
    [
        ("platform_reply", [STARTED, "2026-03-22T18:00 stopped merchant_replied"], "kept"),
        ("platform_reply", [STARTED, "2026-03-22T18:00:00.000001 stopped merchant_replied"], "breached"),
        (
            "platform_reply",
            [STARTED, "2026-03-22T18:01 breached", "2026-03-22T19:00 stopped merchant_replied"],
            "breached",
        ),
        ("platform_reply", [STARTED, "2026-03-21T18:00 cancelled"], "cancelled"),
        ("platform_reply", [STARTED, "2026-03-20T17:59 cancelled"], "cancelled"),
        ("platform_reply", [STARTED, "2026-03-20T17:59 stopped merchant_replied"], "kept"),
        ("platform_reply", [STARTED, "2026-03-23T18:00 cancelled"], "breached"),
        ("complaint_1", [STARTED, "2026-03-20T19:00 stopped closed"], "running"),
        ("complaint_1", [STARTED, "2026-03-20T19:00 stopped closed", "2026-03-20T19:00 stopped archived"], "kept"),
        ("complaint_1", [STARTED, "2026-03-20T19:00 stopped closed", "2026-03-22T19:00 stopped archived"], "breached"),
        ("unpaid_reminder", [STARTED, "2026-03-20T19:00 stopped paid"], "kept"),
        ("unpaid_reminder", [STARTED, "2026-03-20T19:00 stopped cancelled"], "kept"),
        ("complaint_special", [STARTED, "2026-04-19T18:00 stopped tracking_done"], "kept"),
        ("complaint_special", [STARTED, "2026-04-19T17:59 stopped tracking_done"], "breached"),
        ("complaint_special", [STARTED, "2026-04-01T18:00 cancelled"], "cancelled"),
        ("complaint_2", [STARTED, "2026-03-20T19:00 paused 1"], "paused"),
        ("complaint_2", [STARTED, "2026-03-20T19:00 paused 1", "2026-03-28T19:00 resumed 1"], "running"),
        ("complaint_2", [STARTED, "2026-03-20T19:00 paused 1", "2026-03-28T19:00 stopped written_reply_sent"], "kept"),
        ("complaint_2", [STARTED, "2026-03-20T19:00 paused 1", "2026-03-28T19:00 cancelled"], "cancelled"),
    ],
)
def test_what_became_of_it_is_told_by_the_log(rule: str, log: list[str], expected: str) -> None:
    assert standing(rule, log).standing == expected


def test_a_minimum_time_is_no_breach_and_is_told_when_it_is_reached() -> None:
    told = marks("complaint_special", at(FRIDAY))
    assert [(kind, marker) for kind, marker, _ in told] == [
        ("warned", "0.50"),
        ("warned", "0.75"),
        ("warned", "0.90"),
        ("warned", "1"),
    ]
    assert told[-1][2] == at("2026-04-19T18:00")


@pytest.mark.parametrize(
    ("rule", "start", "due"),
    [
        ("chat_reply", "2026-03-18T12:29:50", "2026-03-18T13:30:20"),
        ("chat_reply", "2026-03-18T23:00:00", "2026-03-19T09:00:30"),
        ("complaint_reply", "2026-03-18T12:20:00", "2026-03-18T13:50:00"),
        ("specialist_reply", "2026-03-18T21:00:00", "2026-03-19T10:00:00"),
        ("refund_arrival", "2025-09-30T10:00:00", "2025-10-12T00:00:00"),
        ("complaint_1", "2026-03-18T21:00:00", "2026-03-19T21:00:00"),
    ],
)
def test_it_is_due_by_the_hours_of_its_rule(rule: str, start: str, due: str) -> None:
    assert standing(rule, [f"{start} started"]).due_at == at(due)


def test_a_promise_is_due_when_it_was_promised() -> None:
    promised = at("2026-03-21T10:00")
    log = [Entry("started", at(FRIDAY), detail={"due_at": promised.isoformat()})]
    assert standing("promise", log).due_at == promised
    assert standing("promise", log, "2026-03-21T02:00").share == pytest.approx(0.5)
    with pytest.raises(ValueError, match="until when"):
        standing("promise", [STARTED])


def test_a_promise_for_a_time_that_is_over_is_broken_at_once() -> None:
    log = [Entry("started", at(FRIDAY), detail={"due_at": at("2026-03-20T17:00").isoformat()})]
    state = standing("promise", log, FRIDAY)
    assert (state.due_at, state.share) == (at(FRIDAY), 1)


def test_a_clock_that_stands_tells_nothing_until_it_goes_on() -> None:
    log = [STARTED, "2026-03-21T17:00 paused 1"]
    assert standing("platform_reply", log, "2026-03-25T17:00").next is None
    went_on = standing("platform_reply", [*log, "2026-03-25T17:00 resumed 1"])
    assert went_on.next is not None
    assert went_on.next.at == at("2026-03-25T18:00")
    assert went_on.due_at == at("2026-03-26T18:00")


def test_a_pause_in_the_night_does_not_move_what_is_counted_in_opening_hours() -> None:
    log = ["2026-03-18T21:00 started", "2026-03-18T22:30 paused 1", "2026-03-19T08:00 resumed 1"]
    assert standing("specialist_reply", log).due_at == at("2026-03-19T10:00")


def test_who_pauses_too_late_does_not_undo_the_breach() -> None:
    log = ["2026-03-18T12:00 started", "2026-03-18T12:45 paused 1", "2026-03-18T15:00 resumed 1"]
    assert standing("complaint_reply", log).due_at == at("2026-03-18T12:30")


instants = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 1)).map(lambda naive: naive.replace(tzinfo=SHANGHAI))
RULES = [rule.id for rule in PACK.clocks if rule.span is not None]


@st.composite
def pauses(draw: st.DrawFn) -> tuple[str, datetime, list[tuple[datetime, datetime]]]:
    """A clock, its start, and pauses that each begin before it is due."""
    rule, start = draw(st.sampled_from(RULES)), draw(instants)
    log, found, since = [Entry("started", start)], [], start
    for number in range(draw(st.integers(0, 4))):
        left = standing(rule, log).due_at - since
        paused = since + left * draw(st.floats(0, 1))
        resumed = paused + timedelta(seconds=draw(st.integers(0, 20 * 86400)))
        log += [Entry("paused", paused, str(number)), Entry("resumed", resumed, str(number))]
        found.append((paused, resumed))
        since = resumed
    return rule, start, found


def log_of(start: datetime, held: list[tuple[datetime, datetime]]) -> list[Entry]:
    log = [Entry("started", start)]
    for number, (paused, resumed) in enumerate(held):
        log += [Entry("paused", paused, str(number)), Entry("resumed", resumed, str(number))]
    return log


def kept_time(rule: str, start: datetime, end: datetime) -> timedelta:
    """The rule's own time between two instants."""
    found = PACK.clock(rule)
    kind = "wall" if found.working_days else found.time
    return passed(start, end, kind, SHOP.openings)


@often
@given(pauses(), st.integers(0, 60 * 86400))
def test_time_that_it_stood_is_never_counted(
    drawn: tuple[str, datetime, list[tuple[datetime, datetime]]], seconds: int
) -> None:
    rule, start, held = drawn
    now = (held[-1][1] if held else start) + timedelta(seconds=seconds)
    state = standing(rule, log_of(start, held), now)
    stood = sum((kept_time(rule, paused, resumed) for paused, resumed in held), timedelta())
    assert state.elapsed == kept_time(rule, start, now) - stood
    assert state.elapsed + state.remaining == state.whole == standing(rule, log_of(start, [])).whole


@often
@given(pauses(), st.integers(0, 60 * 86400))
def test_while_it_stands_nothing_changes(
    drawn: tuple[str, datetime, list[tuple[datetime, datetime]]], seconds: int
) -> None:
    rule, start, held = drawn
    stands = log_of(start, held)[:-1] if held else [Entry("started", start), Entry("paused", start)]
    later = standing(rule, stands, stands[-1].at + timedelta(seconds=seconds))
    assert later == standing(rule, stands)
    assert later.standing == "paused"


@often
@given(pauses())
def test_it_is_due_later_by_exactly_the_pause(
    drawn: tuple[str, datetime, list[tuple[datetime, datetime]]],
) -> None:
    rule, start, held = drawn
    for number, (paused, resumed) in enumerate(held):
        before, after = standing(rule, log_of(start, held[:number])), standing(rule, log_of(start, held[: number + 1]))
        if PACK.clock(rule).time == "wall":
            assert after.due_at - before.due_at == resumed - paused
        assert kept_time(rule, before.due_at, after.due_at) == kept_time(rule, paused, resumed)
        assert after.due_at >= before.due_at


@often
@given(pauses())
def test_every_mark_comes_once_in_order_and_at_its_share(
    drawn: tuple[str, datetime, list[tuple[datetime, datetime]]],
) -> None:
    rule, start, held = drawn
    log = log_of(start, held)
    told: list[tuple[str, str]] = []
    state: State = standing(rule, log)
    last = start
    while state.next is not None:
        mark = state.next
        assert mark.at >= last
        told.append((mark.kind, mark.marker))
        last = mark.at
        log.append(Entry(mark.kind, max(mark.at, log[-1].at), mark.marker))
        state = standing(rule, log)
    shares = [("warned", str(share)) for share in PACK.clock(rule).warn_at]
    assert told == [*shares, ("warned", "1") if PACK.clock(rule).at_least else ("breached", "")]
