"""What a flow sees while it goes: the facts told so far, the orders they are about, and what policy says to them."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, Optional

from bot.conversation.turn import Turn
from bot.orders.gateway import OrderView
from bot.policy.facts import LineFacts
from bot.policy.outcome import Decision, Remedy

WHOLE_ORDER = "all"


@dataclass
class Scene:
    """`facts` are slot values; `orders` the known customer's own, those that the flow is usually about first."""

    turn: Turn
    facts: dict[str, Any]
    orders: list[OrderView] = field(default_factory=list)
    order: Optional[OrderView] = None
    decision: Optional[Decision] = None

    @property
    def known_customer(self) -> bool:
        """Whether we know who writes."""
        return self.turn.conversation.customer_id is not None

    @property
    def sku(self) -> Optional[str]:
        """The product concerned; None for the whole order or while it is open."""
        item = self.facts.get("item")
        if item and item != WHOLE_ORDER:
            return str(item)
        if self.order and item is None and len(self.order.facts.lines) == 1:
            return self.order.facts.lines[0].sku
        return None

    @property
    def line(self) -> Optional[LineFacts]:
        """The order's line of that product."""
        return self.order.line(self.sku) if self.order and self.sku else None

    @property
    def quantity(self) -> Optional[int]:
        """Pieces concerned; a single piece needs no asking."""
        told = self.facts.get("quantity")
        if told is not None:
            return int(told)
        return 1 if self.line and self.line.quantity == 1 else None

    @property
    def remedy(self) -> Optional[Remedy]:
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
