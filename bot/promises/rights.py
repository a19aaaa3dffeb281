"""Promises and denials of rights: return by own wish, freight, warranty, invoice."""

from __future__ import annotations

from bot.policy import windows
from bot.policy.facts import LineFacts
from bot.promises.eligibility import FAULTS, allowed
from bot.promises.facts import PromiseFacts
from bot.promises.promise import Promise
from bot.promises.verdict import Ruling, block, holds, warn
from bot.promises.words import words

WINDOW = "no_reason_window"


def no_return(promise: Promise, facts: PromiseFacts) -> Ruling:
    """A right that the goods have cannot be talked away (R711)."""
    lines = facts.lines(promise.subject)
    if not lines:
        return warn("no_exclusion", "truth_order_needed")
    if _window_over(facts) or _says(promise, "overdue"):
        return holds(WINDOW)
    if facts.claim is not None and facts.claim.cause in FAULTS:
        return _denied_fault(promise, facts)
    return min((_denied(promise, facts, line) for line in lines), key=_worst)


def _denied_fault(promise: Promise, facts: PromiseFacts) -> Ruling:
    order = facts.order
    given = allowed(facts, order, promise, "refund", "return_refund", "exchange", "reship") if order else None
    if given is None or given.best is None:
        return holds("no_reason_category")
    return block(given.best.rule_ids[0], "truth_freight_ours")


def _denied(promise: Promise, facts: PromiseFacts, line: LineFacts) -> Ruling:
    if line.no_reason == "never" or _of_other_goods(promise, line):
        return holds("no_reason_category")
    if line.no_reason == "unopened":
        opened = facts.claim is not None and facts.claim.opened is True
        if opened or promise.unopened is False:
            return holds("no_reason_category")
        if promise.unopened is None and not _says(promise, "every"):
            return warn("no_reason_category", "truth_returnable_unopened", item=line.name)
        return block("no_exclusion", "truth_returnable_unopened", item=line.name)
    if _says(promise, "used") or (facts.claim is not None and facts.claim.intact is False):
        return warn("no_reason_condition", "truth_returnable_intact", item=line.name)
    days = facts.pack.no_reason_return.days
    return block("no_exclusion", "truth_returnable", item=line.name, days=days)


def return_ok(promise: Promise, facts: PromiseFacts) -> Ruling:
    """Return by own wish, for goods that have it and while it lasts; return for a fault as policy has it."""
    lines = facts.lines(promise.subject)
    if not lines:
        return warn(WINDOW, "truth_order_needed")
    if facts.order is not None and promise.ground == "fault":
        given = allowed(facts, facts.order, promise, "refund", "return_refund", "exchange")
        if given.best is not None:
            return holds(given.best.rule_ids[0])
    if _window_over(facts):
        return holds(WINDOW) if _tells_window(promise, facts) else block(WINDOW, "truth_if_fault")
    if _beyond_window(promise, facts):
        return block(WINDOW, "truth_returnable", item=lines[0].name, days=facts.pack.no_reason_return.days)
    return min((_returnable(promise, facts, line) for line in lines), key=_worst)


def _returnable(promise: Promise, facts: PromiseFacts, line: LineFacts) -> Ruling:
    if line.no_reason == "never":
        if _tells_window(promise, facts) and _excepts(promise, line):
            return holds("no_reason_category")
        return block("no_reason_category", "truth_if_fault")
    if line.no_reason == "unopened":
        opened = _says(promise, "used") or (facts.claim is not None and facts.claim.opened is True)
        if promise.unopened is False or opened:
            return block("no_reason_category", "truth_returnable_unopened", item=line.name)
        if promise.unopened is None:
            return warn("no_reason_category", "truth_returnable_unopened", item=line.name)
    return holds(WINDOW)


def freight(promise: Promise, facts: PromiseFacts) -> Ruling:
    """The shop pays for its faults; for the customer's own wish whoever the rules name."""
    if _by_fault(promise, facts):
        return holds("wrong")
    if facts.pack.freight["no_reason"].back == "merchant":
        return holds("no_reason_freight")
    wished = promise.ground == "wish" or (facts.claim is not None and facts.claim.cause not in FAULTS)
    if wished:
        return block("no_reason_freight", "truth_freight_wish")
    return warn("no_reason_freight", "truth_freight_by_cause")


def buyer_freight(promise: Promise, facts: PromiseFacts) -> Ruling:
    """The customer pays for an own wish, never for the shop's fault (R688)."""
    if _by_fault(promise, facts):
        return block("wrong", "truth_freight_ours")
    if promise.ground == "wish" or facts.claim is not None:
        return holds("no_reason_freight")
    return warn("no_reason_freight", "truth_freight_by_cause")


def warranty(promise: Promise, facts: PromiseFacts) -> Ruling:
    """As long as the product's own, and no longer."""
    lines = facts.lines(promise.subject)
    if not lines:
        return warn("warranty_repair", "truth_order_needed")
    for line in lines:
        if line.warranty_days is None:
            return block("warranty_repair", "truth_if_fault")
        if promise.forever or (promise.days is not None and promise.days > line.warranty_days):
            return block("warranty_repair", "truth_warranty", item=line.name, days=line.warranty_days)
    return holds("warranty_repair")


def invoice_denied(promise: Promise, facts: PromiseFacts) -> Ruling:
    """An invoice is due on request, activity or not (PRODUCT C1)."""
    return block("invoice_on_request", "truth_invoice")


def _by_fault(promise: Promise, facts: PromiseFacts) -> bool:
    if promise.ground == "fault":
        return True
    return promise.ground is None and facts.claim is not None and facts.claim.cause in FAULTS


def _window_over(facts: PromiseFacts) -> bool:
    signed_at = facts.order.signed_at if facts.order else None
    return signed_at is not None and windows.no_reason(signed_at, facts.pack).over(facts.now)


def _tells_window(promise: Promise, facts: PromiseFacts) -> bool:
    """Whether the sentence tells the rule itself, with its days: then it says until when it holds."""
    told = words().details["window"].search(promise.subject)
    return told is not None and words().number(told["days"]) == facts.pack.no_reason_return.days


def _excepts(promise: Promise, line: LineFacts) -> bool:
    """Whether the sentence excepts goods like these."""
    return _says(promise, "except") and not _goods_in(promise.subject).isdisjoint({line.category, *line.traits})


def _beyond_window(promise: Promise, facts: PromiseFacts) -> bool:
    """Whether more days are promised than there are, or a day after the last of them."""
    if promise.forever or (promise.days is not None and promise.days > facts.pack.no_reason_return.days):
        return True
    signed_at, deadline = facts.order.signed_at if facts.order else None, promise.deadline
    if signed_at is None or deadline is None or deadline.count is not None:
        return False
    return windows.no_reason(signed_at, facts.pack).over(deadline.by)


def _of_other_goods(promise: Promise, line: LineFacts) -> bool:
    """Whether the clause tells the rule for custom goods, say, and these are none."""
    said = _goods_in(promise.clause)
    return "custom" in said and said.isdisjoint({line.category, *line.traits})


def _goods_in(text: str) -> set[str]:
    return {name for name, expression in words().goods.items() if expression.search(text)}


def _says(promise: Promise, detail: str) -> bool:
    return words().details[detail].search(promise.subject) is not None


def _worst(ruling: Ruling) -> int:
    return ("block", "warn", "holds").index(ruling.outcome)
