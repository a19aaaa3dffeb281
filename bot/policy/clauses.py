"""What the engine cites and refuses with. Every pack needs a text for each id; more rules may stand beside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

RuleId = Literal[
    "paid_orders",
    "after_signing",
    "one_claim",
    "refund_ceiling",
    "partial_refund",
    "approval_limit",
    "no_reason_window",
    "no_reason_condition",
    "no_reason_category",
    "no_reason_freight",
    "exchange_by_wish",
    "fault_report",
    "damaged",
    "missing",
    "missing_part",
    "gift_missing",
    "wrong",
    "quality",
    "outbound_freight",
    "compensation",
    "quality_exchange",
    "in_stock",
    "warranty_repair",
    "unshipped_cancel",
    "shipped_interception",
    "late_shipping",
    "late_shipping_exempt",
    "price_protection",
    "bargain",
    "bargain_activity",
    "bargain_approval",
    "freight_insurance",
    "role_limits",
    "instant_refund",
    "complaint_1",
    "complaint_2",
    "complaint_3",
    "complaint_special",
]

PromiseRule = Literal[
    "promise_on_record",
    "progress_as_recorded",
    "refund_arrival",
    "arrival_by_courier",
    "answer_in_hours",
    "invoice_on_request",
    "no_exclusion",
    "offer_as_published",
]
PROMISE_RULES: tuple[PromiseRule, ...] = get_args(PromiseRule)
"""On these only the check of promises (bot/promises) rests."""

RULES: tuple[str, ...] = (*get_args(RuleId), *PROMISE_RULES)

Fault = Literal["damaged", "missing", "missing_part", "gift_missing", "wrong", "quality"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
"""What can be the shop's fault; each has its own clause."""

Reason = Literal[
    "unpaid",
    "closed",
    "not_in_order",
    "more_than_bought",
    "already_claimed",
    "partly_claimed",
    "nothing_due",
    "not_shipped",
    "not_signed",
    "already_signed",
    "window_over",
    "custom_made",
    "not_returnable",
    "opened_hygiene",
    "opened_food",
    "opened",
    "not_intact",
    "report_over",
    "quality_over",
    "no_warranty",
    "warranty_over",
    "no_gift",
    "exempt",
    "not_yet_late",
    "shipped_in_time",
    "price_window_over",
    "price_not_fallen",
    "over_paid",
    "partial_unexplained",
    "restocking",
    "sold_out",
    "no_other_kind",
]

REASONS: Mapping[Reason, frozenset[str]] = {reason: frozenset() for reason in get_args(Reason)} | {
    "more_than_bought": frozenset({"item", "bought"}),
    "already_claimed": frozenset({"ticket"}),
    "partly_claimed": frozenset({"item", "left", "ticket"}),
    "window_over": frozenset({"ends_at"}),
    "custom_made": frozenset({"item"}),
    "not_returnable": frozenset({"item"}),
    "opened_hygiene": frozenset({"item"}),
    "opened_food": frozenset({"item"}),
    "opened": frozenset({"item"}),
    "report_over": frozenset({"ends_at"}),
    "quality_over": frozenset({"ends_at"}),
    "no_warranty": frozenset({"item"}),
    "warranty_over": frozenset({"item", "ends_at"}),
    "not_yet_late": frozenset({"due"}),
    "price_window_over": frozenset({"ends_at"}),
    "over_paid": frozenset({"left"}),
    "restocking": frozenset({"item", "restock_at"}),
    "sold_out": frozenset({"item"}),
    "no_other_kind": frozenset({"item"}),
}
"""Why a claim is refused, with the fields that the reason's text may use."""
