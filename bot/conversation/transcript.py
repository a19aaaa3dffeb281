"""The transcript: append a message with the next number, read a page of it."""
from __future__ import annotations

from datetime import datetime
from typing import Any, Optional, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.model import Transcript
from bot.store.models import Message

PAGE = 30


async def append(
    session: AsyncSession,
    conversation_id: str,
    role: str,
    text: str,
    at: datetime,
    *,
    author: Optional[str] = None,
    content: Optional[dict[str, Any]] = None,
    keys: Sequence[str] = (),
    client_id: Optional[str] = None,
    turn_id: Optional[int] = None,
) -> Any:
    """Write a message; its number is taken inside the same statement. Flushes."""
    latest = select(func.coalesce(func.max(Message.seq), 0) + 1).where(Message.conversation_id == conversation_id)
    message = Message(
        conversation_id=conversation_id,
        seq=latest.scalar_subquery(),
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
    await session.refresh(message, ["seq"])
    return message


async def page(
    session: AsyncSession, conversation_id: str, *, before: Optional[int] = None, after: Optional[int] = None, limit: int = PAGE
) -> tuple[list[Transcript], bool]:
    """Up to `limit` messages, oldest first (the latest ones, or those around a number), and whether there are more."""
    query = select(Message).where(Message.conversation_id == conversation_id)
    if after is not None:
        query = query.where(Message.seq > after).order_by(Message.seq)
    else:
        query = query.order_by(Message.seq.desc())
    if before is not None:
        query = query.where(Message.seq < before)
    rows = list((await session.execute(query.limit(limit + 1))).scalars().all())
    more, rows = len(rows) > limit, rows[:limit]
    if after is None:
        rows.reverse()
    return [as_transcript(row) for row in rows], more


async def of_turn(session: AsyncSession, turn_id: int) -> list[Transcript]:
    """The bot's replies of one turn."""
    query = select(Message).where(Message.turn_id == turn_id, Message.role == "bot").order_by(Message.seq)
    return [as_transcript(row) for row in (await session.execute(query)).scalars().all()]


def as_transcript(row: Any) -> Transcript:
    """A stored row as the value that channels get."""
    return Transcript(
        seq=row.seq,
        role=row.role,
        text=row.text,
        at=row.at,
        author=row.author,
        client_id=row.client_id,
        turn_id=row.turn_id,
        keys=tuple(row.keys),
        content=row.content,
    )
