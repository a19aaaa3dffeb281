"""Price protection: the difference to the lowest price since payment (R207)."""

from __future__ import annotations

from decimal import Decimal

from bot.policy import windows
from bot.policy.case import Case
from bot.policy.money import ZERO
from bot.policy.outcome import Decision
from bot.policy.pieces import Pieces


def price_protection(case: Case) -> Decision:
    """Per piece, inside the days from payment; a risen price changes nothing."""
    assert case.order.paid_at is not None
    window = windows.price_protection(case.order.paid_at, case.pack)
    if window.over(case.now):
        return case.refused("price_window_over", ends_at=window.end)
    amount = sum((_difference(pieces) for pieces in case.pieces), ZERO)
    if amount == 0:
        return case.refused("price_not_fallen")
    return case.granted([case.remedy("price_difference", "price_protection", amount=amount)], ends_at=window.end)


def _difference(pieces: Pieces) -> Decimal:
    lowest = pieces.line.lowest_price_since_payment
    if lowest is None:
        return ZERO
    return max(ZERO, pieces.line.unit_price - lowest) * pieces.quantity
