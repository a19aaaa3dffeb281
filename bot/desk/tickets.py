"""Tickets: what the shop owes until when. A log that only grows tells how each came to its state."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk import approvals, news
from bot.errors import NotFound, WrongState
from bot.policy.facts import SOLUTIONS
from bot.promises import ledger
from bot.services import Services
from bot.store.models import Approval, Ticket, TicketEvent

UNSETTLED = ("open", "approved", "waiting_customer")
REMEDIES = tuple(SOLUTIONS)
LACKING = ("missing", "gift_missing")
"""Causes of tickets that settle themselves when the goods turn up."""
COMPLAINT_LEVEL = "complaint_1"
DECISIONS: Mapping[str, tuple[str, ...]] = {
    "approved": ("open", "waiting_customer"),
    "rejected": ("open", "waiting_customer", "approved"),
    "done": ("open", "waiting_customer", "approved"),
}


async def open_ticket(
    session: AsyncSession,
    services: Services,
    conversation: Any,
    *,
    type: str,
    status: str,
    now: datetime,
    order_no: str | None = None,
    cause: str | None = None,
    items: Sequence[Mapping[str, Any]] = (),
    amount: Decimal | None = None,
    freight_payer: str = "none",
    reason: str = "",
    evidence: Sequence[Mapping[str, str]] = (),
    rule_ids: Sequence[str] = (),
    due_at: datetime | None = None,
    level: str = "normal",
) -> Any:
    """Open a ticket and ask for an approval where its status says that a person decides over money.

    `items`: {"sku", "quantity"}; `amount` in yuan; without `due_at` the pack's deadline for the type counts from now.
    """
    ticket = Ticket(
        id=f"T{now:%y%m%d}{secrets.randbelow(10**6):06d}",
        type=type,
        status=status,
        level=level,
        order_no=order_no,
        customer_id=conversation.customer_id,
        conversation_id=conversation.id,
        items=[dict(item) for item in items],
        amount=amount,
        freight_payer=freight_payer,
        cause=cause,
        reason=reason[:200],
        evidence=[dict(entry) for entry in evidence],
        rule_ids=list(rule_ids),
        created_at=now,
        due_at=due_at or now + deadline(services, type, now),
    )
    session.add(ticket)
    await session.flush()
    _log(session, ticket, "opened", "bot", {"status": status}, now)
    if status == "open" and amount is not None:
        approval = Approval(
            kind="refund",
            status="pending",
            ticket_id=ticket.id,
            conversation_id=conversation.id,
            amount=amount,
            request=reason[:200],
            created_at=now,
        )
        session.add(approval)
        approvals.changed(session, approval)
    return ticket


def deadline(services: Services, type: str, now: datetime) -> timedelta:
    """How long the shop has for a ticket of this type, by the rule pack of today."""
    hours = services.packs.for_payment(now).ticket_deadline_hours
    return timedelta(hours=hours[COMPLAINT_LEVEL if type == "complaint" else type])


async def add_evidence(
    session: AsyncSession, ticket: Any, evidence: Sequence[Mapping[str, str]], now: datetime
) -> None:
    """A picture that came after the ticket; one that waited for it goes on."""
    ticket.evidence = [*ticket.evidence, *(dict(entry) for entry in evidence)]
    if ticket.status == "waiting_customer" and ticket.type not in ("return_refund", "exchange"):
        ticket.status = "approved"
    _log(session, ticket, "evidence", "customer", {"count": len(evidence)}, now)


async def note(
    session: AsyncSession, ticket: Any, text: str, evidence: Sequence[Mapping[str, str]], now: datetime
) -> None:
    """The customer's further words and pictures about the same matter."""
    ticket.evidence = [*ticket.evidence, *(dict(entry) for entry in evidence)]
    _log(session, ticket, "note", "customer", {"text": text[:500]}, now)


async def decide(session: AsyncSession, ticket_id: str, status: str, actor: str, reason: str, now: datetime) -> Any:
    """Approve, reject or finish a ticket. Raises NotFound, WrongState."""
    ticket = await session.get(Ticket, ticket_id)
    if ticket is None:
        raise NotFound("no such ticket")
    if ticket.status not in DECISIONS[status]:
        raise WrongState(f"the ticket is {ticket.status}", "ticket_" + ticket.status)
    query = select(Approval).where(Approval.ticket_id == ticket_id, Approval.status == "pending")
    asked = (await session.execute(query)).scalars().all()
    if status == "done" and asked:
        raise WrongState("an approval is asked for: approve or reject first", "ticket_open")
    goods_expected = status == "approved" and ticket.type in ("return_refund", "exchange")
    ticket.status = "waiting_customer" if goods_expected and ticket.status == "open" else status
    _log(session, ticket, status, actor, {"reason": reason}, now)
    await session.flush()
    await ledger.ticket_moved(session, ticket, status, now)
    for approval in asked:
        approvals.settle(session, approval, "rejected" if status == "rejected" else "approved", actor, reason, now)
    return ticket


async def own_open(session: AsyncSession, conversation: Any) -> list[Any]:
    """The remedies not yet done that were agreed in this conversation or with this customer, newest first."""
    own = Ticket.conversation_id == conversation.id
    if conversation.customer_id:
        own = or_(own, Ticket.customer_id == conversation.customer_id)
    query = select(Ticket).where(own, Ticket.status.in_(UNSETTLED), Ticket.type.in_(REMEDIES))
    return list((await session.execute(query.order_by(Ticket.created_at.desc(), Ticket.id))).scalars().all())


async def withdraw(session: AsyncSession, ticket: Any, reason: str, now: datetime) -> None:
    """Close a ticket that the customer no longer wants; its pieces are free again. Raises WrongState."""
    if ticket.status not in UNSETTLED:
        raise WrongState(f"the ticket is {ticket.status}", "ticket_" + ticket.status)
    ticket.status = "withdrawn"
    _log(session, ticket, "withdrawn", "customer", {"reason": reason[:200]}, now)
    await session.flush()
    await ledger.ticket_moved(session, ticket, "withdrawn", now)
    query = select(Approval).where(Approval.ticket_id == ticket.id, Approval.status == "pending")
    for approval in (await session.execute(query)).scalars().all():
        approvals.settle(session, approval, "expired", "customer", reason, now)


async def of_conversation(session: AsyncSession, conversation_ids: Sequence[str]) -> list[Any]:
    """The tickets of these conversations, oldest first."""
    query = select(Ticket).where(Ticket.conversation_id.in_(conversation_ids)).order_by(Ticket.created_at, Ticket.id)
    return list((await session.execute(query)).scalars().all())


def as_json(ticket: Any) -> dict[str, Any]:
    """A ticket as the HTTP interface shows it."""
    return {
        "id": ticket.id,
        "type": ticket.type,
        "status": ticket.status,
        "level": ticket.level,
        "order_no": ticket.order_no,
        "items": ticket.items,
        "amount": None if ticket.amount is None else f"{ticket.amount:.2f}",
        "freight_payer": ticket.freight_payer,
        "reason": ticket.reason,
        "evidence_count": len(ticket.evidence),
        "rule_ids": ticket.rule_ids,
        "created_at": ticket.created_at.isoformat(),
        "due_at": ticket.due_at and ticket.due_at.isoformat(),
        "conversation_id": ticket.conversation_id,
    }


def when(instant: datetime, now: datetime) -> str:
    """A time as customers read it: 14:05 today, 11-23 14:05 on another day."""
    return f"{instant:%H:%M}" if instant.date() == now.date() else f"{instant:%m-%d %H:%M}"


def _log(session: AsyncSession, ticket: Any, kind: str, actor: str, detail: dict[str, Any], now: datetime) -> None:
    session.add(TicketEvent(ticket_id=ticket.id, kind=kind, actor=actor, detail=detail, at=now))
    news.later(session, "ticket", ticket.conversation_id, lambda: {"ticket": as_json(ticket)}, once=ticket.id)
