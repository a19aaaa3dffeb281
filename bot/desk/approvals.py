"""Approvals: what a person is asked to decide over money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk import news
from bot.store.models import Approval


def settle(session: AsyncSession, approval: Any, status: str, actor: str, reason: str, now: datetime) -> None:
    """Write down how an approval was decided."""
    approval.status, approval.decided_by, approval.decided_at, approval.reason = status, actor, now, reason[:200]
    changed(session, approval)


def changed(session: AsyncSession, approval: Any) -> None:
    """Let the desk hear of it once it is stored."""
    news.later(
        session, "approval", approval.conversation_id, lambda: {"approval": as_json(approval)}, once=str(id(approval))
    )


async def waiting(session: AsyncSession) -> list[Any]:
    """What waits for a decision, oldest first."""
    query = select(Approval).where(Approval.status == "pending").order_by(Approval.created_at)
    return list((await session.execute(query)).scalars().all())


async def of_conversations(session: AsyncSession, conversation_ids: Sequence[str]) -> list[Any]:
    """All that was asked in these conversations, oldest first."""
    query = select(Approval).where(Approval.conversation_id.in_(conversation_ids)).order_by(Approval.created_at)
    return list((await session.execute(query)).scalars().all())


def as_json(row: Any) -> dict[str, Any]:
    """An approval as the HTTP interface shows it."""
    return {
        "id": row.id,
        "kind": row.kind,
        "status": row.status,
        "ticket_id": row.ticket_id,
        "conversation_id": row.conversation_id,
        "amount": None if row.amount is None else f"{row.amount:.2f}",
        "request": row.request,
        "subject": row.subject,
        "created_at": row.created_at.isoformat(),
        "due_at": row.due_at and row.due_at.isoformat(),
    }
