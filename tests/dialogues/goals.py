"""What a made-up customer wants, and what policy says to it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.flow import STARTS
from bot.orders.gateway import OrderView, Viewer
from bot.orders.sql import SqlOrders
from bot.policy.decide import decide
from bot.policy.facts import Cause, Claim, LineFacts
from bot.policy.outcome import Remedy, with_evidence
from tests.conftest import Shop
from tests.dialogues.walks import ORDERS

INTENTS: Mapping[str, str] = {
    "damaged": "damaged_item",
    "missing": "missing_item",
    "gift_missing": "missing_item",
    "wrong": "wrong_item",
    "quality": "quality_issue",
    "no_reason": "refund_request",
    "exchange_by_wish": "exchange_request",
    "unshipped_cancel": "cancel_order",
    "price_protection": "price_protection",
}
STATES: Mapping[str, tuple[str, ...]] = {
    "unshipped_cancel": ("paid", "shipped"),
    "price_protection": ("signed", "paid"),
}
COUNTED = ("damaged", "missing", "quality", "no_reason", "exchange_by_wish")
WHOLE = ("unshipped_cancel",)


@dataclass(frozen=True)
class Goal:
    """What somebody wants, and the ticket that policy grants; `ticket` None: it is refused.

    `instead`: the colour or size that is wished for, by its aspect.
    """

    cause: Cause
    customer: str
    order: OrderView
    sku: str | None
    name: str
    quantity: int | None
    remedy: Remedy | None
    picture: bool
    visitor: bool
    ticket: Mapping[str, Any] | None
    instead: Mapping[str, str]


async def make_goal(chance: random.Random, shop: Shop) -> Goal:
    """A claim on one of the demo shop's orders, mostly one that makes sense."""
    cause: Any = chance.choice([cause for cause, intent in INTENTS.items() if intent in STARTS])
    states = STATES.get(cause, ("signed",) if chance.random() < 0.9 else ("paid", "shipped"))
    raw = chance.choice([raw for raw in ORDERS.values() if raw["status"] in states and "parcels" not in raw])
    if cause == "gift_missing":
        raw = chance.choice([raw for raw in ORDERS.values() if raw.get("gifts") and "parcels" not in raw])
    owner, number = raw["customer"], raw["order_no"]
    async with shop.services.database.session() as session:
        orders = SqlOrders(session, shop.services.clock, shop.services.shop.gift_values)
        order = await orders.find(number, Viewer("", "rest", "", owner))
    assert order is not None
    line = chance.choice(order.facts.lines)
    whole = cause in WHOLE or order.facts.status != "signed"
    together = cause == "price_protection" and chance.random() < 0.3
    sku = None if whole or together or cause == "gift_missing" else line.sku
    quantity = chance.randint(1, line.quantity) if sku and cause in COUNTED else (line.quantity if sku else None)
    claimed: Any = "unshipped_cancel" if whole and cause == "no_reason" else cause
    claim = Claim(claimed, sku, quantity if sku else None, opened=False, intact=True)
    services = shop.services
    now = services.clock.now()
    decision = decide(order.facts, claim, services.packs.for_payment(order.facts.paid_at or now), now)
    picture = chance.random() < 0.6
    remedy = chance.choice(decision.remedies) if decision.remedies else None
    ticket = None
    if remedy is not None:
        granted = with_evidence(remedy, decision.evidence_asked, picture)
        ticket = {
            "type": granted.solution,
            "amount": None if granted.amount is None else f"{granted.amount:.2f}",
            "freight_payer": granted.freight_payer,
            "status": granted.status,
            "order_no": number,
        }
        if cause != "gift_missing":
            concerned = [{"sku": each.line.sku, "quantity": each.quantity} for each in decision.pieces]
            ticket["items"] = [{"sku": sku, "quantity": quantity}] if sku else concerned
    instead = _another_kind(chance, order, line) if cause == "exchange_by_wish" else {}
    visitor = chance.random() < 0.2
    return Goal(cause, owner, order, sku, line.name, quantity, remedy, picture, visitor, ticket, instead)


def _another_kind(chance: random.Random, order: OrderView, line: LineFacts) -> dict[str, str]:
    """A colour or size of the goods that is not the one ordered; nothing where there is only one kind."""
    own = order.options[order.facts.lines.index(line)]
    others = [
        (aspect, value)
        for aspect, values in (line.choices or {}).items()
        for value in values
        if value != str(own.get(aspect))
    ]
    return dict([chance.choice(others)]) if others else {}
