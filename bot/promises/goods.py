"""Promises of goods: what is in stock, sent again, exchanged, given."""

from __future__ import annotations

import re
from datetime import datetime

from bot.policy import windows
from bot.policy.facts import Solution
from bot.policy.outcome import Remedy
from bot.promises.eligibility import allowed
from bot.promises.facts import PromiseFacts
from bot.promises.promise import Promise
from bot.promises.verdict import Ruling, block, holds, refused, warn
from bot.promises.words import words

COUNTED = re.compile(r"\d+\D?$")  # how many of a gift there are: said in other words, it is the same gift


def stock(promise: Promise, facts: PromiseFacts) -> Ruling:
    """What is said to be there has to be there (R691)."""
    lines = facts.lines(promise.subject)
    if not lines or all(line.stock is None for line in lines):
        return warn("in_stock", "truth_in_stock_unknown")
    for line in lines:
        if line.stock is not None and line.stock < (promise.quantity or 1):
            if facts.ships_at is not None:
                return block("in_stock", "truth_ships_at", ships_at=facts.ships_at)
            if line.restock_at is None:
                return block("in_stock", "truth_sold_out", item=line.name)
            return block("in_stock", "truth_restock", item=line.name, restock_at=line.restock_at)
    return holds("in_stock")


def reship(promise: Promise, facts: PromiseFacts) -> Ruling:
    """Sent again: for the shop's fault only, which the promise itself admits."""
    return _sent(promise, facts, "reship")


def exchange(promise: Promise, facts: PromiseFacts) -> Ruling:
    """Exchanged for a fault, or for another size or colour; for a fault not longer than the rules have it."""
    longest = facts.pack.after_report.quality_exchange_within_days
    if (promise.days is not None and promise.days > longest) or _after_its_time(promise, facts):
        return block("quality_exchange", "truth_if_fault")
    if promise.certainty == "conditional" and promise.ground == "fault":
        return holds("quality_exchange")
    return _sent(promise, facts, "exchange", "repair")


def _after_its_time(promise: Promise, facts: PromiseFacts) -> bool:
    """Whether a fault is to be put right until a day on which it is too late for that."""
    signed_at, deadline = facts.order.signed_at if facts.order else None, promise.deadline
    if signed_at is None or deadline is None or promise.ground != "fault":
        return False
    until = words().details["until"].search(promise.clause) is not None
    return until and deadline.by.date() > windows.quality_exchange(signed_at, facts.pack).end.date()


def _sent(promise: Promise, facts: PromiseFacts, *solutions: Solution) -> Ruling:
    if facts.order is None:
        return warn("paid_orders", "truth_order_needed")
    ticket = facts.open_ticket(*solutions)
    if ticket is not None:
        return holds("one_claim", _due(promise, ticket.due_at))
    given = allowed(facts, facts.order, promise, *solutions)
    best: Remedy | None = given.best
    if best is None:
        return refused(given.refusal, facts.pack) if given.refusal else block("in_stock", "truth_in_stock_unknown")
    if solutions[0] == "exchange" and given.only_by_fault:
        return warn("fault_report", "truth_if_fault")
    return holds(best.rule_ids[0], _due(promise, best.deadline))


def gift(promise: Promise, facts: PromiseFacts) -> Ruling:
    """Only gifts that the shop gives; a person may have agreed on another one."""
    lines = facts.lines(promise.subject)
    if facts.goods is not None and words().details["bogo"].search(promise.clause):
        return block("bargain_approval", "truth_price", price=facts.goods.lowest_total)
    known = {line.gift for line in lines if line.gift} | set(facts.gifts) | {facts.pack.bargain.gift}
    if facts.order is not None:
        known |= set(facts.order.promised_gifts()) | set(facts.order.gift_values)
    if any(COUNTED.sub("", name) in promise.clause for name in known):
        return holds("promise_on_record")
    unknown = warn if facts.standing.is_person else block
    return unknown("promise_on_record", "truth_gift", gift=facts.pack.bargain.gift)


def _due(promise: Promise, otherwise: datetime | None) -> datetime | None:
    timed = promise.deadline is not None and not promise.deadline.at_once
    return promise.deadline.by if timed and promise.deadline else otherwise
