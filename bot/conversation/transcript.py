"""The transcript: append a message with the next number, read a page of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Transcript
from bot.store.models import Conversation, Message

PAGE = 30


async def append(
    session: AsyncSession,
    conversation_id: str,
    role: str,
    text: str,
    at: datetime,
    *,
    author: str | None = None,
    content: dict[str, Any] | None = None,
    keys: Sequence[str] = (),
    client_id: str | None = None,
    turn_id: int | None = None,
) -> Any:
    """Write a message and give it its number. Flushes."""
    message = Message(
        conversation_id=conversation_id,
        role=role,
        author=author,
        text=text,
        content=content or {},
        keys=list(keys),
        client_id=client_id,
        turn_id=turn_id,
        at=at,
    )
    session.add(message)
    await session.flush()
    return message


async def page(
    session: AsyncSession, talk: Any, *, before: int | None = None, after: int | None = None, limit: int = PAGE
) -> tuple[list[Transcript], bool]:
    """Up to `limit` messages, oldest first (the latest ones, or those next to a number), and whether there are more.

    `talk` is a condition on conversations: one of them, or all of a sender.
    """
    query = select(Message).join(Conversation, Message.conversation_id == Conversation.id).where(talk)
    if after is not None:
        query = query.where(Message.id > after).order_by(Message.id)
    else:
        query = query.order_by(Message.id.desc())
    if before is not None:
        query = query.where(Message.id < before)
    rows = list((await session.execute(query.limit(limit + 1))).scalars().all())
    more, rows = len(rows) > limit, rows[:limit]
    if after is None:
        rows.reverse()
    return [as_transcript(row) for row in rows], more


async def last_of(session: AsyncSession, conversation_id: str, written: Sequence[str]) -> int:
    """The number of the last of these messages of the customer (by the channel's ids)."""
    own = Message.conversation_id == conversation_id, Message.role == "customer", Message.client_id.in_(written)
    return int((await session.execute(select(func.max(Message.id)).where(*own))).scalar() or 0)


async def latest(session: AsyncSession, conversation_id: str, *, of_customer: bool) -> Transcript | None:
    """What was last said by the customer, or to the customer; None where nothing was."""
    side = Message.role == "customer" if of_customer else Message.role != "customer"
    query = select(Message).where(Message.conversation_id == conversation_id, side)
    row = (await session.execute(query.order_by(Message.id.desc()).limit(1))).scalars().first()
    return as_transcript(row) if row else None


async def of_turn(session: AsyncSession, turn_id: int) -> list[Transcript]:
    """The bot's replies of one turn."""
    query = select(Message).where(Message.turn_id == turn_id, Message.role == "bot").order_by(Message.id)
    return [as_transcript(row) for row in (await session.execute(query)).scalars().all()]


def open_conversation(channel: str, sender: str) -> Any:
    """The query for a sender's conversation that is not closed; there is at most one."""
    return select(Conversation).where(
        Conversation.channel == channel, Conversation.sender == sender, Conversation.owner != "closed"
    )


def as_transcript(row: Any) -> Transcript:
    """A stored row as the value that channels get."""
    return Transcript(
        seq=row.id,
        role=row.role,
        text=row.text,
        at=row.at,
        author=row.author,
        client_id=row.client_id,
        turn_id=row.turn_id,
        keys=tuple(row.keys),
        content=row.content,
    )
