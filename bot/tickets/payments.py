"""Money goes only by the log: an event asks for it, then the gateway is asked, and its answer is an event again."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks.jobs import Handler, Task, schedule
from bot.conversation.hub import Hub
from bot.desk.work import Work, transact
from bot.orders.refunds import Applied, RefundGateway, Refused
from bot.services import Services
from bot.store.models import Ticket
from bot.tickets import events, telling

GOES_BACK = ("refund", "return_refund", "cancel", "price_difference", "compensation")
LATER = "shipped_interception"
"""A parcel that is to be stopped on its way: its money is asked for only when that is done."""
NONE, ASKED, SENT, APPLIED, REFUSED = "none", "asked", "sent", "applied", "refused"
WAITING = (ASKED, SENT)
JOB = "payment"


def moves_money(ticket: Any) -> bool:
    """Whether something has to be paid back for the ticket."""
    return bool(ticket.type in GOES_BACK and ticket.amount and ticket.order_no)


async def ask_if_due(session: AsyncSession, services: Services, ticket: Any, actor: str, now: datetime) -> None:
    """Ask for the money of a ticket that is approved and waits for nothing more."""
    if ticket.status == "approved" and LATER not in ticket.rule_ids:
        await ask(session, services, ticket, actor, now)


async def ask(session: AsyncSession, services: Services, ticket: Any, actor: str, now: datetime) -> None:
    """Ask for the money of a ticket, once; again where the payment side refused.

    It may still be taken back for a while; then the job goes to the payment side.
    """
    if not moves_money(ticket) or ticket.payment not in (NONE, REFUSED):
        return
    amount = f"{ticket.amount:.2f}"
    event = events.record(session, ticket, "payment_asked", actor, now, to={"payment": ASKED}, told={"amount": amount})
    await session.flush()
    due_at = now + services.shop.refund_after
    await schedule(session, JOB, f"{JOB}:{event.id}", due_at, {"ticket": ticket.id})


def call_off(ticket: Any) -> dict[str, str]:
    """What changes of a ticket that ends without money."""
    return {"payment": NONE} if ticket.payment == ASKED else {}


def handler(hub: Hub, gateway: RefundGateway) -> Handler:
    """Who does the jobs: asks this gateway."""

    async def do(work: Work, task: Task) -> None:
        await _pay(work, hub, gateway, task.payload["ticket"])

    return do


async def pay(services: Services, hub: Hub, gateway: RefundGateway, ticket_id: str) -> bool:
    """Ask the gateway for one ticket's money and write its answer down; False where nothing is asked for."""
    return await transact(services, hub, lambda work: _pay(work, hub, gateway, ticket_id))


async def _pay(work: Work, hub: Hub, gateway: RefundGateway, ticket_id: str) -> bool:
    """The ticket is marked as sent before: from then on nobody takes it back. What a crash left so is sent again.

    That mark is stored by itself, the answer together with what else this unit of work writes.
    """

    async def send(first: Work) -> tuple[str, Decimal] | None:
        ticket = await first.session.get(Ticket, ticket_id)
        if ticket is None or ticket.payment not in WAITING:
            return None
        if ticket.payment == ASKED:
            events.record(first.session, ticket, "payment_sent", "gateway", first.now, to={"payment": SENT})
        return ticket.order_no, ticket.amount

    asked = await transact(work.services, hub, send)
    if asked is None:
        return False
    answer = await gateway.refund(ticket_id, *asked)
    ticket = await work.session.get(Ticket, ticket_id)
    if ticket is None or ticket.payment != SENT:
        return False
    await _answered(work, ticket, answer)
    return True


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
