"""A clock as people see it: what it is, how much is left, what is lost if it runs out, and by which rule."""

from __future__ import annotations

from typing import Any

from bot.clocks.rules import pack_of
from bot.clocks.state import Entry, State
from bot.policy.duties import Offence
from bot.policy.pack import RulePack
from bot.policy.penalties import at_risk
from bot.services import Services


def as_json(services: Services, clock: Any, state: State, start: Entry) -> dict[str, Any]:
    """A clock as the HTTP interface shows it; money with two decimals, instants in ISO 8601.

    `start`: the first entry of its log.
    """
    pack = pack_of(services, clock)
    rule = pack.clock(clock.rule)
    clause = pack.clause(rule.rule)
    return {
        "id": clock.id,
        "rule": clock.rule,
        "title": clause,
        "promise": start.detail.get("promise"),
        "ticket_id": clock.ticket_id,
        "conversation_id": clock.conversation_id,
        "order_no": clock.order_no,
        "started_at": clock.started_at.isoformat(),
        "due_at": state.due_at.isoformat(),
        "ended_at": state.ended_at and state.ended_at.isoformat(),
        "state": state.standing,
        "elapsed_share": round(state.share, 4),
        "remaining_seconds": int(state.remaining.total_seconds()),
        "at_least": rule.at_least,
        "time": rule.time,
        "warned": list(state.warned),
        "paused": state.standing == "paused",
        "at_risk": {
            "points": clock.points,
            "yuan": f"{clock.yuan:.2f}",
            "label": clock.label,
            "effects": _effects(pack, clock, rule.offence),
        },
        "citation": pack.fill(pack.citation, clauses=clause),
    }


def _effects(pack: RulePack, clock: Any, offence: Offence | None) -> list[str]:
    """What else follows; nothing for goods that were exempt when the clock started."""
    if not (clock.points or clock.yuan or clock.label):
        return []
    return list(at_risk(offence, clock.platform, pack).effects)
