"""How grave a complaint is: the pack's grounds over what is known of it (R396, R399, R400, R403)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import get_args

from bot.policy.duties import Gravity, Ground, Level
from bot.policy.pack import RulePack

GRAVITIES: tuple[Gravity, ...] = get_args(Gravity)


@dataclass(frozen=True)
class ComplaintFacts:
    """What is known of a complaint.

    `amount`: the yuan that the customer asks for; `complaints`: those of this customer about the same matter, this one
    included; `reopened`: how often it came back unsolved; `customers`: how many complain about the same trouble;
    `gravity`: how grave it was held to be before.
    """

    text: str
    amount: Decimal | None = None
    complaints: int = 1
    reopened: int = 0
    customers: int = 1
    customer_level: str = ""
    trade: str = ""
    compensation_disputed: bool = False
    gravity: Gravity = "1"


@dataclass(frozen=True)
class Grade:
    """The level on the ticket, and the gravity of the matter itself, whose clock runs beside a special customer's.

    `reasons` and `rule_ids` are those of every ground that holds, the gravest first.
    """

    level: Level
    gravity: Gravity
    reasons: tuple[str, ...]
    rule_ids: tuple[str, ...]

    @property
    def reason(self) -> str:
        """The first reason: the one that made the level."""
        return self.reasons[0]

    @property
    def starts(self) -> tuple[str, ...]:
        """The events with which the clocks of this grade start."""
        levels = dict.fromkeys((self.level, self.gravity))
        return tuple(f"complaint_{level}" for level in levels)


def grade(facts: ComplaintFacts, pack: RulePack) -> Grade:
    """The gravest level that a ground of the pack gives; what was graver before stays as grave."""
    held = sorted(_holding(facts, pack), key=lambda each: _order(each[0].level), reverse=True)
    found: list[Gravity] = [ground.level for ground, _ in held if ground.level != "special"]
    gravity = max([facts.gravity, *found], key=_order)
    special = any(ground.level == "special" for ground, _ in held)
    reasons = [pack.fill(ground.reason, found=sign) for ground, sign in held]
    rule_ids = [f"complaint_{ground.level}" for ground, _ in held]
    if gravity not in found:
        at = sum(1 for ground, _ in held if ground.level == "special")
        reasons.insert(at, pack.complaints.plain if gravity == "1" else pack.complaints.kept)
        rule_ids.insert(at, f"complaint_{gravity}")
    level: Level = "special" if special else gravity
    return Grade(level, gravity, tuple(reasons), tuple(dict.fromkeys(rule_ids)))


def counts_since(pack: RulePack, now: datetime) -> datetime:
    """From when on the same trouble of other customers counts to how many have it."""
    return now - timedelta(days=pack.complaints.mass_within_days)


def _order(level: Level) -> int:
    return len(GRAVITIES) if level == "special" else GRAVITIES.index(level)


def _holding(facts: ComplaintFacts, pack: RulePack) -> Iterator[tuple[Ground, str]]:
    for ground in pack.complaints.grounds:
        sign = _sign(facts, ground)
        if sign is not None:
            yield ground, sign


def _sign(facts: ComplaintFacts, ground: Ground) -> str | None:
    """The word or figure for which a ground holds; None where it does not."""
    signs, text = ground.signs, facts.text.lower()
    said = next((word for word in signs.words if word.lower() in text), None)
    if said is not None:
        return said
    if facts.customer_level and facts.customer_level in signs.customer_levels:
        return facts.customer_level
    if facts.trade and facts.trade in signs.trades:
        return facts.trade
    if signs.compensation_disputed and facts.compensation_disputed:
        return ""
    pairs: list[tuple[Decimal | int | None, Decimal | int | None]] = [
        (facts.amount, signs.amount_from),
        (facts.complaints, signs.complaints_from),
        (facts.reopened, signs.reopened_from),
        (facts.customers, signs.customers_from),
    ]
    return next(
        (str(value) for value, least in pairs if least is not None and value is not None and value >= least), None
    )
