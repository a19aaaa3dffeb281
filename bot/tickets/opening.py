"""A ticket begins: with its deadline, what is known of the customer, and an approval where a person decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import cases
from bot.desk import approvals
from bot.services import Services
from bot.store.models import Approval, Customer, Order, Product
from bot.tickets import events, levels, numbers, payments, stages
from bot.tickets.guards import MANDATORY
from bot.tickets.state import State

MOST_REASON = 200
MOST_TOLD = 120


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
    contact: str = "",
    claimed: Decimal | None = None,
) -> Any:
    """Open a ticket and ask for an approval where its status says that a person decides over money.

    `items`: {"sku", "quantity"}; `amount` in yuan; without `due_at` the pack's deadline for the type counts from now.
    A complaint is graded at once, which sets its deadline. `claimed`: the yuan that it asks for.
    """
    known = await _known(session, conversation, type, order_no, items, reason, contact)
    if claimed is not None:
        known["details"] = {**known["details"], "claimed": f"{claimed:.2f}"}
    state = State(
        type=type,
        status=status,
        stage=stages.first(type, status),
        order_no=order_no,
        customer_id=conversation.customer_id,
        conversation_id=conversation.id,
        items=tuple(items),
        amount=amount,
        freight_payer=freight_payer,
        cause=cause,
        reason=reason[:MOST_REASON],
        evidence=tuple(evidence),
        rule_ids=tuple(rule_ids),
        created_at=now,
        due_at=due_at or now + deadline(services, type, now),
        **known,
    )
    ticket = await events.begin(session, numbers.new(now), state, "bot", now)
    await levels.grade(session, services, ticket, reason, now, "bot")
    if status == "open" and amount is not None:
        approval = Approval(
            kind="refund",
            status="pending",
            ticket_id=ticket.id,
            conversation_id=conversation.id,
            amount=amount,
            request=reason[:MOST_REASON],
            created_at=now,
        )
        session.add(approval)
        approvals.changed(session, approval)
    await payments.ask_if_due(session, services, ticket, "bot", now)
    await cases.changed(session, services, ticket, "bot", now)
    return ticket


def deadline(services: Services, type: str, now: datetime, gravity: str = "1") -> timedelta:
    """How long the shop has for a ticket of this type, by the rule pack of today."""
    hours = services.packs.for_payment(now).ticket_deadline_hours
    return timedelta(hours=hours[f"complaint_{gravity}" if type == "complaint" else type])


async def _known(
    session: AsyncSession,
    conversation: Any,
    type: str,
    order_no: str | None,
    items: Sequence[Mapping[str, Any]],
    reason: str,
    contact: str,
) -> dict[str, Any]:
    """What is known already of the fields that people need for this type."""
    if type not in MANDATORY:
        return {"contact": contact[:MOST_TOLD], "details": {}}
    customer = await session.get(Customer, conversation.customer_id) if conversation.customer_id else None
    order = await session.get(Order, order_no) if order_no else None
    skus = [item["sku"] for item in items] or [item.sku for item in (order.items if order else ())]
    products = [product.name for sku in dict.fromkeys(skus) if (product := await session.get(Product, sku))]
    told = {
        "name": (customer and customer.name) or (order and order.receiver) or "",
        "product": ", ".join(products),
        "symptom": reason,
    }
    reached = contact or (customer and customer.phone) or (order and order.phone) or ""
    details = {name: value[:MOST_TOLD] for name, value in told.items() if value.strip()}
    return {"contact": reached[:MOST_TOLD], "details": details}
