"""The lock store that Rasa asks for. The worker already runs one turn at a time per conversation; this never polls."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockStore


class AsyncioLockStore(LockStore):
    """One asyncio lock per conversation, forgotten when nobody holds it. For a single event loop."""

    def __init__(self, endpoint_config: Any = None) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._holders: Counter[str] = Counter()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 60, wait_time_in_seconds: float = 1
    ) -> AsyncIterator[TicketLock]:
        """Hold the conversation's lock."""
        self._holders[conversation_id] += 1
        try:
            async with self._locks.setdefault(conversation_id, asyncio.Lock()):
                yield TicketLock(conversation_id)
        finally:
            self._holders[conversation_id] -= 1
            if not self._holders[conversation_id]:
                del self._holders[conversation_id]
                self._locks.pop(conversation_id, None)
