"""The parts of a rule pack about time and conduct: complaint levels, clocks, and what a platform takes for a breach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal, get_args

from pydantic import Field, root_validator, validator

from bot.policy.values import Count, Rate, Section, Yuan

Level = Literal["1", "2", "3", "special"]
Gravity = Literal["1", "2", "3"]
Offence = Literal["late_reply", "false_promise", "ruling_refused", "harassment", "late_shipping"]
TimeKind = Literal["wall", "business"]
Unit = Literal["seconds", "minutes", "hours", "days", "working_days"]
UNITS: tuple[Unit, ...] = get_args(Unit)
Event = Literal[
    "platform_complaint",
    "merchant_replied",
    "customer_waits",
    "agent_replied",
    "complaint_received",
    "complaint_1",
    "complaint_2",
    "complaint_3",
    "complaint_special",
    "closed",
    "archived",
    "written_reply_sent",
    "approval_submitted",
    "customer_told",
    "tracking_done",
    "specialist_asked",
    "specialist_replied",
    "vendor_asked",
    "vendor_reported",
    "technically_solved",
    "service_done",
    "followed_up",
    "customer_assigned",
    "customer_contacted",
    "ordered",
    "paid",
    "cancelled",
    "courier_scanned",
    "refund_accepted",
    "refund_arrived",
    "approval_asked",
    "approval_answered",
    "promise_made",
    "promise_kept",
    "warning_sent",
    "fee_refund_asked",
]
"""What starts and stops clocks; the desk's log says when each happened."""


@dataclass(frozen=True)
class Span:
    """A length of time as a pack gives it."""

    count: int
    unit: Unit

    @property
    def delta(self) -> timedelta | None:
        """The length; None for working days, which only a calendar can count."""
        return None if self.unit == "working_days" else timedelta(**{self.unit: self.count})


class Clock(Section):
    """How long the shop has from one event to another, in one unit (none: the promise itself says until when).

    `stops_on`: all of them are needed, or any where `stops_with` says so. `at_least`: the time is a minimum. `repeats`:
    begins anew when it is stopped. `warn_at`: shares of the time. `offence`: what it is for a platform if it runs out.
    """

    id: str
    rule: str
    starts_on: Event
    stops_on: tuple[Event, ...]
    stops_with: Literal["all", "any"] = "all"
    seconds: Count | None = None
    minutes: Count | None = None
    hours: Count | None = None
    days: Count | None = None
    working_days: Count | None = None
    time: TimeKind
    warn_at: tuple[Rate, ...]
    offence: Offence | None = None
    repeats: bool = False
    at_least: bool = False
    enabled: bool = True

    @property
    def span(self) -> Span | None:
        """The time; None where each promise has its own."""
        given: list[Span] = [Span(int(getattr(self, unit)), unit) for unit in UNITS if getattr(self, unit) is not None]
        return given[0] if given else None

    @root_validator(skip_on_failure=True)
    def _one_unit(cls, values: dict[str, Any]) -> dict[str, Any]:
        given = [unit for unit in UNITS if values[unit] is not None]
        if len(given) > 1 or (not given and values["starts_on"] != "promise_made"):
            raise ValueError(f"{values['id']}: needs its time in one of {', '.join(UNITS)}")
        if not values["stops_on"]:
            raise ValueError(f"{values['id']}: nothing stops it")
        return values

    @validator("warn_at")
    def _rising(cls, shares: tuple[Rate, ...]) -> tuple[Rate, ...]:
        if list(shares) != sorted(set(shares)) or any(share in (0, 1) for share in shares):
            raise ValueError("needs shares between 0 and 1 that rise")
        return shares


class Penalty(Section):
    """What a platform does to a shop. `yuan_as`: the customer gets money by that rule; `effect`: told at the desk."""

    platform: str
    offence: Offence
    rule: str
    points: Count | None = None
    yuan: Yuan | None = None
    yuan_as: Literal["late_shipping"] | None = None
    label: str = ""
    orders_lost: Rate | None = None
    effect_days: Count | None = None
    effect: str = ""


class Signs(Section):
    """What makes a complaint one of its level: one sign each."""

    words: tuple[str, ...] = ()
    customer_levels: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    amount_from: Yuan | None = None
    complaints_from: Count | None = None
    reopened_from: Count | None = None
    customers_from: Count | None = None
    compensation_disputed: Literal[True] | None = None

    @root_validator(skip_on_failure=True)
    def _one(cls, values: dict[str, Any]) -> dict[str, Any]:
        if sum(1 for value in values.values() if value) != 1:
            raise ValueError("needs one sign")
        return values

    @property
    def least(self) -> Decimal | int | None:
        """The figure from which on it holds."""
        return self.amount_from or self.complaints_from or self.reopened_from or self.customers_from


class Ground(Section):
    """One ground for a level, with the reason that the desk shows (`{found}`: the word or figure)."""

    level: Level
    signs: Signs = Field(alias="if")
    reason: str


class Complaints(Section):
    """How complaints are graded (R396, R398-R400, R403). Without a ground: the first level, or that from before.

    `mass_within_days`: how long ago the trouble of other customers still counts as the same.
    """

    mass_within_days: Count
    grounds: tuple[Ground, ...]
    plain: str
    kept: str
