"""Late shipping: compensation per order line (R701, R744, R746), presale and custom goods exempt (R699)."""

from __future__ import annotations

from bot.policy import windows
from bot.policy.case import Case
from bot.policy.money import ZERO, capped_share
from bot.policy.outcome import Decision


def late_shipping(case: Case) -> Decision:
    """Counted from payment to the courier's scan, or to now while there is none."""
    assert case.order.paid_at is not None
    rules = case.pack.late_shipping
    due = [pieces for pieces in case.pieces if not rules.exempt_traits & pieces.line.traits]
    if not due:
        return case.refused("exempt")
    deadline = windows.ship_by(case.order.paid_at, case.pack)
    left = case.order.shipped_at or case.order.signed_at
    if (left or case.now) <= deadline:
        return case.refused("shipped_in_time") if left else case.refused("not_yet_late", due=deadline)
    amount = sum((capped_share(pieces.line.price, rules.rate, rules.cap) for pieces in due), ZERO)
    return case.granted([case.remedy("compensation", "late_shipping", amount=amount)])
