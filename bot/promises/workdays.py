"""Working days by the Chinese calendar; where that knows nothing of a year, Monday to Friday."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import chinese_calendar

from bot.clock import SHANGHAI

SATURDAY = 5
YEAR = 366


def is_workday(day: date) -> bool:
    """Whether people work on this day."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY


def next_festival(name: str, today: date) -> date | None:
    """The next day off of a festival, by the calendar's English name; None where it knows nothing of that year."""
    try:
        for days in range(YEAR):
            day = today + timedelta(days=days)
            if chinese_calendar.get_holiday_detail(day)[1] == name:
                return day
    except NotImplementedError:
        return None
    return None


def after_workdays(now: datetime, count: int) -> datetime:
    """The last instant of the working day that is `count` of them after today."""
    day = now.astimezone(SHANGHAI).date()
    while count > 0:
        day += timedelta(days=1)
        count -= is_workday(day)
    return end_of(day)


def end_of(day: date) -> datetime:
    """The last second of a day."""
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)
