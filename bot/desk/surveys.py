"""Asking the customer how the service was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.models import Survey


async def ask(session: AsyncSession, conversation: Any, now: datetime) -> bool:
    """Note down that the customer is to be asked, once in a conversation; whether there is something to ask now."""
    known = select(Survey.id).where(Survey.conversation_id == conversation.id)
    if (await session.execute(known)).first():
        return False
    session.add(Survey(conversation_id=conversation.id, agent_id=conversation.agent_id, shown=0, asked_at=now))
    await session.flush()
    return True
