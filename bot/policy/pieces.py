"""Which pieces of an order a claim is about, and which of them are still free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.policy.clauses import Reason
from bot.policy.facts import Cause, Claim, Claimed, OrderFacts, Solution, Wanted
from bot.policy.money import ZERO, to_fen
from bot.policy.outcome import FieldValue, Pieces

SIDE_CLAIMS: frozenset[Cause] = frozenset({"late_shipping", "price_protection", "gift_missing"})
"""Claims that leave the goods as they are: each stands in the way of its own kind only."""

MONEY_FOR_PIECES: frozenset[Solution | None] = frozenset({"refund", "return_refund", "cancel", None})


@dataclass(frozen=True)
class NotFree:
    """Why a claim finds no pieces; `reason`, `fields` and `sku` as in `Refusal`."""

    reason: Reason
    fields: dict[str, FieldValue]
    sku: str | None = None


def concerned(order: OrderFacts, claim: Claim) -> tuple[Pieces, ...] | NotFree:
    """The free pieces that the claim is about, or what first stands in its way. A broken part concerns its set."""
    if not claim.wanted:
        return _all_free(order, claim.cause)
    found: list[Pieces] = []
    for wanted in claim.wanted:
        pieces = _of_product(order, claim.cause, wanted)
        if isinstance(pieces, NotFree):
            return pieces
        found += pieces
    return tuple(found)


def whole_order_refunded(order: OrderFacts, pieces: tuple[Pieces, ...]) -> bool:
    """Whether no piece is left that the customer paid for, once these are refunded too."""
    if any(c.cause not in SIDE_CLAIMS and c.solution not in MONEY_FOR_PIECES for c in order.claimed):
        return False
    free = sum(p.quantity for p in _free(order, None))
    return free == sum(p.quantity for p in pieces)


def price_of(order: OrderFacts, pieces: tuple[Pieces, ...]) -> Decimal:
    """What the customer paid for these pieces, less the price differences already claimed for them."""
    return sum((_net(order, p) for p in pieces), ZERO)


def _all_free(order: OrderFacts, cause: Cause) -> tuple[Pieces, ...] | NotFree:
    free, rivals = tuple(_free(order, cause)), _rivals(order, cause)
    if not order.lines:
        return NotFree("not_in_order", {})
    return NotFree("already_claimed", {"ticket": rivals[0].ticket_id}) if rivals and not free else free


def _of_product(order: OrderFacts, cause: Cause, wanted: Wanted) -> list[Pieces] | NotFree:
    sku = wanted.sku
    lines = [line for line in order.lines if line.sku == sku]
    if not lines or (wanted.part is not None and wanted.part not in lines[0].parts):
        return NotFree("not_in_order", {}, sku)
    free = [pieces for pieces in _free(order, cause) if pieces.line in lines]
    rival = next((claimed for claimed in _rivals(order, cause) if claimed.sku in (None, sku)), None)
    left = sum(pieces.quantity for pieces in free)
    if rival is not None and left == 0:
        return NotFree("already_claimed", {"ticket": rival.ticket_id}, sku)
    per_piece = lines[0].parts[wanted.part] if wanted.part else 1
    count = left if wanted.quantity is None else -(-wanted.quantity // per_piece)
    bought = sum(line.quantity for line in lines)
    if rival is not None and left < count <= bought:
        fields: dict[str, FieldValue] = {"item": lines[0].name, "left": left * per_piece, "ticket": rival.ticket_id}
        return NotFree("partly_claimed", fields, sku)
    if count > left:
        return NotFree("more_than_bought", {"item": wanted.part or lines[0].name, "bought": bought * per_piece}, sku)
    return list(_take(free, count))


def _net(order: OrderFacts, pieces: Pieces) -> Decimal:
    sku = pieces.line.sku
    differences = sum((c.amount for c in order.claimed if c.cause == "price_protection" and c.sku == sku), ZERO)
    bought = sum(line.quantity for line in order.lines if line.sku == sku)
    return max(ZERO, to_fen(pieces.line.unit_price * pieces.quantity - differences * pieces.quantity / bought))


def _rivals(order: OrderFacts, cause: Cause | None) -> list[Claimed]:
    if cause in SIDE_CLAIMS:
        return [c for c in order.claimed if c.cause == cause]
    return [c for c in order.claimed if c.cause not in SIDE_CLAIMS]


def _free(order: OrderFacts, cause: Cause | None) -> Iterator[Pieces]:
    rivals = _rivals(order, cause)
    if any(c.sku is None for c in rivals):
        return
    used = {line.sku: sum(c.quantity for c in rivals if c.sku == line.sku) for line in order.lines}
    for line in order.lines:
        taken = min(line.quantity, used[line.sku])
        used[line.sku] -= taken
        if taken < line.quantity:
            yield Pieces(line, line.quantity - taken)


def _take(free: list[Pieces], quantity: int) -> Iterator[Pieces]:
    for pieces in free:
        taken = min(quantity, pieces.quantity)
        quantity -= taken
        if taken:
            yield Pieces(pieces.line, taken)
