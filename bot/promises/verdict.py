"""What becomes of a promise: it holds, it holds for half, or it must not be sent; and what could be said instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal, get_args

from bot.policy.explain import refusal_text
from bot.policy.outcome import FieldValue, Refusal
from bot.policy.pack import RulePack
from bot.promises.promise import Promise

Outcome = Literal["holds", "warn", "block"]

Truth = Literal[
    "truth_order_needed",
    "truth_ships_at",
    "truth_ship_by",
    "truth_ship_late",
    "truth_restock",
    "truth_sold_out",
    "truth_already_sent",
    "truth_already_signed",
    "truth_not_sent",
    "truth_not_signed",
    "truth_not_cancelled",
    "truth_courier_says",
    "truth_refund_days",
    "truth_refund_left",
    "truth_refund_amount",
    "truth_refund_ticket",
    "truth_refund_going_on",
    "truth_interception",
    "truth_cancel",
    "truth_if_fault",
    "truth_refused",
    "truth_approval",
    "truth_compensation",
    "truth_difference",
    "truth_price_protection",
    "truth_price",
    "truth_returnable",
    "truth_returnable_unopened",
    "truth_returnable_intact",
    "truth_in_stock_unknown",
    "truth_answer_from",
    "truth_do_our_best",
    "truth_warranty",
    "truth_invoice",
    "truth_whole_price",
    "truth_freight_ours",
    "truth_freight_by_cause",
    "truth_freight_wish",
    "truth_gift",
    "truth_free_from",
    "truth_sent_free",
    "truth_coupons",
]
TRUTHS: tuple[Truth, ...] = get_args(Truth)
"""Keys of shop/texts/promises.yml."""


@dataclass(frozen=True)
class Verdict:
    """What the check says of one promise.

    `rule_id` and `clause` say why, `truth` and `fields` what would be true instead (nothing where it holds). `due_at`:
    by when the promise has to be kept, once it was made; None where no clock runs.
    """

    promise: Promise
    outcome: Outcome
    rule_id: str
    clause: str
    due_at: datetime | None = None
    truth: Truth | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)

    def shown_fields(self, pack: RulePack) -> dict[str, str]:
        """The fields as a customer reads them: money with two decimals, instants as the pack has them."""
        return {name: _shown(value, pack) for name, value in self.fields.items()}


def _shown(value: FieldValue, pack: RulePack) -> str:
    if isinstance(value, datetime):
        return pack.fill("{value}", value=value)
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True)
class Ruling:
    """A verdict on its way: without the promise, and before it is known how sure the promise was."""

    outcome: Outcome
    rule_id: str
    truth: Truth | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    due_at: datetime | None = None


def holds(rule_id: str, due_at: datetime | None = None) -> Ruling:
    """It is true."""
    return Ruling("holds", rule_id, due_at=due_at)


def warn(rule_id: str, truth: Truth, due_at: datetime | None = None, **fields: FieldValue) -> Ruling:
    """Nobody can know, or it is true for half only."""
    return Ruling("warn", rule_id, truth, fields, due_at)


def block(rule_id: str, truth: Truth, **fields: FieldValue) -> Ruling:
    """It is not true."""
    return Ruling("block", rule_id, truth, fields)


def refused(refusal: Refusal, pack: RulePack) -> Ruling:
    """The policy refuses it, for its own reason and with its own middle way."""
    return block(refusal.rule_id, "truth_refused", reason=refusal_text(refusal, pack))
