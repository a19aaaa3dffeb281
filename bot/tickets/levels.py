"""How grave a complaint is (R396–R403), with the reason; and how wide a trouble is (R389): one case, or many."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import cases
from bot.policy import complaints
from bot.policy.clauses import FAULTS
from bot.policy.complaints import ComplaintFacts
from bot.policy.pack import RulePack
from bot.services import Services
from bot.store.models import Customer, Order, OrderItem, Ticket
from bot.tickets import events

GRADED = ("complaint", "dispute")
NORMAL, HIGH, MASS = "normal", "high", "mass"
AND = "；"


async def grade(
    session: AsyncSession, services: Services, ticket: Any, text: str, now: datetime, actor: str, *, anew: bool = False
) -> None:
    """Grade a complaint by what is known now and what was just said; of any other ticket how wide its trouble is.

    The deadline is that of the level from now on where it is graded `anew`; else it never moves back.
    """
    if ticket.type not in GRADED and ticket.cause not in FAULTS:
        return
    pack = await _pack(session, services, ticket)
    customers = await _customers(session, pack, ticket, now)
    if ticket.type not in GRADED:
        if _is_mass(pack, customers) and ticket.priority != MASS:
            events.record(
                session, ticket, "prioritised", actor, now, to={"priority": MASS}, told={"customers": customers}
            )
        return
    facts = await _facts(session, ticket, text, customers)
    found = complaints.grade(facts, pack)
    first = ticket.level == NORMAL
    due_at = now + timedelta(hours=pack.ticket_deadline_hours[f"complaint_{found.gravity}"])
    if ticket.type != "complaint" or not (first or anew or due_at < ticket.due_at):
        due_at = ticket.due_at
    priority = MASS if _is_mass(pack, customers) else NORMAL if found.level == "1" else HIGH
    others = [rule_id for rule_id in ticket.rule_ids if not rule_id.startswith("complaint_")]
    changed: dict[str, Any] = {
        "level": found.level,
        "gravity": found.gravity,
        "level_reason": AND.join(found.reasons),
        "priority": priority,
        "rule_ids": [*found.rule_ids, *others],
        "due_at": due_at,
    }
    if any(getattr(ticket, name) != value for name, value in changed.items()):
        before = ticket.level, ticket.gravity
        events.record(session, ticket, "graded", actor, now, to=changed)
        if not first:  # who opens the ticket starts its first clocks
            await cases.graded(session, services, ticket, before, actor, now)


async def _facts(session: AsyncSession, ticket: Any, text: str, customers: int) -> ComplaintFacts:
    customer = await session.get(Customer, ticket.customer_id) if ticket.customer_id else None
    claimed = (ticket.details or {}).get("claimed")
    return ComplaintFacts(
        text=text,
        amount=Decimal(claimed) if claimed else None,
        complaints=await _times(session, ticket),
        reopened=ticket.reopened,
        customers=max(customers, 1),
        customer_level=customer.level if customer else "",
        compensation_disputed=await _disputed(session, ticket),
        gravity=ticket.gravity,
    )


async def _times(session: AsyncSession, ticket: Any) -> int:
    """How often the customer complained of it: what is said in one talk on one day is one complaint."""
    await session.flush()
    log = await events.log_of(session, ticket.id)
    said = {(event.detail.get("talk", ticket.conversation_id), event.at.date()) for event in log if _complains(event)}
    return len(said)


def _complains(event: Any) -> bool:
    return event.kind in ("opened", "imported") or (event.kind == "note" and event.actor == "customer")


async def _disputed(session: AsyncSession, ticket: Any) -> bool:
    """Whether a compensation was spoken of for the order already."""
    if not ticket.order_no:
        return False
    query = select(Ticket.id).where(Ticket.order_no == ticket.order_no, Ticket.type == "compensation").limit(1)
    return (await session.execute(query)).first() is not None


async def _customers(session: AsyncSession, pack: RulePack, ticket: Any, now: datetime) -> int:
    """How many customers have the same trouble with the same product lately."""
    skus = await _skus(session, ticket)
    if not skus:
        return 1
    since = complaints.counts_since(pack, now)
    same = Ticket.type == ticket.type if ticket.cause is None else Ticket.cause == ticket.cause
    rows = (await session.execute(select(Ticket).where(same, Ticket.created_at > since))).scalars().all()
    return len({row.customer_id or row.conversation_id for row in rows if skus & await _skus(session, row)})


async def _skus(session: AsyncSession, ticket: Any) -> Set[str]:
    """What a ticket is about; of one that names no goods, what was bought."""
    if ticket.items or not ticket.order_no:
        return {item["sku"] for item in ticket.items}
    query = select(OrderItem.sku).where(OrderItem.order_no == ticket.order_no)
    return set((await session.execute(query)).scalars().all())


def _is_mass(pack: RulePack, customers: int) -> bool:
    least = [ground.signs.customers_from for ground in pack.complaints.grounds if ground.signs.customers_from]
    return bool(least) and customers >= min(least)


async def _pack(session: AsyncSession, services: Services, ticket: Any) -> RulePack:
    order = await session.get(Order, ticket.order_no) if ticket.order_no else None
    return services.packs.for_payment(order.paid_at if order else None)
