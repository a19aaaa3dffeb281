"""Times that run on the wall clock, in opening hours, or by working days of the Chinese calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.policy.calendar import due, warnings, works
from bot.policy.duties import Span
from bot.shop import Opening
from tests.unit.policy.demo_shop import PACK, SHOP

NINE, NOON, ONE, TEN = time(9), time(12, 30), time(13, 30), time(22)
WEEKDAYS = (Opening(0, 4, time(9), time(18)),)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("accepted", "arrives"),
    [
        ("2026-03-18T15:20:00", "2026-03-24"),  # Wednesday: Thursday, Friday, Monday
        ("2026-03-20T23:59:00", "2026-03-26"),  # Friday: Monday to Wednesday
        ("2025-09-28T10:00:00", "2025-10-10"),  # Sunday, a moved working day: 29th, 30th, then the holidays to the 8th
        ("2025-09-30T10:00:00", "2025-10-12"),  # 9th, 10th and Saturday the 11th, which is worked
        ("2026-01-01T08:00:00", "2026-01-07"),  # New Year's holidays to the 3rd; Sunday the 4th is worked
    ],
)
def test_a_refund_arrives_by_working_days_over_the_holidays(accepted: str, arrives: str) -> None:
    span = PACK.clock("refund_arrival").span
    assert span is not None
    told = due(at(accepted), span)
    assert (told.at, told.certain) == (at(arrives), True)


def test_a_year_whose_holidays_are_not_known_is_told_as_uncertain() -> None:
    assert works(date(2050, 1, 3)) == (True, False)
    assert works(date(2050, 1, 1)) == (False, False)
    told = due(at("2050-01-07T10:00:00"), Span(2, "working_days"))
    assert (told.at, told.certain) == (at("2050-01-12"), False)


def test_the_wall_clock_does_not_stop_at_night_and_business_time_does() -> None:
    friday = at("2026-03-20T17:00:00")
    assert due(friday, Span(48, "hours")).at == at("2026-03-22T17:00:00")
    assert due(friday, Span(2, "hours"), "business", WEEKDAYS).at == at("2026-03-23T10:00:00")
    assert due(friday, Span(1, "hours"), "business", WEEKDAYS).at == at("2026-03-20T18:00:00")


def test_the_shops_lunch_does_not_count() -> None:
    started = at("2026-03-18T12:20:00")
    assert due(started, Span(30, "minutes"), "business", SHOP.openings).at == at("2026-03-18T13:50:00")
    assert due(at("2026-03-18T23:00:00"), Span(30, "seconds"), "business", SHOP.openings).at == at(
        "2026-03-19T09:00:30"
    )


def test_an_instant_of_another_time_zone_counts_by_the_day_in_shanghai() -> None:
    late = datetime(2026, 3, 18, 17, tzinfo=timezone.utc)
    assert due(late, Span(1, "working_days")).at == at("2026-03-21")


def test_warnings_come_at_their_shares_of_the_time() -> None:
    clock = PACK.clock("platform_reply")
    assert clock.span is not None
    started = at("2026-03-20T18:00:00")
    assert warnings(started, clock.span, clock.warn_at) == (
        at("2026-03-21T18:00:00"),
        at("2026-03-22T06:00:00"),
        at("2026-03-22T13:12:00"),
    )
    half = [Decimal("0.5")]
    assert warnings(started, Span(2, "hours"), half, "business", WEEKDAYS) == (at("2026-03-23T10:00:00"),)
    assert warnings(started, Span(1, "working_days"), half) == (at("2026-03-22T09:00:00"),)


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 3, 18), Span(1, "hours"))
    with pytest.raises(ValueError, match="nobody is ever there"):
        due(at("2026-03-18"), Span(1, "hours"), "business", ())


instants = st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 1)).map(lambda naive: naive.replace(tzinfo=SHANGHAI))


@given(instants, st.integers(1, 5000))
def test_business_time_holds_exactly_as_much_opening_time_and_never_ends_before_wall_time(
    started: datetime, minutes: int
) -> None:
    span = Span(minutes, "minutes")
    business, wall = due(started, span, "business", SHOP.openings).at, due(started, span).at
    assert business >= wall
    day, there = started.date(), timedelta()
    while day <= business.date():
        for start, end in ((NINE, NOON), (ONE, TEN)):
            opens = max(started, datetime.combine(day, start, SHANGHAI))
            closes = min(business, datetime.combine(day, end, SHANGHAI))
            there += max(closes - opens, timedelta())
        day += timedelta(days=1)
    assert there == timedelta(minutes=minutes)


@given(instants, instants, st.integers(1, 20))
def test_who_starts_later_ends_no_earlier(one: datetime, other: datetime, days: int) -> None:
    early, late = sorted((one, other))
    for span, kind in ((Span(days, "working_days"), "wall"), (Span(days, "hours"), "business")):
        ends = [due(start, span, kind, SHOP.openings).at for start in (early, late)]  # type: ignore[arg-type]
        assert ends == sorted(ends)
        assert ends[0] > early
