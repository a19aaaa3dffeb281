"""The way in: a message is stored, and its duplicate recognised, before the channel acknowledges it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from bot.conversation import outbox, present, transcript
from bot.errors import BadInput, TooLarge
from bot.metrics import MESSAGES
from bot.model import BUTTON_ID, Card, Inbound, Transcript
from bot.services import Services
from bot.store.models import Conversation, InboxEntry, IssuedButton, Message

MAX_TEXT = 20_000
MAX_ID = 128
MAX_SENDER = 255
ATTEMPTS = 5


@dataclass(frozen=True)
class Receipt:
    """What became of a message: its inbox entry, its place in the transcript, and whether it was here before.

    `message` is what was stored now; None for a duplicate.
    """

    entry_id: int
    conversation_id: str
    seq: int
    at: datetime
    duplicate: bool
    done: bool
    message: Transcript | None = None


class Inbox:
    """Stores messages from customers."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def receive(self, inbound: Inbound) -> Receipt:
        """Store one message. Raises BadInput on impossible ids, TooLarge on texts over 20,000 characters."""
        check_id("sender", inbound.sender, MAX_SENDER)
        check_id("message_id", inbound.message_id, MAX_ID)
        if len(inbound.text) > MAX_TEXT:
            raise TooLarge(f"a message may have {MAX_TEXT} characters")
        for attempt in range(ATTEMPTS):
            async with self._services.database.session() as session:
                known = await self._known(session, inbound.channel, inbound.sender, inbound.message_id)
                if known:
                    return known
                try:
                    return await self._store(session, inbound)
                except (DBAPIError, StaleDataError):
                    if attempt == ATTEMPTS - 1:
                        raise
        raise AssertionError("unreachable")

    async def known(self, channel: str, sender: str, message_id: str) -> Receipt | None:
        """The receipt of a message that is stored already."""
        async with self._services.database.session() as session:
            return await self._known(session, channel, sender, message_id)

    async def _known(self, session: AsyncSession, channel: str, sender: str, message_id: str) -> Receipt | None:
        query = select(InboxEntry).where(
            InboxEntry.channel == channel, InboxEntry.sender == sender, InboxEntry.message_id == message_id
        )
        entry = (await session.execute(query)).scalars().first()
        if entry is None:
            return None
        query = select(Message.id).where(
            Message.conversation_id == entry.conversation_id,
            Message.role == "customer",
            Message.client_id == message_id,
        )
        seq = (await session.execute(query)).scalar()
        return Receipt(
            entry.turn_id or entry.id,
            entry.conversation_id,
            seq or 0,
            entry.received_at,
            True,
            entry.status != "pending",
        )

    async def _store(self, session: AsyncSession, inbound: Inbound) -> Receipt:
        now = self._services.clock.now()
        conversation = await present.open_or_new(
            session, self._services, inbound.channel, inbound.sender, inbound.customer_id, now
        )
        button = await self._pressed(session, conversation.id, inbound, now)
        text = clean(inbound.text) if inbound.shows or not button else button.title
        attachments = [attachment.as_dict() for attachment in inbound.attachments]
        message = await transcript.append(
            session,
            conversation.id,
            "customer",
            text,
            now,
            content=_content(attachments, inbound.cards),
            client_id=inbound.message_id,
        )
        entry = InboxEntry(
            channel=inbound.channel,
            sender=inbound.sender,
            message_id=inbound.message_id,
            conversation_id=conversation.id,
            payload=button.id if button else None,
            text=text,
            attachments=attachments,
            received_at=now,
        )
        session.add(entry)
        if conversation.warned_at:
            await _end_silence(session, conversation.id)
        await session.commit()
        MESSAGES.labels(inbound.channel).inc()
        stored = transcript.as_transcript(message)
        return Receipt(entry.id, conversation.id, message.id, now, False, False, stored)

    async def _pressed(self, session: AsyncSession, conversation_id: str, inbound: Inbound, now: datetime) -> Any:
        """The button that this message presses, if we issued it in this conversation; else it is plain text.

        What the customer shows us is as good as a button: it is issued with the message that presses it.
        """
        if inbound.shows:
            shown = outbox.issue(session, conversation_id, clean(inbound.text), inbound.shows, now)
            await session.flush()
            return shown
        issued = inbound.payload or inbound.text.strip()
        button = await session.get(IssuedButton, issued) if BUTTON_ID.fullmatch(issued) else None
        return button if button and button.conversation_id == conversation_id else None


async def _end_silence(session: AsyncSession, conversation_id: str) -> None:
    """Who was asked whether they are still there is. A turn need not be done again for it: no new version."""
    table = Conversation.__table__
    await session.execute(update(table).where(table.c.id == conversation_id).values(warned_at=None))


def _content(attachments: list[dict[str, str]], cards: Sequence[Card]) -> dict[str, Any]:
    shown = [card.as_dict("") for card in cards]
    return ({"attachments": attachments} if attachments else {}) | ({"cards": shown} if shown else {})


async def move_on(session: AsyncSession, closed: Any, entries: Sequence[Any], now: datetime) -> Any:
    """Put unanswered messages of a closed conversation into the sender's open one, made if need be; which it is.

    None where somebody else speaks under this sender now: what the one wrote is not shown to the other.
    """
    query = transcript.open_conversation(closed.channel, closed.sender)
    present = (await session.execute(query)).scalars().first()
    if present is None:
        present = Conversation(
            channel=closed.channel, sender=closed.sender, customer_id=closed.customer_id, created_at=now
        )
        session.add(present)
        await session.flush()
    elif present.customer_id != closed.customer_id:
        return None
    written = [entry.message_id for entry in entries]
    own = Message.conversation_id == closed.id, Message.role == "customer", Message.client_id.in_(written)
    for message in (await session.execute(select(Message).where(*own))).scalars().all():
        message.conversation_id = present.id
    for entry in entries:
        entry.conversation_id, entry.payload = present.id, None
    return present


def check_id(name: str, value: str, longest: int) -> None:
    """Refuse what no database, header or log can hold as a name. Raises BadInput."""
    if not 0 < len(value) <= longest or not value.isprintable() or not value.strip():
        raise BadInput(f"{name}: 1 to {longest} printable characters")


def clean(text: str) -> str:
    """The text without what no keyboard types: control, direction and zero-width characters; line breaks stay."""
    kept = (c for c in text if c in "\n\t\u200d" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return "".join(kept).strip()
