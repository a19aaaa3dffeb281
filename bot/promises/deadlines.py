"""Times in a clause as people write them, counted from now: tomorrow noon, within 48 hours, before Friday, the 5th."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import cast

from bot.clock import SHANGHAI
from bot.promises.promise import Deadline, Unit
from bot.promises.words import HALF, Words
from bot.promises.workdays import after_workdays, end_of, next_festival

LONGEST = 1000  # of any unit: what is longer is no promise but a slip
NOON = 12
DATED = re.compile(r"(?<![\d-])(?:(0[1-9])-(\d\d)(?![\d-])|(1[0-2])-(\d\d)(?=\s?\d\d:\d\d))")
"""A date as our own texts write it: 03-05, 11-23 14:05. Without its time the latter might be a number of days."""

Groups = Mapping[str, str | None]
Hours = Callable[[date], tuple[time, time] | None]
"""When people come and go on a day; None where nobody does."""


class Calendar:
    """Reads times against one present instant."""

    def __init__(self, words: Words, now: datetime, hours: Hours | None = None) -> None:
        self._words = words
        self._hours = hours
        self._now = now.astimezone(SHANGHAI)
        self._day_readers: Mapping[str, Callable[[Groups], date | None]] = {
            "day": self._day,
            "weekday": self._weekday,
            "week": self._week,
            "date": self._date,
            "festival": self._festival,
            "month_part": self._month_part,
        }

    def deadline(self, clause: str) -> Deadline | None:
        """The latest time that the clause names; None where it names none."""
        span, day = self._span(clause), self._dated(clause)
        hour = self._hour(clause, self._now.date() if day is None else day[0])
        after_payment = self._words.times["after_payment"].search(clause) is not None
        if day is not None:
            chosen, text = day
            by = end_of(chosen) if hour is None else self._at(chosen, hour)
            return Deadline(by, text + ("" if hour is None else hour[1]), after_payment=after_payment)
        if span is not None:
            return Deadline(span[0], span[1], count=span[2], unit=span[3], after_payment=after_payment)
        if hour is not None:
            return Deadline(self._at(self._now.date(), hour), hour[1])
        at_once = self._words.times["at_once"].search(clause)
        if at_once is not None:
            return Deadline(self._now, at_once[0], at_once=True)
        return None

    def _at(self, day: date, hour: tuple[time, str]) -> datetime:
        """That hour; one that is over today and may be of the afternoon as well is meant so (six o'clock)."""
        by = datetime.combine(day, hour[0], SHANGHAI)
        part_of_day = self._words.times["day_part"].search(hour[1]) is not None
        if by < self._now and day == self._now.date() and by.hour < NOON and not part_of_day:
            return by + timedelta(hours=NOON)
        return by

    def is_later(self, deadline: Deadline) -> bool:
        """Whether it lies on another day than now."""
        return deadline.by.astimezone(SHANGHAI).date() > self._now.date()

    def _span(self, clause: str) -> tuple[datetime, str, Decimal, Unit] | None:
        found = [each for each in self._words.times["span"].finditer(clause) if self._length(each) is not None]
        if not found:
            return None
        last = found[-1]
        count, unit = cast("tuple[Decimal, Unit]", self._length(last))
        return self.after(count, unit), last[0], count, unit

    def after(self, count: Decimal, unit: Unit) -> datetime:
        """The instant so much after now; days end with the day, hours to the second."""
        today = self._now.date()
        if unit == "workday":
            return after_workdays(self._now, int(count))
        if unit == "minute":
            return self._now + timedelta(minutes=float(count))
        if unit == "hour" or (count < 1 and unit == "day"):
            hours = count if unit == "hour" else count * 24
            return self._now + timedelta(hours=float(hours))
        if unit == "month":
            whole = int(count)
            return end_of(_months_after(today, whole) + timedelta(days=round(30 * float(count - whole))))
        return end_of(today + timedelta(days=round(float(count) * (7 if unit == "week" else 1))))

    def _length(self, found: re.Match[str]) -> tuple[Decimal, Unit] | None:
        count = self._words.number(found["count"])
        unit = cast(Unit, self._words.units[found["unit"]])
        if count is None or not 0 < count <= LONGEST:
            return None
        return (count + HALF if found["and_half"] else count), unit

    def _dated(self, clause: str) -> tuple[date, str] | None:
        """The latest day, and how it is called."""
        days: list[tuple[date, str]] = []
        for name, reader in self._day_readers.items():
            for found in self._words.times[name].finditer(clause):
                day = reader(found.groupdict())
                if day is not None:
                    days.append((day, found[0]))
        for found in DATED.finditer(clause):
            month, of_month = (str(int(number)) for number in found.groups() if number)
            day = self._date({"month": month, "of_month": of_month})
            if day is not None:
                days.append((day, found[0]))
        return max(days, default=None)

    def _day(self, groups: Groups) -> date | None:
        return self._now.date() + timedelta(days=self._words.days[str(groups["day"])])

    def _weekday(self, groups: Groups) -> date | None:
        """That day of this week, of the next where this one's is over; of the week that is named."""
        today, wanted = self._now.date(), self._words.weekdays[str(groups["weekday"])]
        day = today + timedelta(days=wanted - today.weekday())
        week = groups["which_week"]
        if week:
            return day + timedelta(weeks=self._words.weeks[week])
        return day if day >= today else day + timedelta(weeks=1)

    def _week(self, groups: Groups) -> date | None:
        today, weeks = self._now.date(), self._words.weeks[str(groups["whole_week"])]
        return today + timedelta(days=6 - today.weekday(), weeks=weeks)

    def _date(self, groups: Groups) -> date | None:
        """That day of this month, of the next where this one's is over; of this year or the next."""
        day = self._words.number(str(groups["of_month"]))
        month = self._words.number(groups["month"]) if groups["month"] else None
        if day is None:
            return None
        today = self._now.date()
        if month is None:
            this = _a_date(today.year, today.month, int(day))
            later = _months_after(today.replace(day=1), 1)
            return this if this and this >= today else _a_date(later.year, later.month, int(day))
        this = _a_date(today.year, int(month), int(day))
        return this if this is None or this >= today else _a_date(today.year + 1, int(month), int(day))

    def _festival(self, groups: Groups) -> date | None:
        return next_festival(self._words.festivals[str(groups["festival"])], self._now.date())

    def _month_part(self, groups: Groups) -> date | None:
        today = self._now.date()
        named = self._words.number(groups["part_month"]) if groups["part_month"] else None
        if named is not None and not 1 <= named <= 12:
            return None
        month = today.month if named is None else int(named)
        first = date(today.year + (month < today.month), month, 1)
        if groups["next_month"]:
            first = _months_after(today.replace(day=1), 1)
        last = calendar.monthrange(first.year, first.month)[1]
        return first.replace(day=min(last, self._words.month_parts[groups["part"] or ""]))

    def _hour(self, clause: str, day: date) -> tuple[time, str] | None:
        """The latest hour: of the clock, else the end of a part of the day, or when people come and go on it."""
        clocks = [hour for found in self._words.times["clock"].finditer(clause) if (hour := self._clock(found))]
        if clocks:
            return max(clocks)
        part = self._words.times["day_part"].search(clause)
        if part is None:
            return None
        if part["opening"] or part["closing"]:
            hours = self._hours(day) if self._hours else None
            return (hours[0] if part["opening"] else hours[1], part[0]) if hours else None
        return self._words.day_parts[part[0]], part[0]

    def _clock(self, found: re.Match[str]) -> tuple[time, str] | None:
        hour, minute = self._words.number(found["hour"]), self._words.number(found["minute"] or "")
        if hour is None or hour > 24 or (minute or 0) > 59:
            return None
        minutes = 30 if found["half_past"] else int(minute or 0)
        if found["part_of_day"] in self._words.afternoon and hour < NOON:
            hour += NOON
        return (time(23, 59, 59) if hour == 24 else time(int(hour), minutes)), found[0]


def _months_after(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _a_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
