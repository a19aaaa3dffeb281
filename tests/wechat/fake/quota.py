"""How often one may: customer-service messages per user, calls per API and day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from .clock import DAY, HOUR, MINUTE, Clock
from .refused import Refused

AFTER_A_MESSAGE = 5, 48 * HOUR
AFTER_AN_ACTION = 3, MINUTE
"""Menu click, follow, scan, click on an item of a menu message."""

DAILY: Mapping[str, int] = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/menu/create": 1_000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1_000,
    "/cgi-bin/qrcode/create": 100_000,
}
PER_MINUTE: Mapping[str, int] = {"/cgi-bin/stable_token": 10_000}
CLEARINGS_PER_MONTH = 10


@dataclass
class Grant:
    """So many messages until then."""

    left: int
    until: float


@dataclass
class Grants:
    """What the account may still send to one user.

    Grants do not add up: an action sets its own to the maximum again, a message sent is taken from each that is open.
    """

    message: Grant = field(default_factory=lambda: Grant(0, 0.0))
    action: Grant = field(default_factory=lambda: Grant(0, 0.0))

    def after_message(self, now: float) -> None:
        """The user has written."""
        count, seconds = AFTER_A_MESSAGE
        self.message = Grant(count, now + seconds)

    def after_action(self, now: float) -> None:
        """The user has clicked, scanned or followed."""
        count, seconds = AFTER_AN_ACTION
        self.action = Grant(count, now + seconds)

    def withdraw(self) -> None:
        """The user has left."""
        self.message, self.action = Grant(0, 0.0), Grant(0, 0.0)

    def left(self, now: float) -> int:
        """How many messages may still be sent."""
        return max((grant.left for grant in self._open(now)), default=0)

    def take(self, now: float) -> None:
        """Count one message. Raises `Refused`: 45015 when no time is open, 45047 when the count is used up."""
        grants = self._open(now)
        if not grants:
            raise Refused(45015)
        if self.left(now) == 0:
            raise Refused(45047)
        for grant in grants:
            grant.left = max(grant.left - 1, 0)

    def _open(self, now: float) -> list[Grant]:
        return [grant for grant in (self.message, self.action) if now < grant.until]


class CallLimits:
    """Calls by day and minute. `daily` may be set lower."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.daily = dict(DAILY)
        self.per_minute = dict(PER_MINUTE)
        self._by_day: Counter[tuple[str, int]] = Counter()
        self._by_minute: Counter[tuple[str, int]] = Counter()
        self._clearings: Counter[int] = Counter()

    def count(self, path: str) -> None:
        """Count a call. Raises `Refused` 45009 or 45011."""
        now = self._clock.now()
        day, minute = (path, int(now // DAY)), (path, int(now // MINUTE))
        if path in self.daily and self._by_day[day] >= self.daily[path]:
            raise Refused(45009)
        if path in self.per_minute and self._by_minute[minute] >= self.per_minute[path]:
            raise Refused(45011)
        self._by_day[day] += 1
        self._by_minute[minute] += 1

    def clear(self) -> None:
        """As `clear_quota` does, ten times a month (of 30 days here). Raises `Refused` 48006."""
        month = int(self._clock.now() // (30 * DAY))
        if self._clearings[month] >= CLEARINGS_PER_MONTH:
            raise Refused(48006)
        self._clearings[month] += 1
        self._by_day.clear()
