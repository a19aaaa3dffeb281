"""Instant refund: a customer of good standing does not wait for the goods to be back (R712, R713)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.policy.facts import Claim
from bot.policy.outcome import Remedy
from bot.policy.pack import RulePack

Objection = Literal["no_return", "cause", "level", "amount", "refunds", "approval"]


@dataclass(frozen=True)
class Standing:
    """Who claims: the customer's level, and when earlier refunds were asked for."""

    level: str
    refunds: tuple[datetime, ...] = ()


def objection(remedy: Remedy, claim: Claim, standing: Standing, pack: RulePack, now: datetime) -> Objection | None:
    """Why a refund is not instant; None where it is."""
    rules = pack.instant_refund
    if remedy.solution != "return_refund" or remedy.amount is None:
        return "no_return"
    if remedy.status == "open":
        return "approval"
    if claim.cause not in rules.causes:
        return "cause"
    if standing.level not in rules.levels:
        return "level"
    if remedy.amount > rules.up_to:
        return "amount"
    since = now - timedelta(days=rules.within_days)
    recent = [instant for instant in standing.refunds if instant > since]
    return "refunds" if len(recent) > rules.refunds_before else None


def with_instant(remedy: Remedy, claim: Claim, standing: Standing, pack: RulePack, now: datetime) -> Remedy:
    """The remedy as this customer gets it: approved at once where nothing stands against it.

    The goods still come back, and the money is still only submitted: nothing may be called paid by this.
    """
    if objection(remedy, claim, standing, pack, now) is not None:
        return remedy
    return replace(remedy, status="approved", rule_ids=(*remedy.rule_ids, "instant_refund"))
