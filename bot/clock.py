"""Business time. Signatures, tokens and locks use the true clock instead (`time.time`)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """Tells the business time; with `start` given, time begins there and runs on (FAKE_NOW)."""

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = start - datetime.now(timezone.utc) if start else timedelta()

    def now(self) -> datetime:
        """The present instant, aware, in Asia/Shanghai."""
        return (datetime.now(timezone.utc) + self._offset).astimezone(SHANGHAI)
