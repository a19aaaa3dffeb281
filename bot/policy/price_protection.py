"""Price protection: the difference to the lowest price within the days from payment (R207)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.policy import windows
from bot.policy.case import Case
from bot.policy.money import ZERO
from bot.policy.outcome import Decision, Pieces


def price_protection(case: Case) -> Decision:
    """Per piece. The price must fall inside the days from payment; the claim may come later.

    Only the pieces that became cheaper are dealt with: the others may still fall.
    """
    assert case.order.paid_at is not None
    window = windows.price_protection(case.order.paid_at, case.pack)
    fallen = tuple(pieces for pieces in case.pieces if _difference(case, pieces, window) > 0)
    if fallen:
        amount = sum((_difference(case, pieces, window) for pieces in fallen), ZERO)
        return replace(case, pieces=fallen).granted(
            [case.remedy("price_difference", "price_protection", amount=amount)]
        )
    if window.over(case.now):
        return case.refused("price_window_over", ends_at=window.end)
    return case.refused("price_not_fallen")


def _difference(case: Case, pieces: Pieces, window: windows.Window) -> Decimal:
    """What these pieces cost more than at the lowest price that counts; a risen price changes nothing."""
    activities = case.pack.price_protection.activity_prices_count
    counting = [
        seen.price for seen in pieces.line.prices if not window.over(seen.since) and (activities or not seen.activity)
    ]
    return max(ZERO, pieces.line.unit_price - min(counting, default=pieces.line.unit_price)) * pieces.quantity
