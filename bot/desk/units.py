"""What people do with a conversation, as transactions: which one it is, and what it may change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.hub import Hub
from bot.desk.work import Work, transact
from bot.errors import NotFound
from bot.services import Services
from bot.store.models import Conversation

T = TypeVar("T")
Which = Callable[[AsyncSession], Awaitable[Any]]


class Units:
    """Runs transactions and says the house's lines in conversations."""

    def __init__(self, services: Services, hub: Hub) -> None:
        self.services = services
        self.hub = hub

    def now(self) -> datetime:
        """Business time."""
        return self.services.clock.now()

    async def run(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Run as one transaction; see `transact`."""
        return await transact(self.services, self.hub, lambda unit: work(unit.session))

    async def on(self, which: Which, work: Callable[[AsyncSession, Any], Awaitable[T]]) -> T:
        """Run on a conversation whose owner or place may change by it."""

        async def whole(session: AsyncSession) -> T:
            conversation = await which(session)
            result = await work(session, conversation)
            await session.flush()
            Work(self.services, session).moved(conversation.id)
            return result

        return await self.run(whole)

    async def say(
        self, session: AsyncSession, conversation: Any, key: str, fields: Mapping[str, Any], role: str = "system"
    ) -> None:
        """A line of the house in the conversation, worded by the shop."""
        await Work(self.services, session).say(conversation, key, fields, role)

    def deliver(self, session: AsyncSession, conversation: Any, message: Any) -> None:
        """Put a stored message on its way to the customer."""
        Work(self.services, session).wrote(conversation, message)


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
