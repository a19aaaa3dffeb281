"""What is said to be done already: it is only said when it is (R170)."""

from __future__ import annotations

from bot.policy.facts import Solution
from bot.promises.carrying import REFUNDS
from bot.promises.facts import PromiseFacts
from bot.promises.promise import Promise
from bot.promises.verdict import Ruling, block, holds, warn
from bot.promises.words import words

RECORDED = "progress_as_recorded"


def intercept_done(promise: Promise, facts: PromiseFacts) -> Ruling:
    """A parcel is only said to be on its way back when it is."""
    if facts.order is None:
        return _of_no_order(facts, "shipped_interception")
    if _carried_out(facts, "cancel"):
        return holds("shipped_interception")
    return block("shipped_interception", "truth_interception")


def cancel_done(promise: Promise, facts: PromiseFacts) -> Ruling:
    """An order is only said to be cancelled when it is."""
    if facts.order is None:
        return _of_no_order(facts, RECORDED)
    if _carried_out(facts, "cancel") or facts.order.status == "closed":
        return holds(RECORDED)
    return block(RECORDED, "truth_not_cancelled")


def refund_done(promise: Promise, facts: PromiseFacts) -> Ruling:
    """Money is only said to be back when it is."""
    if facts.order is None:
        return block(RECORDED, "truth_order_needed")
    if _carried_out(facts, *REFUNDS, "price_difference"):
        return holds(RECORDED)
    return block(RECORDED, "truth_refund_going_on")


def ship_done(promise: Promise, facts: PromiseFacts) -> Ruling:
    """A parcel is only said to have left when it has."""
    if facts.order is None:
        return _of_no_order(facts, RECORDED)
    again = words().details["again"].search(promise.clause) is not None
    if again and not _carried_out(facts, "reship", "exchange"):
        return block(RECORDED, "truth_not_sent")
    if facts.order.shipped_at or facts.order.signed_at or facts.courier.shipped_at:
        return holds(RECORDED)
    return block(RECORDED, "truth_not_sent")


def delivered_done(promise: Promise, facts: PromiseFacts) -> Ruling:
    """A parcel is only said to be signed for when it is."""
    if facts.order is None:
        return _of_no_order(facts, RECORDED)
    if facts.order.signed_at or facts.courier.signed_at or any(parcel.signed_at for parcel in facts.order.parcels):
        return holds(RECORDED)
    return block(RECORDED, "truth_not_signed")


def _carried_out(facts: PromiseFacts, *solutions: Solution) -> bool:
    return any(ticket.done and ticket.solution in solutions for ticket in facts.tickets)


def _of_no_order(facts: PromiseFacts, rule_id: str) -> Ruling:
    """A person may know what we do not; the bot knows of nothing that is done without an order."""
    return (warn if facts.standing.is_person else block)(rule_id, "truth_order_needed")
