"""How far a refund is: what the payment side says, else the ticket that is open."""

from __future__ import annotations

from datetime import datetime

from actions.found import Found
from actions.heard import Heard
from bot import cards
from bot.conversation.turn import Turn
from bot.orders.gateway import OrderView
from bot.policy.facts import Claimed
from bot.policy.outcome import GOODS_COME_BACK
from bot.store.models import Ticket

MONEY_MOVES = ("refund", "return_refund", "cancel")


async def refund(turn: Turn, heard: Heard) -> list[Found]:
    """The refund of the order that the message means, or of the newest that has one."""
    orders = await turn.orders.recent(turn.viewer)
    number, tail = heard.value("order_no"), heard.value("order_tail")
    if number or tail:
        orders = [order for order in orders if order.order_no.endswith(str(number or tail))]
    for order in orders:
        if order.refund:
            return [_running(turn, order)]
        for claimed in order.facts.claimed:
            if claimed.solution in MONEY_MOVES and f"utter_refund_ticket_{claimed.status}" in turn.services.texts:
                return [await _claimed(turn, order, claimed)]
    return [Found("utter_refund_status_none", tells=False)] if turn.conversation.customer_id else []


def _running(turn: Turn, order: OrderView) -> Found:
    """What the payment side works on."""
    told = order.refund or {}
    applied_at = datetime.fromisoformat(told["applied_at"])
    fields = {
        "order_tail": order.tail,
        "amount": told["amount"],
        "number": told["number"],
        "applied": f"{applied_at:%m-%d}",
    }
    card = cards.refund(
        turn.label,
        number=told["number"],
        amount=told["amount"],
        order_tail=order.tail,
        status="processing",
        applied_at=applied_at,
    )
    return Found("utter_refund_status_found", fields, (card,))


async def _claimed(turn: Turn, order: OrderView, claimed: Claimed) -> Found:
    """What a ticket of ours says."""
    ticket = await turn.session.get(Ticket, claimed.ticket_id)
    card = cards.refund(
        turn.label,
        number=ticket.id,
        amount=ticket.amount,
        order_tail=order.tail,
        status=ticket.status,
        applied_at=ticket.created_at,
        goods_back=ticket.type in GOODS_COME_BACK,
    )
    return Found(
        f"utter_refund_ticket_{claimed.status}", {"order_tail": order.tail, "ticket": claimed.ticket_id}, (card,)
    )
