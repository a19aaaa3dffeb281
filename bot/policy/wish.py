"""The customer's own wish: cancel, return without a reason, exchange for another size or colour."""

from __future__ import annotations

from decimal import Decimal

from bot.policy import windows
from bot.policy.case import Case
from bot.policy.money import ZERO
from bot.policy.outcome import Decision, Pieces


def cancel(case: Case) -> Decision:
    """Before shipping all that was paid; on the way an interception is asked for, which may fail."""
    if case.order.signed_at is not None:
        return case.refused("already_signed")
    amount = case.left_of_paid if case.whole_order else case.price
    if case.order.status == "paid":
        return case.granted([case.remedy("cancel", "unshipped_cancel", amount=amount)])
    return case.granted([case.remedy("cancel", "shipped_interception", amount=amount, uncertain=True)])


def no_reason(case: Case) -> Decision:
    """Return inside the window: the goods' price; the outbound freight only where the pack says so (R707-R710, R689).

    Gifts that stay with the customer are paid for (R721).
    """
    if case.order.signed_at is None:
        return cancel(case)
    refusal = _unreturnable(case)
    if refusal is not None:
        return refusal
    goods = min(case.price, max(ZERO, case.left_of_paid - case.order.freight))
    if case.freight.outbound == "merchant" and case.whole_order:
        goods += case.order.freight
    remedy = case.remedy(
        "return_refund",
        "no_reason_window",
        "no_reason_condition",
        "no_reason_freight",
        amount=max(ZERO, goods - _gifts_lost(case)),
        freight_payer=case.freight.back,
    )
    window = windows.no_reason(case.order.signed_at, case.pack)
    return case.granted([remedy], needs=_unknown(case), ends_at=window.end)


def exchange(case: Case) -> Decision:
    """Another size or colour, under the conditions of a return."""
    if case.order.signed_at is None:
        return case.refused("not_shipped" if case.order.status == "paid" else "not_signed")
    refusal = _unreturnable(case) or _only_kind(case)
    if refusal is not None:
        return refusal
    remedy = case.remedy("exchange", "exchange_by_wish", "no_reason_condition", freight_payer=case.freight.back)
    window = windows.no_reason(case.order.signed_at, case.pack)
    return case.granted([remedy], "no_reason_window", needs=_unknown(case), ends_at=window.end)


def _gifts_lost(case: Case) -> Decimal:
    values = case.order.gift_values
    return sum((values[gift] for gift in case.claim.gifts_lost if gift in values), ZERO)


def _only_kind(case: Case) -> Decision | None:
    """What comes in one colour and one size has nothing to be exchanged for."""
    for pieces in case.pieces:
        choices = pieces.line.choices
        if choices is not None and all(len(values) < 2 for values in choices.values()):
            return case.refused("no_other_kind", item=pieces.line.name)
    return None


def _unreturnable(case: Case) -> Decision | None:
    assert case.order.signed_at is not None
    for pieces in case.pieces:
        if pieces.line.no_reason == "never":
            custom = "custom" in pieces.line.traits
            return case.refused("custom_made" if custom else "not_returnable", pieces.line.sku, item=pieces.line.name)
    window = windows.no_reason(case.order.signed_at, case.pack)
    if window.over(case.now):
        return case.refused("window_over", ends_at=window.end)
    for pieces in case.pieces:
        if pieces.line.no_reason == "unopened" and case.claim.opened:
            return _opened(case, pieces)
    if case.claim.intact is False:
        return case.refused("not_intact")
    return None


def _opened(case: Case, pieces: Pieces) -> Decision:
    item, sku = pieces.line.name, pieces.line.sku
    if "hygiene" in pieces.line.traits:
        return case.refused("opened_hygiene", sku, item=item)
    if pieces.line.category == "food":
        return case.refused("opened_food", sku, item=item)
    return case.refused("opened", sku, item=item)


def _unknown(case: Case) -> tuple[str, ...]:
    sealed = any(pieces.line.no_reason == "unopened" for pieces in case.pieces)
    opened = ("opened",) if sealed and case.claim.opened is None else ()
    return opened if case.claim.intact is not None else (*opened, "intact")
