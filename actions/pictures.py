"""A picture that comes after its ticket: it was asked for, so it must find the ticket by itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from bot.clocks import cases
from bot.conversation.turn import Turn
from bot.desk import tickets
from bot.store.models import Ticket

GOES_ON = ("open", "waiting_customer", "approved")


async def add_to_ticket(turn: Turn) -> Any:
    """Add the turn's pictures to the customer's newest ticket that was opened without one; None where there is none."""
    asked_for = turn.services.packs.for_payment(turn.now).evidence.asked_for
    talk = turn.conversation
    own = Ticket.conversation_id == talk.id
    if talk.customer_id:
        own = or_(own, Ticket.customer_id == talk.customer_id)
    query = select(Ticket).where(own, Ticket.status.in_(GOES_ON), Ticket.cause.in_(asked_for))
    newest_first = (await turn.session.execute(query.order_by(Ticket.created_at.desc(), Ticket.id))).scalars().all()
    ticket = next((ticket for ticket in newest_first if not ticket.evidence), None)
    if ticket is not None:
        await tickets.add_evidence(
            turn.session, turn.services, ticket, [a.as_dict() for a in turn.attachments], turn.now
        )
        await cases.changed(turn.session, turn.services, ticket, "customer", turn.now)
    return ticket
