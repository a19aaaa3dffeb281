"""Working days by the Chinese calendar; where that knows nothing of a year, Monday to Friday."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import chinese_calendar

from bot.clock import SHANGHAI

SATURDAY = 5


def is_workday(day: date) -> bool:
    """Whether people work on this day."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY


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
