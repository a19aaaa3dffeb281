"""Which coupons the customer can use: those that run, for everybody or for this one's level."""

from __future__ import annotations

from actions.found import Found
from actions.heard import Heard
from bot import cards, coupons
from bot.conversation.turn import Turn


async def running(turn: Turn, heard: Heard) -> list[Found]:
    """The coupons, as cards; an unknown visitor sees those for everybody."""
    level = turn.customer.level if turn.customer else ""
    own = coupons.of_level(turn.services.shop.coupons, level)
    ends = [await coupons.until(turn.session, coupon, turn.now) for coupon in own]
    shown = [
        cards.coupon(turn.label, coupon, until)
        for coupon, until in zip(own, ends, strict=True)
        if until is None or until > turn.now
    ]
    return [Found("utter_coupons", cards=tuple(shown))] if shown else []
