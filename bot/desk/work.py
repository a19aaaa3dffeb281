"""One transaction of the house's side: what it says and tells goes out after the commit, and only then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from bot.conversation import outbox, transcript
from bot.conversation.hub import Hub
from bot.desk import news
from bot.model import Button, Card, Reply
from bot.promises import gate, ledger
from bot.services import Services
from bot.store.database import uninterrupted

T = TypeVar("T")
CONFLICTS = 5


@dataclass(frozen=True)
class Work:
    """A transaction, and what is said and told with it."""

    services: Services
    session: AsyncSession

    @property
    def now(self) -> datetime:
        """The business time."""
        return self.services.clock.now()

    async def say(
        self,
        conversation: Any,
        key: str,
        fields: Mapping[str, Any],
        role: str = "system",
        *,
        mood: str = "calm",
        buttons: tuple[Button, ...] = (),
        cards: tuple[Card, ...] = (),
    ) -> Any:
        """A line of the house, worded by the shop, None where it has no words for it; in the bot's name only what holds
        is promised.
        """
        situation = {"channel": conversation.channel, "mood": mood}
        wording = self.services.texts.say(key, fields, situation, {}, conversation.id)
        if wording is None:
            return None
        reply, judgement = Reply(wording.text, key, wording.buttons + buttons, cards), gate.NOTHING
        if role == "bot":
            judgement = await gate.judge(self.session, self.services, conversation, "bot", reply.text)
            instead = gate.said_instead(self.services, judgement, key, conversation.id)
            if instead is not None:
                reply, judgement = Reply(*instead), gate.NOTHING

        def issued(title: str, payload: str) -> str:
            return str(outbox.issue(self.session, conversation.id, title, payload, self.now).id)

        message = await transcript.append(
            self.session,
            conversation.id,
            role,
            reply.text,
            self.now,
            content=outbox.content_of(reply, issued),
            keys=[reply.key],
        )
        await judgement.record(self.session, self.services, message, ledger.BOT)
        self.wrote(conversation, message)
        return message

    def wrote(self, conversation: Any, message: Any) -> None:
        """Send a message of the house on its way."""
        outbox.enqueue(self.session, self.services, conversation, message)
        self.show(conversation, message)

    def show(self, conversation: Any, message: Any) -> None:
        """Show a message to whoever looks at the conversation."""
        channel, sender = conversation.channel, conversation.sender
        shown = transcript.as_transcript(message)
        self.tell("message", conversation.id, {"message": shown, "channel": channel, "sender": sender})

    def moved(self, conversation_id: str) -> None:
        """The conversation is with somebody else now, or at another place in the queue."""
        for kind in ("state", "queue"):
            news.later(self.session, kind, conversation_id, dict, once=conversation_id)

    def tell(self, kind: str, conversation_id: str, data: Mapping[str, Any] | None = None) -> None:
        """Tell the hub when all is stored."""
        told = dict(data or {})
        news.later(self.session, kind, conversation_id, lambda: told)


async def transact(services: Services, hub: Hub, do: Callable[[Work], Awaitable[T]]) -> T:
    """Do it and commit; again when a turn of the bot wrote in between. News go out only after the commit."""
    return await uninterrupted(_transact(services, hub, do))


async def _transact(services: Services, hub: Hub, do: Callable[[Work], Awaitable[T]]) -> T:
    for attempt in range(CONFLICTS):
        async with services.database.session() as session:
            try:
                result = await do(Work(services, session))
                await session.commit()
            except (DBAPIError, StaleDataError):
                if attempt == CONFLICTS - 1:
                    raise
                continue
            news.tell(hub, session)
            return result
    raise AssertionError("unreachable")
