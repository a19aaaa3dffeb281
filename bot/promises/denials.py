"""Denials: a right that customers have must not be talked away."""

from __future__ import annotations

from bot.policy.decide import decide
from bot.policy.facts import Claim, LineFacts, OrderFacts
from bot.promises.eligibility import FAULTS, allowed
from bot.promises.facts import PromiseFacts
from bot.promises.promise import Promise
from bot.promises.rights import WINDOW, goods_in, order_needed, says, window_over, worst
from bot.promises.verdict import Ruling, block, holds, warn


def no_cancel(promise: Promise, facts: PromiseFacts) -> Ruling:
    """What has not been sent can be cancelled, without a fee (R143, R144)."""
    order = facts.order
    if order is None:
        return order_needed(promise, facts, "unshipped_cancel")
    if order.signed_at is not None and says(promise, "fee") and not window_over(facts):
        return block("no_reason_condition", "truth_whole_price")
    remedy = decide(order, Claim("unshipped_cancel"), facts.pack, facts.now).remedy("cancel")
    if remedy is None or order.status != "paid":
        return holds("unshipped_cancel")
    return block("unshipped_cancel", "truth_cancel", amount=remedy.amount or order.paid)


def no_warranty(promise: Promise, facts: PromiseFacts) -> Ruling:
    """What has a warranty has it (R220)."""
    covered = next((line for line in facts.lines(promise.subject) if line.warranty_days), None)
    if covered is None:
        return holds("warranty_repair")
    return block("warranty_repair", "truth_warranty", item=covered.name, days=covered.warranty_days or 0)


def no_difference(promise: Promise, facts: PromiseFacts) -> Ruling:
    """A price that has fallen in time is due, that of an activity too (R207)."""
    days = facts.pack.price_protection.days_from_payment
    if facts.order is None:
        return block("price_protection", "truth_price_protection", days=days)
    if promise.days is not None and promise.days < days:
        return block("price_protection", "truth_price_protection", days=days)
    remedy = decide(facts.order, Claim("price_protection"), facts.pack, facts.now).remedy("price_difference")
    if remedy is None or remedy.amount is None:
        return holds("price_protection")
    return block("price_protection", "truth_difference", amount=remedy.amount)


def no_remedy(promise: Promise, facts: PromiseFacts) -> Ruling:
    """The shop stands for its faults and for sending late (R219, R746)."""
    order = facts.order
    if order is None and facts.product is not None and promise.ground == "fault":
        return block("fault_report", "truth_if_fault")
    if order is None:
        return order_needed(promise, facts, "fault_report")
    gone = any(line.stock is not None and line.stock < line.quantity for line in facts.lines(promise.subject))
    if says(promise, "out_of_stock") and promise.ground != "late":
        return holds("in_stock") if gone else warn("in_stock", "truth_in_stock_unknown")
    if promise.ground == "late" or (promise.ground is None and order.status == "paid"):
        late = decide(order, Claim("late_shipping"), facts.pack, facts.now)
        return block("late_shipping", "truth_ship_late") if late.remedies else holds("late_shipping")
    if promise.ground is None and facts.claim is None and not says(promise, "disclaims"):
        return holds("fault_report")
    return _fault_denied(promise, facts, order)


def _fault_denied(promise: Promise, facts: PromiseFacts, order: OrderFacts) -> Ruling:
    if order.signed_at is None:
        return block("fault_report", "truth_if_fault")
    given = allowed(facts, order, promise, "refund", "return_refund", "exchange", "reship", "repair")
    best = given.best
    return holds("fault_report") if best is None else block(best.rule_ids[0], "truth_if_fault")


def no_return(promise: Promise, facts: PromiseFacts) -> Ruling:
    """A right that the goods have cannot be talked away (R711)."""
    lines = facts.lines(promise.subject)
    if promise.ground == "fault" and says(promise, "even_if"):
        return no_remedy(promise, facts)
    if facts.order is not None and facts.order.status == "paid":
        return no_cancel(promise, facts)
    if not lines:
        return order_needed(promise, facts, "no_exclusion")
    if window_over(facts) or (says(promise, "overdue") and not says(promise, "this_one")):
        return holds(WINDOW)
    if facts.claim is not None and facts.claim.cause in FAULTS:
        return _denied_fault(promise, facts)
    return min((_denied(promise, facts, line) for line in lines), key=worst)


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
        if opened or (promise.unopened is False and not says(promise, "either_way")):
            return holds("no_reason_category")
        if promise.unopened is None and not (says(promise, "every") or says(promise, "either_way")):
            return warn("no_reason_category", "truth_returnable_unopened", item=line.name)
        return block("no_exclusion", "truth_returnable_unopened", item=line.name)
    if says(promise, "used") or (facts.claim is not None and facts.claim.intact is False):
        return warn("no_reason_condition", "truth_returnable_intact", item=line.name)
    days = facts.pack.no_reason_return.days
    return block("no_exclusion", "truth_returnable", item=line.name, days=days)


def invoice_denied(promise: Promise, facts: PromiseFacts) -> Ruling:
    """An invoice is due on request, activity or not (PRODUCT C1)."""
    return block("invoice_on_request", "truth_invoice")


def _of_other_goods(promise: Promise, line: LineFacts) -> bool:
    """Whether the clause tells the rule for custom goods, say, and these are none."""
    said = goods_in(promise.clause)
    return "custom" in said and said.isdisjoint({line.category, *line.traits})
