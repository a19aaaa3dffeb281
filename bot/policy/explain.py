"""A decision in words and for programs; every word comes from the pack."""

from __future__ import annotations

from typing import Any

from bot.policy.outcome import Decision, Refusal, Remedy
from bot.policy.pack import RulePack


def citation(ruling: Decision | Remedy, pack: RulePack) -> str:
    """The clauses that a decision, or one of its remedies, rests on, as a customer reads them."""
    return pack.fill(pack.citation, clauses="".join(pack.clause(rule_id) for rule_id in ruling.rule_ids))


def refusal_text(refusal: Refusal, pack: RulePack) -> str:
    """Why it is not possible, and the middle way."""
    reason = pack.fill(pack.refusals[refusal.reason].text, **refusal.fields)
    return reason + pack.fill(pack.middle_ways[refusal.middle_way])


def as_json(decision: Decision, pack: RulePack) -> dict[str, Any]:
    """The answer of `bot policy explain --json`: money with two decimals, instants in ISO 8601 with offset."""
    refusal: str | None = None if decision.refusal is None else refusal_text(decision.refusal, pack)
    return {
        "eligible": decision.eligible,
        "remedies": [_remedy(remedy) for remedy in decision.remedies],
        "rule_ids": list(decision.rule_ids),
        "citation": citation(decision, pack),
        "refusal": refusal,
    }


def _remedy(remedy: Remedy) -> dict[str, Any]:
    return {
        "solution": remedy.solution,
        "amount": None if remedy.amount is None else f"{remedy.amount:.2f}",
        "freight_payer": remedy.freight_payer,
        "deadline": remedy.deadline.isoformat(timespec="seconds"),
    }
