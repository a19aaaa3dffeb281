"""Rule packs: `shop/policies/<date>.yml`, read, checked and chosen by payment time (R715, R716).

A pack holds every number of the rules and every clause that a customer reads. Texts may use the pack's own numbers
(`{pack.late_shipping.after_hours}`), so that a clause cannot say another number than the one that is applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args

import yaml
from pydantic import ValidationError, root_validator, validator

from bot.clock import SHANGHAI
from bot.errors import ShopError
from bot.policy.clauses import REASONS, RULES, Reason
from bot.policy.duties import UNITS, Clock, Complaints, Penalty, Unit
from bot.policy.facts import SOLUTIONS, Cause
from bot.policy.outcome import FreightPayer
from bot.policy.sections import (
    MOVING_GOODS,
    AfterReport,
    Bargain,
    BotLimits,
    Compensation,
    Evidence,
    Freight,
    FreightInsurance,
    InstantRefund,
    Intactness,
    LateShipping,
    NoReasonReturn,
    OurFault,
    PriceProtection,
    RefundArrival,
    RefusalText,
    RoleLimits,
    Rule,
    Shipped,
    Unshipped,
)
from bot.policy.values import Count, Section, keyed_by

MATTERS = (
    "complaint_1",
    "complaint_2",
    "complaint_3",
    "dispute",
    "logistics",
    "address_change",
    "order_note",
    "invoice",
    "message",
)
"""Tickets about a matter instead of a remedy; a pack may set their deadlines beside those of the remedies."""


class PolicyError(ShopError):
    """A rule pack is wrong; the message names the file and the key."""


class RulePack(Section):
    """All rules of one period. Money in yuan, rates as shares, windows in hours or days as named."""

    version: str
    effective_from: date
    citation: str
    moment: str
    no_reason_return: NoReasonReturn
    intactness: Intactness
    freight: Mapping[Cause, Freight]
    freight_insurance: FreightInsurance
    payers: Mapping[FreightPayer, str]
    our_fault: OurFault
    after_report: AfterReport
    compensation: Compensation
    evidence: Evidence
    unshipped: Unshipped
    shipped: Shipped
    late_shipping: LateShipping
    refund_arrival: RefundArrival
    price_protection: PriceProtection
    bargain: Bargain
    bot_limits: BotLimits
    role_limits: Mapping[Literal["agent", "supervisor", "admin"], RoleLimits]
    instant_refund: InstantRefund
    ticket_deadline_hours: Mapping[str, Count]
    handoff_words: tuple[str, ...]
    complaints: Complaints
    clocks: tuple[Clock, ...]
    units: Mapping[Unit, str]
    penalties: tuple[Penalty, ...]
    rules: tuple[Rule, ...]
    refusals: Mapping[Reason, RefusalText]
    middle_ways: Mapping[str, str]

    @property
    def effective_at(self) -> datetime:
        """The first instant of payment that this pack rules."""
        return datetime.combine(self.effective_from, time(), SHANGHAI)

    @property
    def span(self) -> Mapping[str, str]:
        """The time of each clock as people say it."""
        spans = {clock.id: clock.span for clock in self.clocks}
        return {name: f"{span.count}{self.units[span.unit]}" for name, span in spans.items() if span is not None}

    @property
    def pays(self) -> Mapping[str, str]:
        """Who pays for the way back, by cause, in words; `outbound_<cause>` for the way to the customer."""
        back = {str(cause): self.payers[freight.back] for cause, freight in self.freight.items()}
        return back | {f"outbound_{cause}": self.payers[freight.outbound] for cause, freight in self.freight.items()}

    def clock(self, clock_id: str) -> Clock:
        """A clock by its id; KeyError for one that the pack has not."""
        return {clock.id: clock for clock in self.clocks}[clock_id]

    def clause(self, rule_id: str) -> str:
        """The clause of a rule with its numbers in it; KeyError for an unknown rule."""
        return self.fill({rule.id: rule.clause for rule in self.rules}[rule_id])

    def fill(self, text: str, **fields: object) -> str:
        """A text of the pack with the pack's numbers and the given fields put in; instants as people write them."""
        shown = {k: self._told(v) if isinstance(v, datetime) else v for k, v in fields.items()}
        return text.format(pack=self, **shown)

    def _told(self, instant: datetime) -> str:
        return self.moment.format(instant.astimezone(SHANGHAI))

    @validator("version", "citation", "moment", pre=True)
    def _text(cls, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip():
            raise ValueError("needs a text in quotes")
        return value

    @validator("effective_from", pre=True)
    def _day(cls, value: Any) -> Any:
        if type(value) is not date:
            raise ValueError("needs a day such as 2026-01-01")
        return value

    @validator("ticket_deadline_hours", pre=True)
    def _every_solution(cls, hours: Any) -> Any:
        return keyed_by(hours, SOLUTIONS, MATTERS)

    @validator("freight", pre=True)
    def _every_cause(cls, freight: Any) -> Any:
        return keyed_by(freight, MOVING_GOODS)

    @validator("payers", pre=True)
    def _every_payer(cls, payers: Any) -> Any:
        return keyed_by(payers, get_args(FreightPayer))

    @validator("units", pre=True)
    def _every_unit(cls, units: Any) -> Any:
        return keyed_by(units, UNITS)

    @validator("role_limits", pre=True)
    def _every_role(cls, limits: Any) -> Any:
        return keyed_by(limits, ("agent", "supervisor", "admin"))

    @validator("clocks")
    def _once(cls, clocks: tuple[Clock, ...]) -> tuple[Clock, ...]:
        _check_single([clock.id for clock in clocks])
        return clocks

    @validator("refusals", pre=True)
    def _every_reason(cls, refusals: Any) -> Any:
        return keyed_by(refusals, REASONS)

    @validator("rules")
    def _every_rule(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        ids = [rule.id for rule in rules]
        _check_single(ids)
        missing = [rule_id for rule_id in RULES if rule_id not in ids]
        if missing:
            raise ValueError(f"missing: {', '.join(missing)}")
        return rules

    @root_validator(skip_on_failure=True)
    def _texts_fit(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Every reference leads somewhere and every text can be filled."""
        pack = cls.construct(**values)
        known_rules = {rule.id for rule in pack.rules}
        for part, rule_id in _references(pack):
            if rule_id not in known_rules:
                raise ValueError(f"{part}: no rule {rule_id}")
        _check_limits(pack)
        for reason, refusal in pack.refusals.items():
            if refusal.middle_way not in pack.middle_ways:
                raise ValueError(f"refusals.{reason}: no middle way {refusal.middle_way}")
        _check_fillable(pack, "moment", "{now}", {"now": pack.effective_at})
        _check_fillable(pack, "citation", pack.citation, _sample({"clauses"}))
        for rule in pack.rules:
            _check_fillable(pack, f"rules.{rule.id}", rule.clause, {})
        for reason, refusal in pack.refusals.items():
            _check_fillable(pack, f"refusals.{reason}", refusal.text, _sample(REASONS[reason]))
        for ground in pack.complaints.grounds:
            _check_fillable(pack, f"complaints.grounds.{ground.level}", ground.reason, _sample({"found"}))
        for penalty in pack.penalties:
            _check_fillable(pack, f"penalties.{penalty.rule}", f"{penalty.rule}{penalty.effect}", {"penalty": penalty})
        for key, text in pack.middle_ways.items():
            _check_fillable(pack, f"middle_ways.{key}", text, {})
        return values


def _references(pack: RulePack) -> list[tuple[str, str]]:
    """Where a part of the pack names a rule."""
    return [
        *((f"refusals.{reason}", refusal.rule) for reason, refusal in pack.refusals.items()),
        *((f"clocks.{clock.id}", clock.rule) for clock in pack.clocks),
        *((f"penalties.{penalty.platform}.{penalty.offence}", penalty.rule) for penalty in pack.penalties),
        *(("intactness.standards", standard.rule) for standard in pack.intactness.standards),
    ]


def _check_single(ids: Sequence[str]) -> None:
    doubled = {each for each in ids if ids.count(each) > 1}
    if doubled:
        raise ValueError(f"{', '.join(sorted(doubled))} stands twice")


def _check_limits(pack: RulePack) -> None:
    """Who stands higher may decide over at least as much."""
    roles = [pack.bot_limits, *(pack.role_limits[role] for role in ("agent", "supervisor", "admin"))]
    for kind in ("refund", "compensation"):
        limits = [getattr(role, kind) for role in roles]
        known = [Decimal("Infinity") if limit is None else limit for limit in limits]
        if known != sorted(known):
            raise ValueError(f"role_limits: {kind} falls from one role to a higher one")


def _sample(fields: Iterable[str]) -> dict[str, str]:
    return {name: name for name in fields}


def _check_fillable(pack: RulePack, key: str, text: str, fields: Mapping[str, object]) -> None:
    try:
        filled = pack.fill(text, **fields)
    except (KeyError, AttributeError, IndexError, TypeError, ValueError) as error:
        raise ValueError(f"{key}: cannot fill {error}") from error
    if not filled.strip():
        raise ValueError(f"{key}: the text is empty")


@dataclass(frozen=True)
class Packs:
    """All packs, oldest first."""

    packs: tuple[RulePack, ...]

    @classmethod
    def load(cls, directory: Path) -> Packs:
        """Read every `*.yml` of a directory; PolicyError names the file and key that is wrong."""
        paths = sorted(directory.glob("*.yml"))
        if not paths:
            raise PolicyError(f"{directory}: no rule pack")
        packs: dict[date, RulePack] = {}
        for path in paths:
            pack = load_pack(path)
            if pack.effective_from in packs:
                raise PolicyError(f"{path.name}: effective_from: {pack.effective_from} is taken by another pack")
            packs[pack.effective_from] = pack
        return cls(tuple(packs[day] for day in sorted(packs)))

    def for_payment(self, paid_at: datetime | None) -> RulePack:
        """The newest pack in force at the order's payment (R716); the first for older payments, the last for unpaid."""
        if paid_at is None:
            return self.packs[-1]
        return next((pack for pack in reversed(self.packs) if pack.effective_at <= paid_at), self.packs[0])


def load_pack(path: Path) -> RulePack:
    """Read one rule pack; PolicyError names the file and every key that is wrong."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _UniqueKeys)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PolicyError(f"{path.name}: {error}") from error
    if not isinstance(content, dict):
        raise PolicyError(f"{path.name}: holds no rules")
    try:
        return RulePack.parse_obj(content)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise PolicyError(f"{path.name}: {wrong.replace('__root__: ', '')}") from error


class _UniqueKeys(yaml.SafeLoader):
    """Refuses a key that stands twice, where YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        doubled = next((key for key in keys if keys.count(key) > 1), None)
        if doubled is not None:
            raise yaml.constructor.ConstructorError(None, None, f"{doubled} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)
