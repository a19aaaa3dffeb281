"""The parts of a rule pack that say what a claim brings, one model each. Those about time stand in `duties.py`."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import validator

from bot.policy.clauses import FAULTS, Fault
from bot.policy.facts import Cause, Solution
from bot.policy.outcome import FreightPayer
from bot.policy.values import Count, Rate, Section, Yuan, keyed_by

OrderChange = Literal["done", "interception_requested", "refused"]
MOVING_GOODS: tuple[Cause, ...] = (
    "damaged",
    "wrong",
    "missing",
    "gift_missing",
    "quality",
    "warranty",
    "no_reason",
    "exchange_by_wish",
)
"""Causes for which goods may travel, so that somebody pays for it."""


class NoReasonReturn(Section):
    """Return by own wish, counted from 00:00 of the day after signing (R707-R710)."""

    window_hours: Count

    @property
    def days(self) -> int:
        """The window in days, as customers count it."""
        return self.window_hours // 24


class Freight(Section):
    """Who pays for the way to the customer (the first parcel, and what is sent again) and for the way back (C4).

    The outbound freight is part of a refund of the whole order where it is the merchant's.
    """

    outbound: FreightPayer
    back: FreightPayer


class FreightInsurance(Section):
    """What an insurer pays of the way back, where the order has such an insurance and the buyer would pay."""

    causes: tuple[Cause, ...]
    up_to: Yuan


class OurFault(Section):
    """The shop's fault, reported within days counted like the no-reason window (R219, R688).

    `not_sent_back`: categories and traits of goods that stay with the customer when their quality is bad.
    """

    report_within_days: Count
    not_sent_back: tuple[str, ...] = ()
    remedies: Mapping[Fault, tuple[Solution, ...]]

    @validator("remedies", pre=True)
    def _every_fault(cls, remedies: Any) -> Any:
        return keyed_by(remedies, FAULTS)


class AfterReport(Section):
    """What is left for quality trouble when the report window is over."""

    quality_exchange_within_days: Count
    quality_repair_within_warranty: bool


class Compensation(Section):
    """What the shop offers to a customer who keeps faulty goods: a share of their price, up to a cap (R122, R224)."""

    rate: Rate
    cap: Yuan


class Evidence(Section):
    """For which causes a picture is asked; without it the ticket waits (`required`: no ticket at all)."""

    asked_for: tuple[Cause, ...]
    required: bool


class Unshipped(Section):
    """What a customer may still change before the parcel leaves."""

    cancel: Literal["full_refund"]
    address_change: OrderChange
    note: OrderChange


class Shipped(Section):
    """What a customer may still ask for while the parcel is on its way."""

    cancel: Literal["interception_requested"]
    address_change: OrderChange


class LateShipping(Section):
    """Compensation per order line when the parcel leaves late (R744, R746; exempt R698-R700)."""

    after_hours: Count
    rate: Rate
    cap: Yuan
    exempt_traits: frozenset[str]
    exempt_categories: frozenset[str] = frozenset()


class RefundArrival(Section):
    """Working days until an approved refund is back where it was paid from (R146)."""

    working_days_from: Count
    working_days_to: Count

    @property
    def told(self) -> str:
        """As people say it: 1-3."""
        return f"{self.working_days_from}-{self.working_days_to}"


class PriceProtection(Section):
    """The difference back when the price falls within these days; activity prices too, if they count (R207)."""

    days_from_payment: Count
    activity_prices_count: bool


class BotLimits(Section):
    """Up to here the bot decides; above, a person approves."""

    refund: Yuan
    compensation: Yuan


class RoleLimits(Section):
    """Up to here somebody of a role decides over an order; None: up to what was paid."""

    refund: Yuan | None = None
    compensation: Yuan | None = None


class InstantRefund(Section):
    """Whose return is approved at once, before the goods are back: few refunds before, a small amount (R712, R713)."""

    levels: tuple[str, ...]
    causes: tuple[Cause, ...]
    up_to: Yuan
    refunds_before: Count
    within_days: Count


class IntactQuestion(Section):
    """A question of the intactness check, worded so that yes is the good answer; `point` says the same in few words."""

    id: str
    requirements: tuple[str, ...]
    ask: str
    point: str


class IntactStandard(Section):
    """What is checked for goods of these kinds (categories or traits); the last standard names none and is for all."""

    rule: str
    kinds: tuple[str, ...] = ()
    questions: tuple[str, ...]


class Intactness(Section):
    """When returned goods are as they were (R717-R722, R743). Gifts and invoices that are lost do not count."""

    questions: tuple[IntactQuestion, ...]
    standards: tuple[IntactStandard, ...]

    @validator("standards")
    def _for_all(cls, standards: tuple[IntactStandard, ...], values: Any) -> tuple[IntactStandard, ...]:
        known = {question.id for question in values.get("questions", ())}
        unknown = {asked for standard in standards for asked in standard.questions} - known
        if unknown:
            raise ValueError(f"no question {', '.join(sorted(unknown))}")
        if not standards or [bool(standard.kinds) for standard in standards] != [True] * (len(standards) - 1) + [False]:
            raise ValueError("the last standard, and no other, is for all kinds")
        return standards


class Bargain(Section):
    """How far the bot goes when a customer bargains, and when a person is asked.

    `steps`: shares of the way to the floor, each smaller than the one before, together all of it; `several_from`: from
    this many pieces on the first step is a double one; `approval_least`: bids under this share of the floor go nowhere.
    """

    rounds_before_approval: Count
    returning_customer_extra: Yuan
    returning_levels: tuple[str, ...]
    gift: str
    steps: tuple[Rate, ...]
    several_from: Count
    approval_least: Rate
    approval_minutes: Count
    price_change_minutes: Count
    offer_hours: Count

    @validator("steps")
    def _ever_smaller(cls, steps: tuple[Rate, ...]) -> tuple[Rate, ...]:
        if sum(steps) != 1 or any(later >= earlier for earlier, later in itertools.pairwise(steps)):
            raise ValueError("needs shares that grow smaller and make 1 together")
        return steps


class Rule(Section):
    """A clause that a customer can read, and the requirements it comes from."""

    id: str
    requirements: tuple[str, ...]
    clause: str


class RefusalText(Section):
    """How a reason is told: the rule it rests on and the middle way that is offered with it."""

    rule: str
    text: str
    middle_way: str
