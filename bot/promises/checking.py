"""Whether promises hold against this order and its rule pack. Pure; eligibility and amounts are bot/policy's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from bot.promises import denials, done, goods, money, published, rights, timing
from bot.promises.carrying import MONEY, SOLUTIONS_OF
from bot.promises.facts import PromiseFacts
from bot.promises.promise import DENIALS, Kind, Promise
from bot.promises.verdict import Ruling, Verdict, holds
from bot.promises.words import words

_RULINGS: Mapping[Kind, Callable[[Promise, PromiseFacts], Ruling]] = {
    "refund_done": done.refund_done,
    "ship_done": done.ship_done,
    "delivered_done": done.delivered_done,
    "intercept_done": done.intercept_done,
    "cancel_done": done.cancel_done,
    "invoice_denied": denials.invoice_denied,
    "no_warranty": denials.no_warranty,
    "no_cancel": denials.no_cancel,
    "no_difference": denials.no_difference,
    "buyer_freight": rights.buyer_freight,
    "coupon": published.coupon,
    "free_shipping": published.free_shipping,
    "freight": rights.freight,
    "no_remedy": denials.no_remedy,
    "no_return": denials.no_return,
    "price_difference": money.price_difference,
    "refund_elsewhere": money.refund_elsewhere,
    "refund_arrival": timing.refund_arrival,
    "compensation": money.compensation,
    "reship": goods.reship,
    "exchange": goods.exchange,
    "warranty": rights.warranty,
    "discount": money.price,
    "price": money.price,
    "return_ok": rights.return_ok,
    "refund": money.refund,
    "stock": goods.stock,
    "answer_by": timing.answer_by,
    "restock_by": timing.restock_by,
    "ship_by": timing.ship_by,
    "deliver_by": timing.deliver_by,
    "gift": goods.gift,
}

CLAIMS: frozenset[Kind] = frozenset({"refund_done", "ship_done", "delivered_done", "intercept_done", "cancel_done"})
"""What is said to have happened; behind an "if" nothing is said of it."""

NOT_YET: frozenset[str] = frozenset({"after_signing", "shipped_interception", "late_shipping"})
"""Rules that only want something to happen first: behind an "if" they are kept."""


def check(promises: Iterable[Promise], facts: PromiseFacts) -> list[Verdict]:
    """A verdict for each promise, in their order; ValueError if `now` has no time zone."""
    if facts.now.tzinfo is None:
        raise ValueError("now has no time zone")
    return [_verdict(promise, facts) for promise in promises]


def _verdict(promise: Promise, facts: PromiseFacts) -> Verdict:
    if promise.kind in SOLUTIONS_OF and facts.tells_done(promise.subject, promise.amount):
        ruling = holds("one_claim")
    else:
        ruling = _as_sure_as_said(promise, _ruling(promise, facts), facts)
    clause = facts.pack.clause(ruling.rule_id)
    return Verdict(promise, ruling.outcome, ruling.rule_id, clause, ruling.due_at, ruling.truth, ruling.fields)


def _ruling(promise: Promise, facts: PromiseFacts) -> Ruling:
    """By its kind; money that is promised for a day has to be able to be there."""
    if promise.kind in MONEY and promise.deadline is not None and words().says("into_account", promise.clause):
        arrival = timing.refund_arrival(promise, facts)
        if arrival.outcome == "block":
            return arrival
    return _RULINGS[promise.kind](promise, facts)


def _as_sure_as_said(promise: Promise, ruling: Ruling, facts: PromiseFacts) -> Ruling:
    """What is only tried or expected is weaker than a promise; what hangs on a condition starts no clock.

    The bot does not try what would be wrong to promise: nobody reads over what it writes.
    """
    if promise.kind in DENIALS:
        return ruling
    if promise.certainty == "conditional":
        if promise.kind in CLAIMS or ruling.rule_id in NOT_YET:
            return holds(ruling.rule_id)
        return replace(ruling, due_at=None)
    if promise.certainty in ("effort", "estimate") and facts.order is not None and not facts.standing.is_person:
        asked_for = words().says("applied", promise.clause)
        return replace(ruling, outcome="block") if ruling.truth is not None and not asked_for else ruling
    if promise.certainty == "effort" and ruling.outcome != "warn":
        return replace(ruling, outcome="warn", truth=ruling.truth or "truth_do_our_best", due_at=None)
    if promise.certainty == "estimate" and ruling.outcome == "block":
        return replace(ruling, outcome="warn")
    return ruling
