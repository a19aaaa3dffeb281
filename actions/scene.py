"""What a flow sees while it goes: the facts told so far, the orders they are about, and what policy says to them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.turn import Turn
from bot.orders.gateway import OrderView
from bot.policy.facts import LineFacts, Wanted
from bot.policy.outcome import Decision, Remedy
from bot.policy.pack import RulePack
from bot.policy.pieces import SIDE_CLAIMS

WHOLE_ORDER = "all"
MOST_OFFERED = 5

GOODS, GIFT = "goods", "gift"
"""What can be lacking beside the parts and gifts that an order has by name: whole pieces, any gift."""
AND = "、"


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
    def pack(self) -> RulePack:
        """The rules under which the order was paid for; today's while there is none."""
        paid_at = self.order.facts.paid_at if self.order else None
        return self.turn.services.packs.for_payment(paid_at or self.turn.now)

    @property
    def skus(self) -> tuple[str, ...]:
        """The products concerned; none for the whole order or while it is open."""
        item = self.facts.get("item")
        if self.whole or item == WHOLE_ORDER:
            return ()
        if item:
            return tuple(item) if isinstance(item, list) else (str(item),)
        if self.order and len(self.order.facts.lines) == 1:
            return (self.order.facts.lines[0].sku,)
        return ()

    @property
    def sku(self) -> str | None:
        """The only product concerned; None for several, for the whole order, or while it is open."""
        return self.skus[0] if len(self.skus) == 1 else None

    @property
    def line(self) -> LineFacts | None:
        """The order's line of that product."""
        return self.order.line(self.sku) if self.order and self.sku else None

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of a set that are concerned; none where it is about whole pieces."""
        named = str(self.facts.get("lacking") or "").split(AND)
        return tuple(part for part in named if self.line and part in self.line.parts)

    @property
    def gifts(self) -> tuple[str, ...]:
        """The promised gifts that are concerned."""
        named = self.facts.get("lacking")
        promised = tuple(dict.fromkeys(self.order.facts.promised_gifts())) if self.order else ()
        return promised if named == GIFT else tuple(gift for gift in promised if gift == named)

    @property
    def per_piece(self) -> int:
        """How many of what is counted make up one piece, such as cups; several parts at once count as one."""
        return self.line.parts[self.parts[0]] if self.line and len(self.parts) == 1 else 1

    @property
    def ordered(self) -> Mapping[str, str]:
        """The colour and size in which that product was ordered."""
        if self.order is None or self.line is None:
            return {}
        lines = zip(self.order.facts.lines, self.order.options, strict=False)  # an order may come without options
        options = next((options for line, options in lines if line.sku == self.line.sku), {})
        return {aspect: str(options[aspect]) for aspect in ("color", "size") if options.get(aspect)}

    @property
    def left(self) -> int:
        """Pieces of that line, or parts of them, that no ticket is about yet."""
        return self.left_of(self.sku) * self.per_piece if self.sku else 0

    def left_of(self, sku: str) -> int:
        """Pieces of a product that no ticket is about yet."""
        if self.order is None:
            return 0
        claims = (c for c in self.order.facts.claimed if c.sku in (None, sku) and c.cause not in SIDE_CLAIMS)
        bought = sum(line.quantity for line in self.order.facts.lines if line.sku == sku)
        return max(0, bought - sum(claim.quantity for claim in claims))

    @property
    def counts(self) -> dict[str, int]:
        """How many pieces of which product the customer told."""
        told = self.facts.get("quantity")
        if isinstance(told, dict):
            return {sku: int(count) for sku, count in told.items()}
        return {self.sku: int(told)} if told is not None and self.sku else {}

    def count_of(self, sku: str) -> int | None:
        """Pieces (or parts) of a product that are concerned; where only one can be meant, nobody is asked."""
        return self.counts.get(sku, 1 if self.left_of(sku) * self.per_piece == 1 else None)

    @property
    def uncounted(self) -> str | None:
        """The first product of which more than one piece may be concerned, and nobody said how many."""
        return next((sku for sku in self.skus if self.left_of(sku) > 1 and self.count_of(sku) is None), None)

    @property
    def quantity(self) -> int | None:
        """Pieces concerned of the only product."""
        told = self.facts.get("quantity")
        if self.sku:
            return self.count_of(self.sku)
        return told if isinstance(told, int) else None

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """What policy is asked about, product by product; none for the whole order."""
        return tuple(Wanted(sku, self.count_of(sku)) for sku in self.skus)

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
            self.facts.get("wanted"),
            remedy and (remedy.solution, remedy.amount, remedy.freight_payer),
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()[:12]

    def options_text(self, options: Mapping[str, str]) -> str:
        """Colour and size as a customer reads them."""
        named = (self.turn.label(f"label_option_{aspect}", value=value) for aspect, value in options.items())
        return " ".join(named)

    def items_text(self) -> str:
        """The goods concerned, as a customer reads them."""
        if self.gifts:
            return AND.join(self.gifts)
        if self.line and self.parts:
            count = self.quantity or self.per_piece
            return self.turn.label("label_part_of", product=self.line.name, part=AND.join(self.parts), count=count)
        items = AND.join(f"{line.name}×{quantity}" for line, quantity in self._pieces())
        wanted = self.facts.get("wanted") if self.decision else None
        if not wanted:
            return items
        return self.turn.label("label_items_wanted", items=items, wanted=self.options_text({**self.ordered, **wanted}))

    def claimed_items(self) -> list[dict[str, Any]]:
        """The pieces for the ticket."""
        if self.line and self.parts:
            told = self.quantity or 1
            pieces = -(-told // self.per_piece)
            return [{"sku": self.line.sku, "quantity": pieces, "part": AND.join(self.parts), "part_quantity": told}]
        items: list[dict[str, Any]] = [{"sku": line.sku, "quantity": quantity} for line, quantity in self._pieces()]
        return [items[0] | {"gift": AND.join(self.gifts)}, *items[1:]] if self.gifts else items

    def _pieces(self) -> list[tuple[LineFacts, int]]:
        """What policy decided on; before it did, what was told."""
        if self.decision and self.decision.pieces:
            return [(pieces.line, pieces.quantity) for pieces in self.decision.pieces]
        lines = self.order.facts.lines if self.order else ()
        return [(li, self.count_of(li.sku) or li.quantity) for li in lines if not self.skus or li.sku in self.skus]
