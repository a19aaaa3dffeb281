"""Money goes only by the log: an event asks for it, then the gateway is asked, and its answer is an event again."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.hub import Hub
from bot.desk.work import Work, transact
from bot.orders.refunds import Applied, RefundGateway, Refused
from bot.services import Services
from bot.store.models import Ticket, TicketEvent
from bot.tickets import events, telling

log = structlog.get_logger(__name__)

GOES_BACK = ("refund", "return_refund", "cancel", "price_difference", "compensation")
LATER = "shipped_interception"
"""A parcel that is to be stopped on its way: its money is asked for only when that is done."""
NONE, ASKED, SENT, APPLIED, REFUSED = "none", "asked", "sent", "applied", "refused"
WAITING = (ASKED, SENT)
AT_ONCE = 20


def moves_money(ticket: Any) -> bool:
    """Whether something has to be paid back for the ticket."""
    return bool(ticket.type in GOES_BACK and ticket.amount and ticket.order_no)


def ask_if_due(session: AsyncSession, ticket: Any, actor: str, now: datetime) -> None:
    """Ask for the money of a ticket that is approved and waits for nothing more."""
    if ticket.status == "approved" and LATER not in ticket.rule_ids:
        ask(session, ticket, actor, now)


def ask(session: AsyncSession, ticket: Any, actor: str, now: datetime) -> None:
    """Ask for the money of a ticket, once; again where the payment side refused."""
    if moves_money(ticket) and ticket.payment in (NONE, REFUSED):
        amount = f"{ticket.amount:.2f}"
        events.record(session, ticket, "payment_asked", actor, now, to={"payment": ASKED}, told={"amount": amount})


def call_off(ticket: Any) -> dict[str, str]:
    """What changes of a ticket that ends without money."""
    return {"payment": NONE} if ticket.payment == ASKED else {}


async def pay_due(services: Services, hub: Hub, gateway: RefundGateway) -> int:
    """Put to the gateway what was asked for long enough ago; how many it answered. Safe with several nodes."""
    cutoff = services.clock.now() - services.shop.refund_after
    async with services.database.session() as session:
        query = (
            select(Ticket.id)
            .join(TicketEvent, (TicketEvent.ticket_id == Ticket.id) & (TicketEvent.kind == "payment_asked"))
            .where(Ticket.payment.in_(WAITING))
            .group_by(Ticket.id)
            .having(func.max(TicketEvent.at) <= cutoff)
            .order_by(func.max(TicketEvent.id))
        )
        waiting = (await session.execute(query.limit(AT_ONCE))).scalars().all()
    answered = 0
    for ticket_id in waiting:
        try:
            answered += await pay(services, hub, gateway, ticket_id)
        except Exception:  # the others need not wait for it; it is asked for still
            log.exception("payment", ticket=ticket_id)
    return answered


async def pay(services: Services, hub: Hub, gateway: RefundGateway, ticket_id: str) -> bool:
    """Ask the gateway for one ticket's money and write its answer down; False where nothing is asked for.

    It is marked as sent before: from then on nobody takes it back. What a crash left so is sent again.
    """

    async def send(work: Work) -> tuple[str, Decimal] | None:
        ticket = await work.session.get(Ticket, ticket_id)
        if ticket is None or ticket.payment not in WAITING:
            return None
        if ticket.payment == ASKED:
            events.record(work.session, ticket, "payment_sent", "gateway", work.now, to={"payment": SENT})
        return ticket.order_no, ticket.amount

    asked = await transact(services, hub, send)
    if asked is None:
        return False
    answer = await gateway.refund(ticket_id, *asked)

    async def take(work: Work) -> bool:
        ticket = await work.session.get(Ticket, ticket_id)
        if ticket is None or ticket.payment != SENT:
            return False
        await _answered(work, ticket, answer)
        return True

    return await transact(services, hub, take)


async def _answered(work: Work, ticket: Any, answer: Applied | Refused) -> None:
    session, now = work.session, work.now
    if isinstance(answer, Refused):
        events.record(
            session, ticket, "payment_refused", "gateway", now, to={"payment": REFUSED}, told={"why": answer.why}
        )
        return
    event = events.record(
        session, ticket, "payment_applied", "gateway", now, to={"payment": APPLIED}, told={"number": answer.number}
    )
    if await _by_person(session, ticket):
        await telling.announce(work, ticket, event, "utter_ticket_refund_applied")


async def _by_person(session: AsyncSession, ticket: Any) -> bool:
    """Whether the customer waits for news of it: what the bot approved by itself, it has just said."""
    asked = [event for event in await events.log_of(session, ticket.id) if event.kind == "payment_asked"]
    return bool(asked) and asked[-1].actor != "bot"
