"""Which pieces of an order a claim is about, and which of them are still free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.policy.clauses import Reason
from bot.policy.facts import Cause, Claim, Claimed, LineFacts, OrderFacts, Solution
from bot.policy.money import ZERO, to_fen
from bot.policy.outcome import FieldValue

SIDE_CLAIMS: frozenset[Cause] = frozenset({"late_shipping", "price_protection", "gift_missing"})
"""Claims that leave the goods as they are: each stands in the way of its own kind only."""

MONEY_FOR_PIECES: frozenset[Solution | None] = frozenset({"refund", "return_refund", "cancel", None})


@dataclass(frozen=True)
class Pieces:
    """Some pieces of one line."""

    line: LineFacts
    quantity: int


@dataclass(frozen=True)
class NotFree:
    """Why a claim finds no pieces; `reason` and `fields` as in `Refusal`."""

    reason: Reason
    fields: dict[str, FieldValue]


def concerned(order: OrderFacts, claim: Claim) -> tuple[Pieces, ...] | NotFree:
    """The free pieces that the claim is about, or what stands in its way. A broken part concerns its whole set."""
    lines = [line for line in order.lines if claim.sku in (None, line.sku)]
    if not lines or (claim.part is not None and claim.part not in lines[0].parts):
        return NotFree("not_in_order", {})
    free = [pieces for pieces in _free(order, claim.cause) if pieces.line in lines]
    rival = next((c for c in _rivals(order, claim.cause) if None in (c.sku, claim.sku) or c.sku == claim.sku), None)
    left = sum(pieces.quantity for pieces in free)
    if rival is not None and left == 0:
        return NotFree("already_claimed", {"ticket": rival.ticket_id})
    per_piece = lines[0].parts[claim.part] if claim.part else 1
    wanted = left if claim.quantity is None else -(-claim.quantity // per_piece)
    if rival is not None and left < wanted <= sum(line.quantity for line in lines):
        return NotFree("partly_claimed", {"item": lines[0].name, "left": left * per_piece, "ticket": rival.ticket_id})
    if wanted > left:
        bought = sum(line.quantity for line in lines) * per_piece
        return NotFree("more_than_bought", {"item": claim.part or lines[0].name, "bought": bought})
    return tuple(_take(free, wanted))


def whole_order_refunded(order: OrderFacts, pieces: tuple[Pieces, ...]) -> bool:
    """Whether no piece is left that the customer paid for, once these are refunded too."""
    if any(c.cause not in SIDE_CLAIMS and c.solution not in MONEY_FOR_PIECES for c in order.claimed):
        return False
    free = sum(p.quantity for p in _free(order, None))
    return free == sum(p.quantity for p in pieces)


def price_of(order: OrderFacts, pieces: tuple[Pieces, ...]) -> Decimal:
    """What the customer paid for these pieces, less the price differences already claimed for them."""
    return sum((_net(order, p) for p in pieces), ZERO)


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
