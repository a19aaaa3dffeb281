"""The shop's fault: damaged, wrong, missing, a gift missing, quality trouble, and repair under warranty."""

from __future__ import annotations

from datetime import datetime

from bot.policy import windows
from bot.policy.arrival import arrived_at
from bot.policy.case import Case
from bot.policy.clauses import Fault, RuleId
from bot.policy.facts import Cause, LineFacts, Solution
from bot.policy.money import ZERO, capped_share
from bot.policy.outcome import Decision, Remedy

_FAULTS: dict[Cause, Fault] = {
    "damaged": "damaged",
    "missing": "missing",
    "gift_missing": "gift_missing",
    "wrong": "wrong",
    "quality": "quality",
    "warranty": "quality",
}


def reported(case: Case) -> Decision:
    """Damaged, wrong or missing goods, reported in time."""
    signed_at = arrived_at(case.order, case.claim)
    if signed_at is None:
        return _too_early(case)
    window = windows.fault_report(signed_at, case.pack)
    if window.over(case.now):
        return case.refused("report_over", ends_at=window.end)
    return case.granted(_remedies(case), "fault_report", ends_at=window.end)


def gift_missing(case: Case) -> Decision:
    """A gift that was promised with the order and is not in the parcel."""
    if not _missing_gifts(case):
        return case.refused("no_gift")
    return reported(case)


def quality(case: Case) -> Decision:
    """Quality trouble: every remedy while it is fresh, then exchange, then repair under warranty."""
    signed_at = arrived_at(case.order, case.claim)
    if signed_at is None:
        return _too_early(case)
    report = windows.fault_report(signed_at, case.pack)
    if not report.over(case.now):
        return case.granted(_remedies(case), "fault_report", ends_at=report.end)
    late = windows.quality_exchange(signed_at, case.pack)
    if not late.over(case.now):
        return case.granted([_exchange(case, "quality_exchange")], ends_at=late.end)
    covered = _least_covered(case)
    if case.pack.after_report.quality_repair_within_warranty and covered.warranty_days is not None:
        return _under_warranty(case, signed_at, covered, covered.warranty_days)
    return case.refused("quality_over", ends_at=late.end)


def warranty(case: Case) -> Decision:
    """Repair inside the warranty, beside whatever quality trouble of that age allows anyway."""
    signed_at = arrived_at(case.order, case.claim)
    if signed_at is None:
        return _too_early(case)
    by_quality = quality(case)
    covered = _least_covered(case)
    if covered.warranty_days is None:
        return by_quality if by_quality.eligible else case.refused("no_warranty", item=covered.name)
    by_warranty = _under_warranty(case, signed_at, covered, covered.warranty_days)
    if not (by_quality.eligible and by_warranty.eligible):
        return by_quality if by_quality.eligible else by_warranty
    others = [remedy for remedy in by_quality.remedies if remedy.solution != "repair"]
    return case.granted([*by_warranty.remedies, *others], ends_at=by_warranty.ends_at)


def _under_warranty(case: Case, signed_at: datetime, line: LineFacts, days: int) -> Decision:
    window = windows.warranty(signed_at, days)
    if window.over(case.now):
        return case.refused("warranty_over", item=line.name, ends_at=window.end)
    repair = case.remedy("repair", "warranty_repair", freight_payer=case.freight.back)
    return case.granted([repair], ends_at=window.end)


def _too_early(case: Case) -> Decision:
    return case.refused("not_shipped" if case.order.status == "paid" else "not_signed")


def _remedies(case: Case) -> list[Remedy]:
    fault = _FAULTS[case.claim.cause]
    if fault == "missing" and any(wanted.part is not None for wanted in case.claim.wanted):
        fault = "missing_part"
    remedies = (_remedy(case, solution, fault) for solution in case.pack.our_fault.remedies[fault])
    return [remedy for remedy in remedies if remedy is not None]


def _remedy(case: Case, solution: Solution, rule: RuleId) -> Remedy | None:
    if solution == "reship":
        return case.remedy("reship", rule, freight_payer=case.freight.outbound)
    if solution == "exchange":
        return _exchange(case, rule)
    if solution == "compensation":
        return _compensation(case, rule)
    amount = case.price
    rules: list[RuleId] = [rule]
    if case.freight.outbound == "merchant" and case.whole_order and case.order.freight > 0:
        amount += case.order.freight
        rules.append("outbound_freight")
    if solution == "refund":
        return case.remedy("refund", *rules, amount=amount)
    return case.remedy("return_refund", *rules, amount=amount, freight_payer=case.freight.back)


def _exchange(case: Case, rule: RuleId) -> Remedy:
    return case.remedy("exchange", rule, freight_payer=case.freight.back)


def _compensation(case: Case, rule: RuleId) -> Remedy | None:
    if case.claim.cause == "gift_missing":
        values = [case.order.gift_values.get(gift) for gift in _missing_gifts(case)]
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            return None
        return case.remedy("compensation", rule, amount=sum(known, ZERO))
    offer = case.pack.compensation
    return case.remedy("compensation", rule, "compensation", amount=capped_share(case.price, offer.rate, offer.cap))


def _missing_gifts(case: Case) -> list[str]:
    """The gifts that the order came with, or only the one that the customer names."""
    skus = [wanted.sku for wanted in case.claim.wanted]
    promised = list(case.order.promised_gifts(*skus))
    return promised if case.claim.gift is None else [gift for gift in promised if gift == case.claim.gift][:1]


def _least_covered(case: Case) -> LineFacts:
    """The line that runs out of warranty first, so that nothing too much is promised for the others."""
    return min((pieces.line for pieces in case.pieces), key=lambda line: line.warranty_days or 0)
