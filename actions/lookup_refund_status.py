"""How far a refund is: what the payment side says, else the ticket that is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.heard import Heard
from bot.conversation.turn import Turn

Said = tuple[str, Mapping[str, Any]]
MONEY_MOVES = ("refund", "return_refund", "cancel")


async def refund(turn: Turn, heard: Heard) -> list[Said]:
    """The refund of the order that the message means, or of the newest that has one."""
    orders = await turn.orders.recent(turn.viewer)
    number, tail = heard.value("order_no"), heard.value("order_tail")
    if number or tail:
        orders = [order for order in orders if order.order_no.endswith(str(number or tail))]
    for order in orders:
        if order.refund:
            return [
                (
                    "utter_refund_status_found",
                    {
                        "order_tail": order.tail,
                        "amount": order.refund["amount"],
                        "number": order.refund["number"],
                        "applied": f"{datetime.fromisoformat(order.refund['applied_at']):%m-%d}",
                    },
                )
            ]
        for claimed in order.facts.claimed:
            if claimed.solution in MONEY_MOVES:
                key = f"utter_refund_ticket_{claimed.status}"
                if key in turn.services.texts:
                    return [(key, {"order_tail": order.tail, "ticket": claimed.ticket_id})]
    return [("utter_refund_status_none", {})] if turn.conversation.customer_id else []
