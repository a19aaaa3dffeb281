"""Promises of money: refunds, compensation, price differences, prices."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from bot.policy import windows
from bot.policy.bargain import Goods, Talk, may_agree
from bot.policy.decide import decide
from bot.policy.facts import Claim, OrderFacts, Solution
from bot.policy.money import ZERO, left_of_paid
from bot.policy.outcome import Remedy
from bot.promises.carrying import REFUNDS
from bot.promises.eligibility import Allowed, allowed
from bot.promises.facts import PromiseFacts, TicketFacts
from bot.promises.promise import Promise
from bot.promises.verdict import Ruling, block, holds, refused, warn
from bot.promises.words import words

MONEY: tuple[Solution, ...] = (*REFUNDS, "compensation", "price_difference")


def refund(promise: Promise, facts: PromiseFacts) -> Ruling:
    """Never above what is left of the payment, never without a cause, never above the speaker's limit."""
    order = facts.order
    if order is None:
        told = promise.amount is None and words().details["general_rule"].search(promise.subject) is not None
        return holds("unshipped_cancel") if told else block("paid_orders", "truth_order_needed")
    ticket = _ticket_for(promise, facts, *REFUNDS)
    if ticket is not None:
        return holds("one_claim", _due(promise, None, ticket))
    left = left_of_paid(order)
    amount = _named(promise, left)
    over = _over_paid(facts, order, amount, left)
    if over is not None:
        return over
    given = allowed(facts, order, promise, *REFUNDS)
    best = given.best
    if best is None:
        return refused(given.refusal, facts.pack) if given.refusal else block("refund_ceiling", "truth_order_needed")
    above = _above_limit(facts, order, amount, is_compensation=False)
    if above is not None:
        return above
    return _refund_by_rule(promise, facts, order, amount, given, best)


def _refund_by_rule(
    promise: Promise, facts: PromiseFacts, order: OrderFacts, amount: Decimal | None, given: Allowed, best: Remedy
) -> Ruling:
    rule, most = best.rule_ids[0], best.amount or ZERO
    lines = facts.lines(promise.subject)
    if promise.quantity is not None and len(lines) == 1 and promise.quantity < lines[0].quantity:
        most = min(most, lines[0].unit_price * promise.quantity)
    if amount is not None and amount > most:
        if facts.standing.is_person:
            return warn(rule, "truth_refund_amount", amount=most)
        return block(rule, "truth_refund_amount", amount=most)
    if order.status == "shipped" and any(remedy.solution == "cancel" for _, remedy in given.remedies):
        return warn("shipped_interception", "truth_interception")
    if given.only_by_fault:
        return warn("fault_report", "truth_if_fault")
    return holds(rule, _due(promise, best, None))


def compensation(promise: Promise, facts: PromiseFacts) -> Ruling:
    """By rule, or by the goodwill of a person inside their limit; never above what is left of the payment."""
    order = facts.order
    if order is None:
        return block("paid_orders", "truth_order_needed")
    ticket = _ticket_for(promise, facts, "compensation")
    if ticket is not None:
        return holds("one_claim", _due(promise, None, ticket))
    left = left_of_paid(order)
    amount = _named(promise, left)
    above = _over_paid(facts, order, amount, left) or _above_limit(facts, order, amount, is_compensation=True)
    if above is not None:
        return above
    given = allowed(facts, order, promise, "compensation")
    best = given.best
    if best is None:
        if given.refusal and (given.refusal.reason in ("unpaid", "closed") or promise.ground == "late"):
            return refused(given.refusal, facts.pack)
        if facts.standing.is_person:
            return warn("compensation", "truth_if_fault")
        return refused(given.refusal, facts.pack) if given.refusal else block("compensation", "truth_if_fault")
    most = best.amount or ZERO
    if amount is not None and amount > most:
        beyond = warn if facts.standing.is_person else block
        return beyond(best.rule_ids[-1], "truth_compensation", amount=most)
    return holds(best.rule_ids[-1], _due(promise, best, None))


def refund_elsewhere(promise: Promise, facts: PromiseFacts) -> Ruling:
    """Money goes back the way it came (R146)."""
    return block("refund_arrival", "truth_refund_days", refund_days=facts.refund_days_told)


def price_difference(promise: Promise, facts: PromiseFacts) -> Ruling:
    """What price protection gives, and no more."""
    order = facts.order
    if order is None:
        return _difference_some_day(promise, facts)
    ticket = _ticket_for(promise, facts, "price_difference")
    if ticket is not None:
        return holds("price_protection", _due(promise, None, ticket))
    decision = decide(order, Claim("price_protection"), facts.pack, facts.now)
    remedy = decision.remedy("price_difference")
    window = facts.pack.price_protection.days_from_payment
    if _beyond(promise, order, facts):
        return block("price_protection", "truth_price_protection", days=window)
    details = words().details
    if details["protection"].search(promise.clause) and not details["pays"].search(promise.clause):
        return holds("price_protection")
    if promise.certainty == "conditional" and decision.refusal and decision.refusal.reason == "price_not_fallen":
        return holds("price_protection")
    if remedy is None:
        return refused(decision.refusal, facts.pack) if decision.refusal else block("price_protection", "truth_refused")
    most = remedy.amount or ZERO
    only = promise.amount is not None and details["only"].search(promise.clause) is not None
    if promise.amount is not None and (promise.amount > most or (only and promise.amount < most)):
        return block("price_protection", "truth_difference", amount=most)
    above = _above_limit(facts, order, promise.amount, is_compensation=False)
    return above or holds("price_protection", _due(promise, remedy, None))


def _beyond(promise: Promise, order: OrderFacts, facts: PromiseFacts) -> bool:
    """Whether price protection is promised for longer than it lasts, or till a day after its end."""
    longest = facts.pack.price_protection.days_from_payment
    if promise.forever or (promise.days is not None and promise.days > longest):
        return True
    named = promise.deadline is not None and promise.deadline.count is None and not promise.deadline.at_once
    in_words = words().details["protection"].search(promise.clause) is not None
    if order.paid_at is None or promise.deadline is None or not named or not in_words:
        return False
    return promise.deadline.by.date() > windows.price_protection(order.paid_at, facts.pack).end.date()


def _difference_some_day(promise: Promise, facts: PromiseFacts) -> Ruling:
    """Told before anything is bought: the rule itself, with no more days than it has."""
    window = facts.pack.price_protection.days_from_payment
    the_rule = facts.product is not None or promise.days is not None
    the_rule = the_rule or words().details["protection"].search(promise.clause) is not None
    if promise.amount is not None or not the_rule:
        return block("paid_orders", "truth_order_needed")
    if promise.days is not None and promise.days > window:
        return block("price_protection", "truth_price_protection", days=window)
    return holds("price_protection")


def price(promise: Promise, facts: PromiseFacts) -> Ruling:
    """At the floor or above it, or as a person agreed; an activity price is final."""
    goods = facts.goods
    if goods is None and promise.kind == "price" and facts.order is not None:
        return holds("bargain")  # an amount beside a paid order is what it came to, or part of another promise
    if goods is None:
        return warn("bargain", "truth_order_needed")
    talk = Talk(granted=facts.granted, granted_for=goods.quantity)
    totals = _totals(promise, goods)
    if any(may_agree(goods, talk, total) for total in totals):
        return holds("bargain")
    rule = "bargain_activity" if goods.activity else "bargain_approval"
    lowest = goods.lowest_total if facts.granted is None else min(facts.granted, goods.lowest_total)
    return block(rule, "truth_price", price=lowest)


def _totals(promise: Promise, goods: Goods) -> list[Decimal]:
    """What all pieces would cost; an amount may be meant for one of them, and is read in the shop's favour."""
    if promise.rate is not None:
        return [goods.today_total * promise.rate]
    amount = promise.amount or ZERO
    if promise.kind == "discount":
        return [goods.today_total - amount]
    return [amount, amount * goods.quantity]


def _named(promise: Promise, paid: Decimal) -> Decimal | None:
    """The amount that is promised, also as all or a share of what was paid, or several times of it, if any is."""
    if promise.amount is None and promise.whole:
        return paid
    if promise.amount is None and promise.rate is not None:
        return paid * promise.rate
    return promise.amount


def _ticket_for(promise: Promise, facts: PromiseFacts, *solutions: Solution) -> TicketFacts | None:
    """The open ticket that the promise repeats: one of its kind, and of its amount where it names one."""
    return next(
        (
            ticket
            for ticket in facts.tickets
            if ticket.solution in solutions and not ticket.done and promise.amount in (None, ticket.amount)
        ),
        None,
    )


def _over_paid(facts: PromiseFacts, order: OrderFacts, amount: Decimal | None, left: Decimal) -> Ruling | None:
    """What stands in the way of any money at all, and of more than is left."""
    if order.status == "unpaid" or (order.status == "closed" and order.signed_at is None):
        decision = decide(order, Claim("unshipped_cancel"), facts.pack, facts.now)
        return refused(decision.refusal, facts.pack) if decision.refusal else None
    if left > 0 and (amount is None or amount <= left):
        return None
    pending = facts.open_ticket(*MONEY)
    if pending is not None:
        return block("refund_ceiling", "truth_refund_ticket", ticket=pending.ticket_id)
    return block("refund_ceiling", "truth_refund_left", left=left)


def _above_limit(
    facts: PromiseFacts, order: OrderFacts, amount: Decimal | None, *, is_compensation: bool
) -> Ruling | None:
    """A limit holds for an order: what was given before by the bot counts, or it would be passed in small steps."""
    standing = facts.standing
    limit = standing.compensation if is_compensation else standing.refund
    if limit is None or amount is None:
        return None
    alike = (c for c in order.claimed if (c.solution == "compensation") == is_compensation and not c.by_person)
    if amount <= limit - sum((claimed.amount for claimed in alike), ZERO):
        return None
    return block("approval_limit", "truth_approval", amount=amount)


def _due(promise: Promise, remedy: Remedy | None, ticket: TicketFacts | None) -> datetime | None:
    """By when: as promised, else as the ticket or the rules have it."""
    if promise.deadline is not None and not promise.deadline.at_once:
        return promise.deadline.by
    if ticket is not None:
        return ticket.due_at
    return remedy.deadline if remedy else None
