"""The way into the engine: what does the pack allow for this claim on this order, now?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.policy import fault, wish
from bot.policy.case import Case, refused
from bot.policy.facts import Cause, Claim, OrderFacts
from bot.policy.late_shipping import late_shipping
from bot.policy.outcome import Decision
from bot.policy.pack import RulePack
from bot.policy.pieces import NotFree, concerned
from bot.policy.price_protection import price_protection

_RULINGS: Mapping[Cause, Callable[[Case], Decision]] = {
    "damaged": fault.reported,
    "wrong": fault.reported,
    "missing": fault.reported,
    "gift_missing": fault.gift_missing,
    "quality": fault.quality,
    "warranty": fault.warranty,
    "no_reason": wish.no_reason,
    "exchange_by_wish": wish.exchange,
    "unshipped_cancel": wish.cancel,
    "late_shipping": late_shipping,
    "price_protection": price_protection,
}


def decide(order: OrderFacts, claim: Claim, pack: RulePack, now: datetime) -> Decision:
    """What the shop's rules allow, for any order and claim; pure. `pack` is the one of the order's payment.

    ValueError if `now` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("now has no time zone")
    if order.status == "unpaid":
        return refused(pack, "unpaid")
    if order.status == "closed" and order.signed_at is None:
        return refused(pack, "closed")
    pieces = concerned(order, claim)
    if isinstance(pieces, NotFree):
        return refused(pack, pieces.reason, pieces.sku, **pieces.fields)
    return _RULINGS[claim.cause](Case(order, claim, pack, now, pieces))
