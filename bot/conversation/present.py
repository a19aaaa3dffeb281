"""The conversation in which a sender speaks now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import ledger
from bot.conversation import transcript
from bot.desk import handoffs, states
from bot.services import Services
from bot.store.models import Conversation, Customer


async def open_or_new(
    session: AsyncSession, services: Services, channel: str, sender: str, customer_id: str | None, now: datetime
) -> Any:
    """The sender's open conversation; a new one after a close, or when somebody else speaks under this sender."""
    conversation = (await session.execute(transcript.open_conversation(channel, sender))).scalars().first()
    if customer_id and await session.get(Customer, customer_id) is None:
        session.add(Customer(id=customer_id))
        await session.flush()
    if conversation and customer_id and conversation.customer_id not in (None, customer_id):
        await handoffs.close(session, conversation, now)
        await ledger.nobody_waits(session, services, conversation, states.CLOSED, now=now)
        conversation = None
        await session.flush()
    if conversation is None:
        conversation = Conversation(channel=channel, sender=sender, customer_id=customer_id, created_at=now)
        session.add(conversation)
        await session.flush()
    elif customer_id and conversation.customer_id is None:
        conversation.customer_id = customer_id
        await session.flush()
    return conversation


async def latest(session: AsyncSession, channel: str, sender: str) -> Any:
    """The sender's open conversation, else the one that was closed last; None where there never was one."""
    query = (
        select(Conversation)
        .where(Conversation.channel == channel, Conversation.sender == sender)
        .order_by(Conversation.closed_at.isnot(None), Conversation.created_at.desc())
    )
    return (await session.execute(query.limit(1))).scalars().first()
