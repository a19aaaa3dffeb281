"""Late shipping: compensation per order line (R701, R744, R746), some goods exempt (R698-R700)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from bot.policy import windows
from bot.policy.case import Case
from bot.policy.facts import OrderFacts
from bot.policy.money import ZERO, capped_share
from bot.policy.outcome import Decision, Pieces
from bot.policy.pack import RulePack


def late_shipping(case: Case) -> Decision:
    """Counted from payment to the courier's scan, or to now while there is none."""
    assert case.order.paid_at is not None
    amount = compensation(case.pieces, case.pack)
    if amount is None:
        return case.refused("exempt")
    deadline = windows.ship_by(case.order.paid_at, case.pack)
    left = case.order.shipped_at or case.order.signed_at
    if (left or case.now) <= deadline:
        return case.refused("shipped_in_time") if left else case.refused("not_yet_late", due=deadline)
    return case.granted([case.remedy("compensation", "late_shipping", amount=amount)])


def compensation(pieces: Iterable[Pieces], pack: RulePack) -> Decimal | None:
    """What these pieces bring when they leave late; None where all of them are exempt."""
    rules = pack.late_shipping
    lines = [each.line for each in pieces]
    due = [
        line for line in lines if not rules.exempt_traits & line.traits and line.category not in rules.exempt_categories
    ]
    return sum((capped_share(line.price, rules.rate, rules.cap) for line in due), ZERO) if due else None


def is_exempt(order: OrderFacts, pack: RulePack) -> bool:
    """Whether nothing in an order counts as late shipping, however long it takes."""
    return compensation((Pieces(line, line.quantity) for line in order.lines), pack) is None
