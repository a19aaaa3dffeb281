"""What happens to tickets by the clock alone: one is late, or nobody says whether it is solved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from sqlalchemy import or_, select

from bot.clocks import cases
from bot.conversation.hub import Hub
from bot.desk.work import Work, transact
from bot.policy import calendar
from bot.services import Services
from bot.store.models import Ticket
from bot.tickets import changes, events, telling

log = structlog.get_logger(__name__)

IN_OUR_HAND = ("open", "approved")
WATCHED = ("followed", "tracked")
FOLLOW_UP = "service_follow_up"
"""The clock of the pack within which the shop asks how it went; who has not answered then has nothing to say."""
AT_ONCE = 50


async def mark_late(services: Services, hub: Hub) -> int:
    """Tell the customers whose tickets are over their deadline, once for each deadline; their number."""
    unmarked = or_(Ticket.late_for.is_(None), Ticket.late_for != Ticket.due_at)
    # An agreed price without an order is the customer's to use; its time is no deadline of ours.
    owed = or_(Ticket.cause.is_(None), Ticket.cause != "bargain", Ticket.order_no.isnot(None))
    late = Ticket.status.in_(IN_OUR_HAND), Ticket.due_at < services.clock.now()

    async def act(work: Work, ticket: Any) -> bool:
        if ticket.status not in IN_OUR_HAND or ticket.due_at >= work.now or ticket.late_for == ticket.due_at:
            return False
        event = events.record(work.session, ticket, "late", "clock", work.now, to={"late_for": ticket.due_at})
        await telling.announce(work, ticket, event, "utter_ticket_late")
        return True

    return await _each(services, hub, select(Ticket.id).where(*late, unmarked, owed).order_by(Ticket.due_at), act)


async def confirm_by_silence(services: Services, hub: Hub) -> int:
    """Close what was done and of which the customer said nothing within the time of the follow-up; their number."""

    async def act(work: Work, ticket: Any) -> bool:
        span = services.packs.for_payment(work.now).clock(FOLLOW_UP).span
        if ticket.stage not in WATCHED or span is None or calendar.due(ticket.done_at, span).at > work.now:
            return False
        changes.confirm(work.session, ticket, changes.SILENCE, work.now)
        await cases.confirmed(work.session, services, ticket, changes.SILENCE, work.now)
        return True

    waiting = Ticket.status == "done", Ticket.stage.in_(WATCHED), Ticket.done_at.isnot(None)
    return await _each(services, hub, select(Ticket.id).where(*waiting).order_by(Ticket.done_at), act)


async def _each(services: Services, hub: Hub, found: Any, act: Callable[[Work, Any], Awaitable[bool]]) -> int:
    """Do something with each of these tickets, in a transaction of its own; how many that were."""
    async with services.database.session() as session:
        ids: Sequence[str] = (await session.execute(found.limit(AT_ONCE))).scalars().all()
    done = 0
    for ticket_id in ids:

        async def do(work: Work, ticket_id: str = ticket_id) -> bool:
            ticket = await work.session.get(Ticket, ticket_id)
            return ticket is not None and await act(work, ticket)

        try:
            done += await transact(services, hub, do)
        except Exception:  # the others need not wait for it; it is found again
            log.exception("ticket that is due", ticket=ticket_id)
    return done
