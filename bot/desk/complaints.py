"""One complaint ticket for one matter: who complains again finds the first, with the new words in its log."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select

from bot.clocks import cases
from bot.conversation.turn import Turn
from bot.desk import tickets
from bot.store.models import Ticket
from bot.tickets import levels


async def find_or_open(turn: Turn, order_no: str | None, claimed: Decimal | None = None) -> tuple[Any, bool]:
    """The complaint ticket for what is written now, and whether it was there before; `claimed`: the yuan asked for."""
    evidence = [attachment.as_dict() for attachment in turn.attachments]
    known = await _unsettled(turn, order_no)
    if known is not None:
        if order_no and not known.order_no:
            tickets.set_order(turn.session, known, order_no, turn.now)
        if claimed is not None:
            tickets.claim(turn.session, known, claimed, turn.now)
        await tickets.note(turn.session, known, turn.text, evidence, turn.now, turn.conversation.id)
        await levels.grade(turn.session, turn.services, known, turn.text, turn.now, "bot")
        return known, True
    ticket = await tickets.open_ticket(
        turn.session,
        turn.services,
        turn.conversation,
        type="complaint",
        status="open",
        reason=turn.text[:200],
        order_no=order_no,
        evidence=evidence,
        now=turn.now,
        claimed=claimed,
    )
    await cases.complained(turn.session, turn.services, ticket, turn.now)
    return ticket, False


async def _unsettled(turn: Turn, order_no: str | None) -> Any:
    """The newest unsettled complaint in this talk; a customer's earlier one only where it is about the same order."""
    here = Ticket.conversation_id == turn.conversation.id
    if order_no:
        here = here & or_(Ticket.order_no.is_(None), Ticket.order_no == order_no)
    same = here
    if order_no and turn.conversation.customer_id:
        same = or_(here, (Ticket.customer_id == turn.conversation.customer_id) & (Ticket.order_no == order_no))
    query = select(Ticket).where(Ticket.type == "complaint", Ticket.status.in_(tickets.UNSETTLED), same)
    return (await turn.session.execute(query.order_by(Ticket.created_at.desc()))).scalars().first()
