"""Amounts in yuan. Shares are rounded half up to the fen, caps apply after rounding (PRODUCT 1.6, C11)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from bot.policy.clauses import Reason
from bot.policy.facts import OrderFacts

FEN = Decimal("0.01")
ZERO = Decimal("0.00")


def to_fen(amount: Decimal) -> Decimal:
    """Rounded half up to the fen."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def capped_share(price: Decimal, rate: Decimal, cap: Decimal) -> Decimal:
    """A share of a price, never above the cap (R746)."""
    return min(to_fen(price * rate), to_fen(cap))


def already_claimed(order: OrderFacts) -> Decimal:
    """What tickets of this order have claimed, pending ones included (R154)."""
    return sum((claimed.amount for claimed in order.claimed), ZERO)


def left_of_paid(order: OrderFacts) -> Decimal:
    """What can still leave the shop for this order: never more than paid minus claimed (R154)."""
    if order.status == "unpaid":
        return ZERO
    return max(ZERO, to_fen(order.paid - already_claimed(order)))


def objection(order: OrderFacts, amount: Decimal, reason: str) -> Reason | None:
    """Why a refund that a person sets is blocked: above what is left (R154), or partial without a reason (R155)."""
    if amount > left_of_paid(order):
        return "over_paid"
    if amount < order.paid and not reason.strip():
        return "partial_unexplained"
    return None
