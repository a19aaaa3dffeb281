"""Waking whoever waits for something to happen."""

from __future__ import annotations

import asyncio


class Bell:
    """Rung at every change."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Something has changed."""
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    async def wait(self, timeout: float) -> bool:
        """Wait for the next ring, at most so many seconds; whether it came."""
        try:
            await asyncio.wait_for(self._next.wait(), timeout)
        except asyncio.TimeoutError:
            return False
        return True
