"""What customers do without writing: they type, they read. Nothing of it is acknowledged or kept but what was seen."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import select, update

from bot.channels.web.events import CHANNEL, HIGHEST, talks_of
from bot.conversation import transcript
from bot.errors import BadInput
from bot.http.context import House
from bot.http.limits import Limiter
from bot.identity import Shopper
from bot.store.models import Conversation, Message

REST_SECONDS = 1.0


class Presence:
    """Passes on that somebody types, at most once a second, and what they have seen."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._resting: dict[str, bool | None] = {}  # told less than a second ago, by sender; what came since
        self._late: set[asyncio.Task[None]] = set()
        self._limit = Limiter(house.services.settings.messages_per_minute)

    async def typing(self, shopper: Shopper, data: Any) -> dict[str, Any]:
        """The customer began to type, or stopped."""
        is_on = data.get("on") if isinstance(data, dict) else None
        if not isinstance(is_on, bool):
            raise BadInput("typing: on is true or false")
        await self._tell(shopper.sender, is_on)
        return {"ok": True}

    async def _tell(self, sender: str, is_on: bool) -> None:
        if sender in self._resting:
            self._resting[sender] = is_on
            return
        self._resting[sender] = None
        asyncio.get_running_loop().call_later(REST_SECONDS, self._end_rest, sender)
        conversation_id = await self._conversation(sender)
        if conversation_id:
            self._house.hub.tell("customer_typing", conversation_id, {"on": is_on})

    def _end_rest(self, sender: str) -> None:
        latest = self._resting.pop(sender)
        if latest is not None:  # also what was told before: a line that came meanwhile has ended it at the desk
            task = asyncio.ensure_future(self._tell(sender, latest))
            self._late.add(task)
            task.add_done_callback(self._late.discard)

    async def _conversation(self, sender: str) -> str | None:
        query = transcript.open_conversation(CHANNEL, sender)
        async with self._house.services.database.session() as session:
            conversation = (await session.execute(query)).scalars().first()
        return str(conversation.id) if conversation else None

    async def seen(self, shopper: Shopper, data: Any) -> dict[str, Any]:
        """The customer has seen the messages up to a number. It only ever grows."""
        seq = data.get("seq") if isinstance(data, dict) else None
        if not isinstance(seq, int) or isinstance(seq, bool) or not 0 < seq <= HIGHEST:
            raise BadInput("seen: seq is a message's number")
        self._limit.take(shopper.sender)
        talk = Conversation.__table__
        async with self._house.services.database.session() as session:
            query = (
                select(Message.conversation_id, Message.id)
                .join(Conversation, Conversation.id == Message.conversation_id)
                .where(talks_of(shopper), Message.id <= seq)
                .order_by(Message.id.desc())
            )
            found = (await session.execute(query.limit(1))).first()
            if found is None:
                return {"ok": True}
            # Without a new version: a turn that runs meanwhile need not be done again.
            raised = await session.execute(
                update(talk)
                .where(talk.c.id == found[0], talk.c.customer_seen < found[1])
                .values(customer_seen=found[1])
            )
            await session.commit()
        if raised.rowcount:
            self._house.hub.tell("seen", found[0], {"by": "customer", "seq": found[1]})
        return {"ok": True}
