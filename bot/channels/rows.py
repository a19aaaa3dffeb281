"""Keeps the console's list fresh: rows that changed are told together, a few times a second at most."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.desk import states
from bot.http.context import House

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 0.2

Emit = Callable[[str, Any, list[str]], Awaitable[None]]


class RowTeller:
    """Collects what changed. Rows are the same for everybody and built once; counts are each account's own."""

    def __init__(self, house: House, emit: Emit) -> None:
        self._house = house
        self._emit = emit
        self._dirty: set[str] = set()
        self._line_moved = False
        self._counted: dict[int, dict[str, int]] = {}
        self._places: dict[str, int | None] = {}  # in the queue, as last told
        self._news = asyncio.Event()

    def changed(self, conversation_id: str) -> None:
        """A conversation's row is to be told."""
        self._dirty.add(conversation_id)
        self._news.set()

    def line_moved(self) -> None:
        """Somebody entered or left the queue: places behind have changed."""
        self._line_moved = True
        self._news.set()

    def count_anew(self) -> None:
        """Somebody came: counts may be told."""
        self._news.set()

    async def run(self) -> None:
        """Tell for ever."""
        while True:
            await self._news.wait()
            self._news.clear()
            dirty, self._dirty, moved, self._line_moved = self._dirty, set(), self._line_moved, False
            try:
                await self._tell(dirty, moved)
            except Exception:  # the list must outlive a broken database connection
                log.exception("rows not told")
            await asyncio.sleep(PAUSE_SECONDS)

    async def _tell(self, dirty: set[str], moved: bool) -> None:
        if not self._house.presence.seats:
            return
        desk = self._house.desk
        waiting = {name: place for place, name in enumerate(await desk.line(), start=1)} if moved else {}
        dirty |= {name for name, place in waiting.items() if self._places.get(name) != place}
        rows = await desk.rows_of(sorted(dirty)) if dirty else {}
        for conversation_id in dirty:
            row = rows.get(conversation_id)
            if row is None:
                await self._emit("gone", {"id": conversation_id}, ["desk"])
            else:
                await self._emit("row", row, ["desk"])
            if row and row["owner"] == states.QUEUE:
                self._places[conversation_id] = row["position"]
            else:
                self._places.pop(conversation_id, None)
        counts = await desk.counts()
        online = self._house.presence.online()
        self._counted = {account: told for account, told in self._counted.items() if account in online}
        for account_id in online:
            mine = counts.of(account_id)
            if self._counted.get(account_id) != mine:
                self._counted[account_id] = mine
                await self._emit("counts", mine, [f"account {account_id}"])
