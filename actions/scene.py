"""What a flow sees while it goes: the facts told so far, the orders they are about, and what policy says to them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.turn import Turn
from bot.orders.gateway import OrderView
from bot.policy.facts import LineFacts
from bot.policy.outcome import Decision, Remedy
from bot.policy.pieces import SIDE_CLAIMS

WHOLE_ORDER = "all"
MOST_OFFERED = 5


@dataclass
class Scene:
    """`facts` are slot values; `recent` a known customer's own orders, `orders` those of them that are offered.

    `whole`: the flow is about the order as it is (an order that was not delivered is cancelled, not some of its goods);
    `detail`: what the flow itself looked up.
    """

    turn: Turn
    facts: dict[str, Any]
    orders: list[OrderView] = field(default_factory=list)
    recent: list[OrderView] = field(default_factory=list)
    order: OrderView | None = None
    decision: Decision | None = None
    whole: bool = False
    detail: Any = None

    @property
    def known_customer(self) -> bool:
        """Whether we know who writes."""
        return self.turn.conversation.customer_id is not None

    @property
    def sku(self) -> str | None:
        """The product concerned; None for the whole order or while it is open."""
        item = self.facts.get("item")
        if self.whole or item == WHOLE_ORDER:
            return None
        if item:
            return str(item)
        if self.order and len(self.order.facts.lines) == 1:
            return self.order.facts.lines[0].sku
        return None

    @property
    def line(self) -> LineFacts | None:
        """The order's line of that product."""
        return self.order.line(self.sku) if self.order and self.sku else None

    @property
    def left(self) -> int:
        """Pieces of that line that no ticket is about yet."""
        if self.order is None or self.line is None:
            return 0
        claims = (c for c in self.order.facts.claimed if c.sku in (None, self.sku) and c.cause not in SIDE_CLAIMS)
        return max(0, self.line.quantity - sum(claim.quantity for claim in claims))

    @property
    def quantity(self) -> int | None:
        """Pieces concerned; where only one can be meant, nobody is asked."""
        told = self.facts.get("quantity")
        if told is not None:
            return int(told)
        return 1 if self.left == 1 else None

    @property
    def remedy(self) -> Remedy | None:
        """The remedy that was chosen, or the only one."""
        if self.decision is None:
            return None
        if len(self.decision.remedies) == 1:
            return self.decision.remedies[0]
        chosen = self.facts.get("solution")
        return self.decision.remedy(chosen) if chosen else None

    @property
    def pictures(self) -> list[Mapping[str, str]]:
        """The pictures that came."""
        evidence = self.facts.get("evidence")
        return list(evidence) if isinstance(evidence, list) else []

    @property
    def terms(self) -> str:
        """Stands for what a confirmation agrees to: order, goods, remedy, money, freight."""
        remedy = self.remedy
        told = (
            self.facts.get("order_no"),
            self.claimed_items(),
            remedy and (remedy.solution, remedy.amount, remedy.freight_payer),
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()[:12]

    def items_text(self) -> str:
        """The goods concerned, as a customer reads them."""
        if not self.order:
            return ""
        if self.line:
            return f"{self.line.name}×{self.quantity or self.line.quantity}"
        return "、".join(f"{line.name}×{line.quantity}" for line in self.order.facts.lines)

    def claimed_items(self) -> list[dict[str, Any]]:
        """The pieces for the ticket."""
        if not self.order:
            return []
        if self.line:
            return [{"sku": self.line.sku, "quantity": self.quantity or self.line.quantity}]
        return [{"sku": line.sku, "quantity": line.quantity} for line in self.order.facts.lines]
