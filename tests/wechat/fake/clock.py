"""What time it is at WeChat's: the true time, moved on by whoever wants to see what 48 hours do."""

from __future__ import annotations

import time

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0


class Clock:
    """Seconds since 1970. `start` sets it to another time; one that does not run moves only by jumps.

    Quotas, tokens, media and creation times go by this clock. Signatures go by the true one (`signing_time`), as the
    receiver checks them against its own.
    """

    def __init__(self, start: float | None = None, *, runs: bool = True) -> None:
        self._runs = runs
        self._origin = 0.0 if runs else time.time()
        self._ahead = 0.0 if start is None else start - self._base()

    def now(self) -> float:
        """The time."""
        return self._base() + self._ahead

    def jump(self, seconds: float) -> None:
        """Move on, at once."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self._ahead += seconds

    @staticmethod
    def signing_time() -> float:
        """The true time, whatever has been jumped."""
        return time.time()

    def _base(self) -> float:
        return time.time() if self._runs else self._origin
