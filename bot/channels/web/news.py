"""What happened in the house, told to the widgets that it concerns, in the order in which it happened."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from bot.channels.web.events import CHANNEL, as_event
from bot.channels.web.rooms import Rooms
from bot.desk import handoffs, states, surveys
from bot.http.context import House
from bot.store.models import Conversation

log = structlog.get_logger(__name__)

BOT, STAFF = "bot", "staff"


class News:
    """Listens to the hub."""

    def __init__(self, house: House, rooms: Rooms) -> None:
        self._house = house
        self._rooms = rooms
        self._places: dict[str, int] = {}  # in the queue, as last told, by conversation
        self._in_order = asyncio.Lock()
        self._tellers = {
            "message": self._message,
            "typing": self._typing,
            "seen": self._seen,
            "moved": self._moved,
            "state": self._state,
            "ticket": self._state,  # what the shop owes is part of it
            "queue": self._queue,
            "survey": self._survey,
        }
        house.hub.listen(self.heard)

    async def heard(self, kind: str, conversation_id: str, data: dict[str, Any]) -> None:
        """Tell the widgets; what only the desk is to know stays in the house."""
        teller = self._tellers.get(kind)
        if teller is None:
            return
        async with self._in_order:
            try:
                await teller(conversation_id, data)
            except Exception:  # the widget catches up by number when it connects again
                log.exception("not told", kind=kind, conversation=conversation_id)

    def placed(self, conversation_id: str, state: dict[str, Any]) -> dict[str, Any]:
        """The state with whether others were let pass since the place was last told, which is now."""
        place, before = state["position"], self._places.get(conversation_id)
        if place is None:
            self._places.pop(conversation_id, None)
            return state
        self._places[conversation_id] = place
        return {**state, "overtaken": before is not None and place > before}

    async def gather(self, sender: str, conversation_id: str) -> None:
        """All devices of the sender into a conversation; where it is new to them they also need its state."""
        async with self._in_order:
            await self._gather(sender, conversation_id)

    async def _gather(self, sender: str, conversation_id: str) -> None:
        if await self._rooms.gather(sender, conversation_id):
            await self._state(conversation_id, {})

    async def _message(self, conversation_id: str, data: dict[str, Any]) -> None:
        if data.get("channel") == CHANNEL:
            await self._gather(data["sender"], conversation_id)
        await self._rooms.tell("message", as_event(data["message"]), conversation_id)

    async def _typing(self, conversation_id: str, data: dict[str, Any]) -> None:
        by = data.get("by", BOT)
        if data["on"] and by == BOT and not await self._is_with_bot(conversation_id):
            return
        await self._rooms.tell("typing", {"on": data["on"], "by": by}, conversation_id)

    async def _seen(self, conversation_id: str, data: dict[str, Any]) -> None:
        if data["by"] == STAFF:
            await self._rooms.tell("seen", {"by": STAFF, "seq": data["seq"]}, conversation_id)

    async def _moved(self, conversation_id: str, data: dict[str, Any]) -> None:
        await self._rooms.follow(data["from"], conversation_id)
        await self._state(conversation_id, {})

    async def _state(self, conversation_id: str, _data: dict[str, Any]) -> None:
        if self._rooms.is_heard(conversation_id):
            state = await self._house.desk.state(conversation_id)
            await self._rooms.tell("state", self.placed(conversation_id, state), conversation_id)

    async def _survey(self, conversation_id: str, _data: dict[str, Any]) -> None:
        if not self._rooms.is_heard(conversation_id):
            return  # it is asked at the next visit
        services = self._house.services
        async with services.database.session() as session:
            survey = await surveys.show(session, services, conversation_id)
        await self._rooms.tell("survey", survey, conversation_id)

    async def _is_with_bot(self, conversation_id: str) -> bool:
        """Whether the bot will answer: its typing is not shown beside a person's."""
        async with self._house.services.database.session() as session:
            conversation = await session.get(Conversation, conversation_id)
        return conversation is not None and conversation.owner == states.BOT

    async def _queue(self, _conversation_id: str, _data: dict[str, Any]) -> None:
        """When the queue moves, tell those whose place changed."""
        async with self._house.services.database.session() as session:
            waiting = await handoffs.line(session)
        places = {conversation_id: place for place, conversation_id in enumerate(waiting, start=1)}
        moved = [name for name, place in places.items() if self._places.get(name) != place]
        self._places = {name: place for name, place in self._places.items() if name in places}
        for conversation_id in moved:
            await self._state(conversation_id, {})
