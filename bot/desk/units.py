"""Units of work of people: one transaction each, done again when a turn of the bot wrote in between; then the news."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from bot.conversation import outbox, transcript
from bot.conversation.hub import Hub
from bot.desk import news
from bot.errors import NotFound
from bot.services import Services
from bot.store.models import Conversation

T = TypeVar("T")
Which = Callable[[AsyncSession], Awaitable[Any]]
CONFLICTS = 5


class Units:
    """Runs units of work and says the house's lines in conversations."""

    def __init__(self, services: Services, hub: Hub) -> None:
        self.services = services
        self.hub = hub

    def now(self) -> datetime:
        """Business time."""
        return self.services.clock.now()

    async def run(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Run and commit; again when somebody else wrote in between. News go out only after the commit."""
        for attempt in range(CONFLICTS):
            async with self.services.database.session() as session:
                try:
                    result = await work(session)
                    await session.commit()
                except (DBAPIError, StaleDataError):
                    if attempt == CONFLICTS - 1:
                        raise
                    continue
                news.tell(self.hub, session)
                return result
        raise AssertionError("unreachable")

    async def on(self, which: Which, work: Callable[[AsyncSession, Any], Awaitable[T]]) -> T:
        """Run on a conversation whose owner or place may change by it."""

        async def whole(session: AsyncSession) -> T:
            conversation = await which(session)
            result = await work(session, conversation)
            await session.flush()
            for kind in ("state", "queue"):
                news.later(session, kind, conversation.id, dict, once=conversation.id)
            return result

        return await self.run(whole)

    async def say(
        self, session: AsyncSession, conversation: Any, key: str, fields: Mapping[str, Any], role: str = "system"
    ) -> None:
        """A line of the house in the conversation, worded by the shop."""
        wording = self.services.texts.say(key, fields, {"channel": conversation.channel}, {}, conversation.id)
        if wording is None:
            return
        message = await transcript.append(session, conversation.id, role, wording.text, self.now(), keys=[key])
        self.deliver(session, conversation, message)

    def deliver(self, session: AsyncSession, conversation: Any, message: Any) -> None:
        """Put a stored message on its way to the customer."""
        outbox.enqueue(session, self.services, conversation, message)
        channel, sender = conversation.channel, conversation.sender
        news.later(
            session,
            "message",
            conversation.id,
            lambda: {"message": transcript.as_transcript(message), "channel": channel, "sender": sender},
        )


def latest_of(sender: str) -> Which:
    """The sender's open conversation, else the last one. Raises NotFound."""

    async def found(session: AsyncSession) -> Any:
        query = (
            select(Conversation)
            .where(Conversation.sender == sender)
            .order_by(Conversation.closed_at.isnot(None), Conversation.created_at.desc())
        )
        return _there((await session.execute(query.limit(1))).scalars().first())

    return found


def named(conversation_id: str) -> Which:
    """One conversation. Raises NotFound."""

    async def found(session: AsyncSession) -> Any:
        return _there(await session.get(Conversation, conversation_id))

    return found


def _there(conversation: Any) -> Any:
    if conversation is None:
        raise NotFound("no such conversation")
    return conversation
