"""Tells the web's loop of turns that ended, messages to show, owners that changed. Losing it loses nothing stored."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

Listener = Callable[[str, str, dict[str, Any]], Awaitable[None]]


class Hub:
    """Thread-safe news from any loop to the web's loop."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: defaultdict[int, list[asyncio.Future[None]]] = defaultdict(list)
        self._listeners: list[Listener] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Name the loop on which waiters and listeners live."""
        self._loop = loop

    def listen(self, listener: Listener) -> None:
        """Call `listener(kind, conversation_id, data)` for each piece of news.

        `kind`: message {message, and where it begins outside a turn channel and sender}, state, queue, moved {from},
        typing {on, by}, seen {by, seq}, survey; for the desk customer_typing {on}, note, ticket, approval, clock,
        promise, offered, gone, logged_out, delivery {seq, status}; work: the scheduler has something new.
        """
        self._listeners.append(listener)

    def tell(self, kind: str, conversation_id: str, data: dict[str, Any] | None = None) -> None:
        """Pass news on; from any thread."""
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._spread, kind, conversation_id, data or {})

    def turn_ended(self, entry_ids: list[int]) -> None:
        """Wake whoever waits for one of these inbox entries; from any thread."""
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, entry_ids)

    def expect(self, entry_id: int) -> asyncio.Future[None]:
        """A future that is done when the turn of this entry has ended. Ask before the worker is woken."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[entry_id].append(future)
        future.add_done_callback(lambda _: self._forget(entry_id, future))
        return future

    def _forget(self, entry_id: int, future: asyncio.Future[None]) -> None:
        waiting = self._waiting.get(entry_id, [])
        if future in waiting:
            waiting.remove(future)
        if not waiting:
            self._waiting.pop(entry_id, None)

    def _wake(self, entry_ids: list[int]) -> None:
        for entry_id in entry_ids:
            for future in list(self._waiting.get(entry_id, ())):
                if not future.done():
                    future.set_result(None)

    def _spread(self, kind: str, conversation_id: str, data: dict[str, Any]) -> None:
        for listener in self._listeners:
            task = asyncio.ensure_future(listener(kind, conversation_id, data))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
