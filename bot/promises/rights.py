"""Promises of rights: return by own wish, freight, warranty."""

from __future__ import annotations

from bot.policy import windows
from bot.policy.facts import LineFacts
from bot.promises.eligibility import FAULTS, allowed
from bot.promises.facts import PromiseFacts
from bot.promises.promise import Promise
from bot.promises.published import free_shipping
from bot.promises.verdict import Ruling, block, holds, warn
from bot.promises.words import words

WINDOW = "no_reason_window"


def return_ok(promise: Promise, facts: PromiseFacts) -> Ruling:
    """Return by own wish, for goods that have it and while it lasts; return for a fault as policy has it."""
    lines = facts.lines(promise.subject)
    if not lines:
        if _beyond_window(promise, facts):
            return block(WINDOW, "truth_order_needed")
        return order_needed(promise, facts, WINDOW)
    if facts.order is not None and promise.ground == "fault":
        given = allowed(facts, facts.order, promise, "refund", "return_refund", "exchange")
        if given.best is not None:
            return holds(given.best.rule_ids[0])
    if window_over(facts):
        return holds(WINDOW) if _tells_window(promise, facts) else block(WINDOW, "truth_if_fault")
    if _beyond_window(promise, facts):
        return block(WINDOW, "truth_returnable", item=lines[0].name, days=facts.pack.no_reason_return.days)
    return min((_returnable(promise, facts, line) for line in lines), key=worst)


def _returnable(promise: Promise, facts: PromiseFacts, line: LineFacts) -> Ruling:
    if line.no_reason == "never":
        if _tells_window(promise, facts) and _excepts(promise, line):
            return holds("no_reason_category")
        return block("no_reason_category", "truth_if_fault")
    if line.no_reason == "unopened":
        opened = says(promise, "used") or (facts.claim is not None and facts.claim.opened is True)
        if promise.unopened is False or opened:
            return block("no_reason_category", "truth_returnable_unopened", item=line.name)
        if promise.unopened is None:
            return warn("no_reason_category", "truth_returnable_unopened", item=line.name)
    if _worn(promise) or (facts.claim is not None and facts.claim.intact is False):
        return block("no_reason_condition", "truth_returnable_intact", item=line.name)
    return holds(WINDOW)


def _worn(promise: Promise) -> bool:
    """Whether the sentence says that the goods were worn or used, and not that they were not."""
    found = words().details["worn"].search(promise.subject)
    return found is not None and words().details["not_so"].search(promise.subject[: found.start()]) is None


def freight(promise: Promise, facts: PromiseFacts) -> Ruling:
    """The shop pays for its faults; for the customer's own wish whoever the rules name.

    Before anything is bought it is the freight of the first parcel that is talked about.
    """
    if _before_buying(promise, facts):
        return free_shipping(promise, facts)
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
    if _before_buying(promise, facts):
        return _freight_before_buying(promise, facts)
    if _by_fault(promise, facts):
        return block("wrong", "truth_freight_ours")
    if promise.ground == "wish" or facts.claim is not None:
        return holds("no_reason_freight")
    return warn("no_reason_freight", "truth_freight_by_cause")


def _before_buying(promise: Promise, facts: PromiseFacts) -> bool:
    return facts.order is None and facts.product is not None and promise.ground is None


def _freight_before_buying(promise: Promise, facts: PromiseFacts) -> Ruling:
    """Due below the total from which parcels are sent free; the dearest sum of the sentence is it, if there is any."""
    lexicon = words()
    sums = [lexicon.money(found[0]) for found in lexicon.details["sums"].finditer(promise.subject)]
    dearest = max((amount for amount in sums if amount is not None and amount != facts.freight), default=None)
    ruling = free_shipping(promise, facts)
    below = dearest is not None and facts.free_from is not None and dearest < facts.free_from
    if below or ruling.outcome != "holds":
        return holds(ruling.rule_id)
    return block(ruling.rule_id, "truth_sent_free")


def warranty(promise: Promise, facts: PromiseFacts) -> Ruling:
    """As long as the product's own, and no longer."""
    lines = facts.lines(promise.subject)
    if not lines:
        general = not facts.standing.is_person and says(promise, "all_of_it")
        return (block if general else warn)("warranty_repair", "truth_order_needed")
    if promise.days is None and not promise.forever and says(promise, "in_warranty"):
        return holds("warranty_repair")
    for line in lines:
        if line.warranty_days is None:
            return block("warranty_repair", "truth_if_fault")
        if promise.forever or (promise.days is not None and promise.days > line.warranty_days):
            return block("warranty_repair", "truth_warranty", item=line.name, days=line.warranty_days)
    return holds("warranty_repair")


def order_needed(promise: Promise, facts: PromiseFacts, rule_id: str) -> Ruling:
    """Said without knowing the order: a person is warned, the bot must not speak of an order that it does not know."""
    unseen = facts.order is None and not facts.standing.is_person and says(promise, "this_one")
    return (block if unseen else warn)(rule_id, "truth_order_needed")


def _by_fault(promise: Promise, facts: PromiseFacts) -> bool:
    if promise.ground == "fault":
        return True
    return promise.ground is None and facts.claim is not None and facts.claim.cause in FAULTS


def window_over(facts: PromiseFacts) -> bool:
    """Whether the time for a return by own wish is over."""
    signed_at = facts.order.signed_at if facts.order else None
    return signed_at is not None and windows.no_reason(signed_at, facts.pack).over(facts.now)


def _tells_window(promise: Promise, facts: PromiseFacts) -> bool:
    """Whether the sentence tells the rule itself, with its days: then it says until when it holds."""
    told = words().details["window"].search(promise.subject)
    return told is not None and words().number(told["days"]) == facts.pack.no_reason_return.days


def _excepts(promise: Promise, line: LineFacts) -> bool:
    """Whether the sentence excepts goods like these."""
    return says(promise, "except") and not goods_in(promise.subject).isdisjoint({line.category, *line.traits})


def _beyond_window(promise: Promise, facts: PromiseFacts) -> bool:
    """Whether more days are promised than there are, or a day after the last of them."""
    if promise.forever or (promise.days is not None and promise.days > facts.pack.no_reason_return.days):
        return True
    signed_at, deadline = facts.order.signed_at if facts.order else None, promise.deadline
    if signed_at is None or deadline is None or deadline.count is not None:
        return False
    return windows.no_reason(signed_at, facts.pack).over(deadline.by)


def goods_in(text: str) -> set[str]:
    """Kinds of goods of which a text speaks in general."""
    return {name for name, expression in words().goods.items() if expression.search(text)}


def says(promise: Promise, detail: str) -> bool:
    """Whether a detail of the lexicon stands in the sentence of a promise."""
    return words().details[detail].search(promise.subject) is not None


def worst(ruling: Ruling) -> int:
    """A key that puts the gravest ruling first."""
    return ("block", "warn", "holds").index(ruling.outcome)
