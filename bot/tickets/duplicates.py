"""Tickets that belong together: a duplicate goes into the first one, others are linked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput, WrongState
from bot.promises import ledger
from bot.store.models import TicketLink
from bot.tickets import changes, events, guards, payments
from bot.tickets.state import of_row

KINDS = ("related", "follow_up", "sub_task")


async def merge(session: AsyncSession, ticket: Any, into: Any, actor: str, now: datetime) -> Any:
    """Put a duplicate into the ticket that goes on. Raises BadInput, WrongState.

    It ends as withdrawn, so that its pieces and its money count once; pictures and words are in the other one.
    """
    if ticket.id == into.id:
        raise BadInput("into: another ticket")
    for each in (ticket, into):
        guards.check(of_row(each), "merged")
    problem = difference(ticket, into)
    if problem:
        raise WrongState(f"not the same {problem}", "not_duplicates")
    to = {"status": "withdrawn", "parent_id": into.id} | payments.call_off(ticket)
    event = events.record(session, ticket, "merged", actor, now, to=to, told={"into": into.id})
    await changes.drop_approvals(session, ticket, actor, "", now)
    await ledger.merged(session, ticket, into)
    add = {"evidence": ticket.evidence} if ticket.evidence else None
    told = {"ticket": ticket.id, "text": ticket.reason}
    events.record(session, into, "duplicate", actor, now, add=add, told=told)
    return event


def difference(ticket: Any, other: Any) -> str | None:
    """What keeps two tickets from being one matter: the customer, the order, or what it is about."""
    if (ticket.customer_id, ticket.customer_id or ticket.conversation_id) != (
        other.customer_id,
        other.customer_id or other.conversation_id,
    ):
        return "customer"
    if (ticket.order_no or other.order_no) != (other.order_no or ticket.order_no):
        return "order"
    return None if (ticket.type, ticket.cause) == (other.type, other.cause) else "matter"


async def link(session: AsyncSession, ticket: Any, to: Any, kind: str, actor: str, now: datetime) -> None:
    """Say that two tickets belong together; saying it again changes nothing. Raises BadInput."""
    if kind not in KINDS:
        raise BadInput(f"kind: one of {', '.join(KINDS)}")
    if ticket.id == to.id:
        raise BadInput("to: another ticket")
    known = {(row.a, row.b, row.kind) for row in await links_of(session, ticket.id)}
    both_ways = [(ticket.id, to.id, kind)] + ([] if kind == "sub_task" else [(to.id, ticket.id, kind)])
    if known & set(both_ways):
        return
    session.add(TicketLink(a=ticket.id, b=to.id, kind=kind, at=now))
    for here, there in ((ticket, to), (to, ticket)):
        events.record(session, here, "linked", actor, now, told={"ticket": there.id, "kind": kind})


async def links_of(session: AsyncSession, ticket_id: str) -> list[Any]:
    """The links from and to a ticket."""
    query = select(TicketLink).where(or_(TicketLink.a == ticket_id, TicketLink.b == ticket_id))
    return list((await session.execute(query.order_by(TicketLink.id))).scalars().all())
