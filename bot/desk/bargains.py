"""Approvals of bargains: a price below what the bot may give is asked of a person, who has until a named time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import ledger
from bot.desk import approvals
from bot.errors import BadInput, WrongState
from bot.services import Services
from bot.shop import Shop
from bot.store.models import Approval

KIND = "bargain"
PENDING, APPROVED, REJECTED, EXPIRED = "pending", "approved", "rejected", "expired"


def while_open(shop: Shop, now: datetime, minutes: int) -> datetime:
    """The instant by which people, while they are there, have had these minutes."""
    rest, at = timedelta(minutes=minutes), shop.opens_at(now)
    while not shop.is_open(at + rest):
        closes = shop.closes_at(at)
        rest -= closes - at
        at = shop.opens_at(closes)
    return at + rest


async def ask(
    session: AsyncSession,
    services: Services,
    conversation: Any,
    *,
    subject: Mapping[str, Any],
    amount: Decimal,
    request: str,
    now: datetime,
) -> Any:
    """Ask a person for a total; an open question is found again. `subject`: sku, quantity, product, offered."""
    rows = await about(session, conversation.id, subject["sku"])
    current = next((row for row in rows if row.status == PENDING), None)
    if current is not None:
        return current
    minutes = services.packs.for_payment(None).bargain.approval_minutes
    approval = Approval(
        kind=KIND,
        status=PENDING,
        conversation_id=conversation.id,
        amount=amount,
        request=request,
        subject=dict(subject),
        created_at=now,
        due_at=while_open(services.shop, now, minutes),
    )
    session.add(approval)
    await session.flush()
    approvals.changed(session, approval)
    await ledger.signal(
        session,
        services,
        "approval_asked",
        conversation=conversation,
        subject=subject_of(approval),
        now=now,
        actor="bot",
    )
    return approval


def subject_of(approval: Any) -> str:
    """What its clock is about: there may be several approvals in a talk."""
    return f"approval:{approval.id}"


async def about(session: AsyncSession, conversation_id: str, sku: str) -> list[Any]:
    """All approvals asked for a product in a conversation, oldest first."""
    query = select(Approval).where(Approval.conversation_id == conversation_id, Approval.kind == KIND)
    rows = (await session.execute(query.order_by(Approval.created_at, Approval.id))).scalars().all()
    return [row for row in rows if row.subject["sku"] == sku]


def decide(approval: Any, approved: bool, amount: str | None, actor: str, reason: str, now: datetime) -> None:
    """Take a person's decision. Raises WrongState when its time is over, BadInput for an impossible amount.

    The amount may lie anywhere between what was asked for and what the bot offers without asking.
    """
    if approval.due_at <= now:
        raise WrongState("the approval is expired", "expired")
    if approved and amount is not None:
        approval.amount = _granted(amount, approval.amount, Decimal(approval.subject["offered"]))
    approval.status = APPROVED if approved else REJECTED
    approval.decided_by, approval.decided_at, approval.reason = actor, now, reason[:200]


async def expire(session: AsyncSession, approval: Any, now: datetime) -> bool:
    """End an approval that nobody decided in time; False when somebody else has just ended it."""
    waiting = update(Approval).where(Approval.id == approval.id, Approval.status == PENDING)
    ended = await session.execute(
        waiting.values(status=EXPIRED, decided_at=now).execution_options(synchronize_session="fetch")
    )
    return bool(ended.rowcount)


async def drop(session: AsyncSession, services: Services, approval: Any, now: datetime) -> None:
    """End an approval that the customer needs no more, and its clock with it."""
    await expire(session, approval, now)
    await ledger.cancel_of(session, services, subject_of(approval), "not needed", now=now, actor="customer")


async def overdue(session: AsyncSession, now: datetime) -> list[Any]:
    """Approvals whose time is over and that nobody decided."""
    query = select(Approval).where(Approval.kind == KIND, Approval.status == PENDING, Approval.due_at <= now)
    return list((await session.execute(query.order_by(Approval.created_at))).scalars().all())


def _granted(amount: str, asked: Decimal, offered: Decimal) -> Decimal:
    try:
        granted = Decimal(amount)
    except InvalidOperation as error:
        raise BadInput("amount: yuan such as 12.50") from error
    if not granted.is_finite() or not asked <= granted <= offered or granted != round(granted, 2):
        raise BadInput(f"amount: between {asked} and {offered} yuan")
    return granted
