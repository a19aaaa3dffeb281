"""One transaction of the house's side: what it says and tells goes out after the commit, and only then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from bot.conversation import outbox, transcript
from bot.conversation.hub import Hub
from bot.services import Services
from bot.store.database import uninterrupted

T = TypeVar("T")
CONFLICTS = 5
News = tuple[str, str, Mapping[str, Any]]


@dataclass
class Work:
    """A transaction, and the news of it."""

    services: Services
    session: AsyncSession
    news: list[News] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """The business time."""
        return self.services.clock.now()

    async def say(self, conversation: Any, key: str, fields: Mapping[str, Any], role: str = "system") -> None:
        """A line of the house in the conversation, worded by the shop."""
        wording = self.services.texts.say(key, fields, {"channel": conversation.channel}, {}, conversation.id)
        if wording is None:
            return
        message = await transcript.append(self.session, conversation.id, role, wording.text, self.now, keys=[key])
        self.wrote(conversation, message)

    def wrote(self, conversation: Any, message: Any) -> None:
        """Send a message of the house on its way."""
        outbox.enqueue(self.session, self.services, conversation, message)
        self.show(conversation, message)

    def show(self, conversation: Any, message: Any) -> None:
        """Show a message to whoever looks at the conversation."""
        shown = transcript.as_transcript(message)
        self.tell(
            "message",
            conversation.id,
            {"message": shown, "channel": conversation.channel, "sender": conversation.sender},
        )

    def moved(self, conversation_id: str) -> None:
        """The conversation is with somebody else now, or at another place in the queue."""
        for kind in ("state", "queue"):
            if (kind, conversation_id, {}) not in self.news:
                self.tell(kind, conversation_id)

    def tell(self, kind: str, conversation_id: str, data: Mapping[str, Any] | None = None) -> None:
        """Tell the hub when all is stored."""
        self.news.append((kind, conversation_id, data or {}))


async def transact(services: Services, hub: Hub, do: Callable[[Work], Awaitable[T]]) -> T:
    """Do it and commit; again when a turn of the bot wrote in between. News go out only after the commit."""
    return await uninterrupted(_transact(services, hub, do))


async def _transact(services: Services, hub: Hub, do: Callable[[Work], Awaitable[T]]) -> T:
    for attempt in range(CONFLICTS):
        async with services.database.session() as session:
            work = Work(services, session)
            try:
                result = await do(work)
                await session.commit()
            except (DBAPIError, StaleDataError):
                if attempt == CONFLICTS - 1:
                    raise
                continue
            for kind, conversation_id, data in work.news:
                hub.tell(kind, conversation_id, dict(data))
            return result
    raise AssertionError("unreachable")
