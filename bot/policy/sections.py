"""The parts of a rule pack, one model each, and the kinds of value that stand in them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConstrainedInt, validator

from bot.policy.clauses import FAULTS, Fault
from bot.policy.facts import Cause, Solution
from bot.policy.outcome import FreightPayer

OrderChange = Literal["done", "interception_requested", "refused"]


class Yuan(Decimal):
    """Money in a pack: a string with two decimals, because a YAML float would lose fen."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], Yuan]]:
        yield cls.validate

    @classmethod
    def validate(cls, value: Any) -> Yuan:
        """The amount; ValueError unless it is a string such as "20.00"."""
        if not isinstance(value, str) or not re.fullmatch(r"\d+\.\d{2}", value, re.ASCII):
            raise ValueError(f'{value!r} is not yuan in quotes with two decimals, such as "20.00"')
        return cls(value)


class Rate(Decimal):
    """A share between 0 and 1, written as a string."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], Rate]]:
        yield cls.validate

    @classmethod
    def validate(cls, value: Any) -> Rate:
        """The share; ValueError unless it is a string such as "0.05"."""
        if not isinstance(value, str) or not re.fullmatch(r"0\.\d+|1(\.0+)?", value, re.ASCII):
            raise ValueError(f'{value!r} is not a share in quotes, such as "0.05"')
        return cls(value)

    @property
    def percent(self) -> str:
        """As people write it: 5 for 0.05."""
        return f"{(self * 100).normalize():f}"


class Count(ConstrainedInt):
    """A whole number above 0 (hours or days)."""

    strict = True
    gt = 0


def keyed_by(given: Any, wanted: Iterable[str], optional: Iterable[str] = ()) -> Any:
    """The mapping as it is; ValueError naming the keys that it lacks or that nobody knows."""
    if not isinstance(given, Mapping):
        raise ValueError("needs keys with values")
    needed = set(wanted)
    missing, unknown = needed - set(given), set(given) - needed - set(optional)
    if missing or unknown:
        wrong = [("missing", missing), ("unknown", unknown)]
        raise ValueError("; ".join(f"{what}: {', '.join(sorted(map(str, keys)))}" for what, keys in wrong if keys))
    return given


class Section(BaseModel):
    """A part of a pack: nothing unknown in it, nothing changed later."""

    class Config:
        extra = "forbid"
        frozen = True


class NoReasonReturn(Section):
    """Return by own wish, counted from 00:00 of the day after signing (R707-R710)."""

    window_hours: Count
    freight_payer: FreightPayer

    @property
    def days(self) -> int:
        """The window in days, as customers count it."""
        return self.window_hours // 24


class ExchangeByWish(Section):
    """Another size or colour, under the conditions of a return by own wish."""

    freight_payer: FreightPayer


class OurFault(Section):
    """The shop's fault, reported within days counted like the no-reason window (R219, R688).

    `not_sent_back`: categories and traits of goods that stay with the customer when their quality is bad.
    """

    report_within_days: Count
    freight_payer: FreightPayer
    outbound_freight_returned: bool
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
    """Compensation per order line when the parcel leaves late (R744, R746; exempt R699)."""

    after_hours: Count
    rate: Rate
    cap: Yuan
    exempt_traits: frozenset[str]


class PriceProtection(Section):
    """The difference back when the price falls within these days; activity prices too, if they count (R207)."""

    days_from_payment: Count
    activity_prices_count: bool


class BotLimits(Section):
    """Up to here the bot decides; above, a person approves."""

    refund: Yuan
    compensation: Yuan


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
