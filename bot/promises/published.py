"""Promises of what the shop has published for everybody: free shipping from a total on, coupons."""

from __future__ import annotations

from decimal import Decimal

from bot.promises.facts import PromiseFacts
from bot.promises.promise import Promise
from bot.promises.verdict import Ruling, block, holds, warn
from bot.promises.words import words

RULE = "offer_as_published"


def free_shipping(promise: Promise, facts: PromiseFacts) -> Ruling:
    """From the published total on; below it a person may give it, the bot may not."""
    free_from = facts.free_from
    if free_from is None:
        return holds(RULE)
    if promise.threshold is not None:
        enough = promise.threshold >= free_from
    else:
        total = _total(facts, promise)
        if words().details["all_of_it"].search(promise.clause):
            return block(RULE, "truth_free_from", free_from=free_from)
        if total is None:
            return warn(RULE, "truth_free_from", free_from=free_from)
        enough = total >= free_from or (facts.order is not None and not facts.order.freight)
    if enough:
        return holds(RULE)
    too_early = warn if promise.threshold is None and facts.standing.is_person else block
    return too_early(RULE, "truth_free_from", free_from=free_from)


def coupon(promise: Promise, facts: PromiseFacts) -> Ruling:
    """One that is running, with its own threshold, or something less."""
    if promise.threshold is None or promise.amount is None:
        return warn(RULE, "truth_coupons")
    if any(promise.threshold >= least and promise.amount <= off for least, off in facts.coupons):
        return holds(RULE)
    return block(RULE, "truth_coupons")


def _total(facts: PromiseFacts, promise: Promise) -> Decimal | None:
    """What the goods in talk cost together, as many as the sentence names of them."""
    if facts.order is not None:
        return sum((line.unit_price * line.quantity for line in facts.order.lines), Decimal(0))
    if facts.goods is not None:
        named = words().details["together"].search(promise.clause + promise.subject)
        pieces = words().number(named["quantity"]) if named else None
        return facts.goods.today_total / facts.goods.quantity * pieces if pieces else facts.goods.today_total
    return facts.product.unit_price * facts.product.quantity if facts.product is not None else None
