"""Promises of time: when a parcel leaves and comes, when money arrives, when somebody answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import SHANGHAI
from bot.policy import windows
from bot.policy.facts import LineFacts
from bot.policy.outcome import FieldValue
from bot.promises.facts import PromiseFacts
from bot.promises.money import MONEY
from bot.promises.promise import Deadline, Promise
from bot.promises.rights import order_needed
from bot.promises.verdict import Outcome, Ruling, Truth, block, holds, warn
from bot.promises.words import words
from bot.promises.workdays import after_workdays, end_of


def ship_by(promise: Promise, facts: PromiseFacts) -> Ruling:
    """Not before the goods are there, not later than the rules want it."""
    order, lines = facts.order, facts.lines(promise.subject)
    by = _leaving(promise.deadline, facts)
    if order is not None and order.status in ("shipped", "signed", "closed"):
        again = facts.open_ticket("reship", "exchange")
        return holds("promise_on_record", by) if again else warn("promise_on_record", "truth_already_sent")
    obstacle = _not_there(facts, lines, by)
    if obstacle is not None:
        return obstacle
    if not lines:
        return order_needed(promise, facts, "promise_on_record")
    if order is None or order.paid_at is None:
        return holds("late_shipping", by)
    due = windows.ship_by(order.paid_at, facts.pack)
    if facts.now <= by <= due:
        return holds("late_shipping", by)
    if all(facts.pack.late_shipping.exempt_traits & line.traits for line in lines):
        return holds("late_shipping_exempt", by)
    return _out_of_time(facts, lines, by, due)


def restock_by(promise: Promise, facts: PromiseFacts) -> Ruling:
    """Not before the day on which goods are expected."""
    deadline, lines = promise.deadline, facts.lines(promise.subject)
    if not lines:
        return warn("in_stock", "truth_in_stock_unknown")
    obstacle = _not_there(facts, lines, end_of(deadline.by.astimezone(SHANGHAI).date())) if deadline else None
    return obstacle or holds("in_stock")


def _out_of_time(facts: PromiseFacts, lines: tuple[LineFacts, ...], by: datetime, due: datetime) -> Ruling:
    """A time that is over, or one that is later than the rules allow; what is true depends on why."""
    outcome: Outcome = "block" if by < facts.now else "warn"
    late = due < facts.now or _not_there(facts, lines, due) is not None
    fields: dict[str, FieldValue] = {} if late else {"due": due}
    truth: Truth = "truth_ship_late" if late else "truth_ship_by"
    return Ruling(outcome, "late_shipping", truth, fields, None if outcome == "block" else by)


def deliver_by(promise: Promise, facts: PromiseFacts) -> Ruling:
    """Only the courier knows: no date holds that its trace does not support."""
    assert promise.deadline is not None
    order, by = facts.order, _end_of_day_at_once(promise.deadline)
    unsure = block if _vouched(promise, facts) else warn
    signed_at = facts.courier.signed_at or (order.signed_at if order else None)
    if signed_at is not None and facts.open_ticket(*MONEY) is not None:
        return refund_arrival(promise, facts)
    if signed_at is not None:
        return unsure("arrival_by_courier", "truth_already_signed")
    shipped = facts.courier.shipped_at or (order.shipped_at if order else None)
    if shipped is None:
        obstacle = _not_there(facts, facts.lines(promise.subject), by)
        today = order is not None and by <= end_of(facts.now.astimezone(SHANGHAI).date())
        return obstacle or (block if today else unsure)("arrival_by_courier", "truth_courier_says")
    if by < facts.now:
        return block("arrival_by_courier", "truth_courier_says")
    expected = facts.courier.expected_at
    if expected is None and words().details["delivering"].search(facts.courier.latest):
        expected = end_of(facts.now.astimezone(SHANGHAI).date())
    if expected is not None and expected <= by:
        return holds("arrival_by_courier", by)
    return unsure("arrival_by_courier", "truth_courier_says")


def _vouched(promise: Promise, facts: PromiseFacts) -> bool:
    """Whether a day is given for certain that nobody can know; what the bot writes is read over by nobody."""
    if promise.certainty not in ("firm", "offer"):
        return False
    details = words().details
    said = details["vouched"].search(promise.clause) or details["vouched_after"].search(promise.subject)
    return not facts.standing.is_person or said is not None


def refund_arrival(promise: Promise, facts: PromiseFacts) -> Ruling:
    """Not faster than the working days that a refund takes; as many days that are no working days may be too few."""
    assert promise.deadline is not None
    deadline, (_, most), days = promise.deadline, facts.refund_days, facts.refund_days_told
    if deadline.unit == "workday" and deadline.count is not None:
        enough = deadline.count >= most
    else:
        enough = deadline.by >= after_workdays(facts.now, most) and not deadline.at_once
    told_as_rule = words().details["as_rule"].search(promise.subject) is not None
    too_many = deadline.count is not None and deadline.count > most
    if enough and not (too_many and told_as_rule):
        return holds("refund_arrival", deadline.by)
    if deadline.unit == "day" and deadline.count is not None and deadline.count >= most:
        return warn("refund_arrival", "truth_refund_days", refund_days=days)
    return block("refund_arrival", "truth_refund_days", refund_days=days)


def answer_by(promise: Promise, facts: PromiseFacts) -> Ruling:
    """While people are there, or after they have come back."""
    assert promise.deadline is not None
    by = promise.deadline.by
    start = facts.staffed_from or facts.now
    if by < facts.now and not promise.deadline.at_once:
        return holds("answer_in_hours")  # nobody promises a time that is over: it is told that it was missed
    if by < start:
        return block("answer_in_hours", "truth_answer_from", start=start)
    return holds("answer_in_hours", None if promise.deadline.at_once else by)


def _not_there(facts: PromiseFacts, lines: tuple[LineFacts, ...], by: datetime) -> Ruling | None:
    """Goods that are presold till later, or out of stock."""
    if facts.ships_at is not None:
        early = by < facts.ships_at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        return block("late_shipping_exempt", "truth_ships_at", ships_at=facts.ships_at) if early else None
    for line in lines:
        if line.stock is None or line.stock >= line.quantity:
            continue
        if line.restock_at is None:
            return block("in_stock", "truth_sold_out", item=line.name)
        if line.restock_at > by:
            return block("in_stock", "truth_restock", item=line.name, restock_at=line.restock_at)
    return None


def _leaving(deadline: Deadline | None, facts: PromiseFacts) -> datetime:
    """The instant that is promised; a time after the payment counts from there, and so does that of the rules."""
    assert deadline is not None
    paid_at = facts.order.paid_at if facts.order else None
    by_rule = deadline.unit == "hour" and deadline.count == facts.pack.late_shipping.after_hours
    if paid_at is not None and deadline.count is not None and (deadline.after_payment or by_rule):
        if deadline.unit in ("day", "hour"):
            hours = float(deadline.count) * (24 if deadline.unit == "day" else 1)
            return paid_at.astimezone(SHANGHAI) + timedelta(hours=hours)
        return deadline.by - (facts.now - paid_at)
    return _end_of_day_at_once(deadline)


def _end_of_day_at_once(deadline: Deadline) -> datetime:
    """At once means today for parcels."""
    return end_of(deadline.by.astimezone(SHANGHAI).date()) if deadline.at_once else deadline.by
