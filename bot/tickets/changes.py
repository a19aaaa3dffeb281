"""What happens to a ticket after it was opened: further words, decisions, results. Each is an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk import approvals
from bot.errors import NotFound, WrongState
from bot.policy.facts import SOLUTIONS
from bot.promises import ledger
from bot.services import Services
from bot.store.models import Approval, Ticket
from bot.tickets import events, guards, levels, opening, payments, stages
from bot.tickets.guards import UNSETTLED
from bot.tickets.state import of_row

REMEDIES = tuple(SOLUTIONS)
LACKING = ("missing", "gift_missing")
"""Causes of tickets that settle themselves when the goods turn up."""
GOODS_COME = ("return_refund", "exchange")
MOST_WORDS = 500
CUSTOMER, SILENCE = "customer", "silence"


async def get(session: AsyncSession, ticket_id: str) -> Any:
    """A ticket. Raises NotFound."""
    ticket = await session.get(Ticket, ticket_id)
    if ticket is None:
        raise NotFound("no such ticket")
    return ticket


async def add_evidence(
    session: AsyncSession, services: Services, ticket: Any, evidence: Sequence[Mapping[str, str]], now: datetime
) -> None:
    """A picture that came after the ticket; one that waited for it goes on."""
    goes_on = ticket.status == "waiting_customer" and ticket.type not in GOODS_COME
    to = {"status": "approved"} if goes_on else None
    told = {"count": len(evidence)}
    events.record(session, ticket, "evidence", CUSTOMER, now, to=to, add={"evidence": evidence}, told=told)
    if goes_on:
        await payments.ask_if_due(session, services, ticket, "bot", now)


async def note(
    session: AsyncSession,
    ticket: Any,
    text: str,
    evidence: Sequence[Mapping[str, str]],
    now: datetime,
    talk: str | None = None,
) -> None:
    """The customer's further words and pictures about the same matter; `talk`: the conversation they came in."""
    told = {"text": text[:MOST_WORDS]} | ({"talk": talk} if talk else {})
    events.record(session, ticket, "note", CUSTOMER, now, add={"evidence": evidence} if evidence else None, told=told)


def set_order(session: AsyncSession, ticket: Any, order_no: str, now: datetime, due_at: datetime | None = None) -> None:
    """The order that a ticket is about, where that becomes known later."""
    to = {"order_no": order_no} | ({"due_at": due_at} if due_at else {})
    events.record(session, ticket, "order_known", "bot", now, to=to)


def claim(session: AsyncSession, ticket: Any, amount: Decimal, now: datetime) -> None:
    """The yuan that a complaint asks for."""
    details = {**(ticket.details or {}), "claimed": f"{amount:.2f}"}
    events.record(session, ticket, "claimed", CUSTOMER, now, to={"details": details}, told={"amount": f"{amount:.2f}"})


async def decide(
    session: AsyncSession,
    services: Services,
    ticket_id: str,
    status: str,
    actor: str,
    reason: str,
    now: datetime,
    amount: Decimal | None = None,
) -> Any:
    """Approve, reject or finish a ticket; `amount`: what is granted, if not all. Raises NotFound, WrongState."""
    ticket = await get(session, ticket_id)
    state = of_row(ticket)
    guards.check(state, status)
    asked = await _asked(session, ticket_id)
    if status == "done":
        if asked:
            raise WrongState("an approval is asked for: approve or reject first", "ticket_open")
        if payments.moves_money(ticket) and ticket.payment != payments.APPLIED:
            raise WrongState(f"the money is not given back yet: {ticket.payment}", "payment_open")
    goods_expected = status == "approved" and ticket.type in GOODS_COME and ticket.status == "open"
    to: dict[str, Any] = {"status": "waiting_customer" if goods_expected else status}
    to["stage"] = stages.decided(state, status)
    if amount is not None and status == "approved":
        to["amount"] = amount
    if status == "done":
        to["done_at"] = now
    if status == "rejected":
        to |= payments.call_off(ticket)
    goods_back = status == "approved" and ticket.type in GOODS_COME and not goods_expected
    told = {"reason": reason} | ({"goods_back": True} if goods_back else {})
    events.record(session, ticket, status, actor, now, to=to, told=told)
    await session.flush()
    await ledger.ticket_moved(session, services, ticket, status, now)
    for approval in asked:
        approvals.settle(session, approval, "rejected" if status == "rejected" else "approved", actor, reason, now)
    await payments.ask_if_due(session, services, ticket, actor, now)
    return ticket


async def withdraw(session: AsyncSession, services: Services, ticket: Any, reason: str, now: datetime) -> None:
    """Close a ticket that the customer no longer wants; its pieces are free again. Raises WrongState."""
    guards.check(of_row(ticket), "withdrawn")
    to = {"status": "withdrawn"} | payments.call_off(ticket)
    events.record(session, ticket, "withdrawn", CUSTOMER, now, to=to, told={"reason": reason[:200]})
    await session.flush()
    await ledger.ticket_moved(session, services, ticket, "withdrawn", now)
    await drop_approvals(session, ticket, CUSTOMER, reason, now)


async def reopen(session: AsyncSession, services: Services, ticket: Any, actor: str, reason: str, now: datetime) -> Any:
    """Open a ticket that was done or rejected and is not solved; a complaint is graded anew. Raises WrongState."""
    state = of_row(ticket)
    guards.check(state, "reopened")
    to = {
        "status": "open",
        "stage": stages.again(state),
        "reopened": state.reopened + 1,
        "due_at": now + opening.deadline(services, ticket.type, now, ticket.gravity),
        "done_at": None,
        "result_confirmed_at": None,
    }
    event = events.record(session, ticket, "reopened", actor, now, to=to, told={"reason": reason[:MOST_WORDS]})
    await levels.grade(session, services, ticket, reason, now, actor, anew=True)
    return event


def confirm(session: AsyncSession, ticket: Any, actor: str, now: datetime) -> Any:
    """The customer says that it is solved, or (actor `silence`) nothing any more. Raises WrongState."""
    guards.check(of_row(ticket), "confirmed")
    to: dict[str, Any] = {"stage": "closed"}
    if actor != SILENCE:
        to["result_confirmed_at"] = now
    return events.record(session, ticket, "confirmed" if actor != SILENCE else "lapsed", actor, now, to=to)


def staff_note(session: AsyncSession, ticket: Any, actor: str, text: str, now: datetime) -> Any:
    """What people write for each other about a ticket; no customer ever sees it."""
    return events.record(session, ticket, "staff_note", actor, now, told={"text": text})


def fill(session: AsyncSession, ticket: Any, actor: str, told: Mapping[str, str], now: datetime) -> Any:
    """Write in what people asked the customer for (`guards.FILLED`)."""
    details = {**(ticket.details or {}), **{name: value for name, value in told.items() if name != guards.CONTACT}}
    to = {"details": details} | ({"contact": told[guards.CONTACT]} if guards.CONTACT in told else {})
    return events.record(session, ticket, "filled", actor, now, to=to, told={"fields": sorted(told)})


def move(session: AsyncSession, ticket: Any, actor: str, stage: str, now: datetime) -> Any:
    """Take the next step of the way. Raises WrongState where it is not the next, or something is lacking."""
    state = of_row(ticket)
    guards.check(state, "stage")
    problem = stages.objection(state, stage)
    if problem:
        raise WrongState(f"{stage} after {state.stage or 'nothing'}: {problem}", f"stage_{problem}")
    return events.record(session, ticket, "stage", actor, now, to={"stage": stage})


async def drop_approvals(session: AsyncSession, ticket: Any, actor: str, reason: str, now: datetime) -> None:
    """What was asked about a ticket has lost its object."""
    for approval in await _asked(session, ticket.id):
        approvals.settle(session, approval, "expired", actor, reason, now)


async def own_open(session: AsyncSession, conversation: Any) -> list[Any]:
    """The remedies not yet done that were agreed in this conversation or with this customer, newest first."""
    own = Ticket.conversation_id == conversation.id
    if conversation.customer_id:
        own = or_(own, Ticket.customer_id == conversation.customer_id)
    takes_back = Ticket.status.in_(UNSETTLED), Ticket.payment.notin_(guards.GONE)
    query = select(Ticket).where(own, *takes_back, Ticket.type.in_(REMEDIES))
    return list((await session.execute(query.order_by(Ticket.created_at.desc(), Ticket.id))).scalars().all())


async def of_conversation(session: AsyncSession, conversation_ids: Sequence[str]) -> list[Any]:
    """The tickets of these conversations, oldest first."""
    query = select(Ticket).where(Ticket.conversation_id.in_(conversation_ids)).order_by(Ticket.created_at, Ticket.id)
    return list((await session.execute(query)).scalars().all())


async def _asked(session: AsyncSession, ticket_id: str) -> list[Any]:
    query = select(Approval).where(Approval.ticket_id == ticket_id, Approval.status == "pending")
    return list((await session.execute(query)).scalars().all())
