"""A ticket as the HTTP interface and the console show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.desk import masking
from bot.policy.pack import RulePack
from bot.tickets import stages
from bot.tickets.guards import missing_fields


def as_json(ticket: Any) -> dict[str, Any]:
    """A ticket as lists show it."""
    return {
        "id": ticket.id,
        "type": ticket.type,
        "status": ticket.status,
        "level": ticket.level,
        "order_no": ticket.order_no,
        "items": ticket.items,
        "amount": None if ticket.amount is None else f"{ticket.amount:.2f}",
        "freight_payer": ticket.freight_payer,
        "reason": masking.text(ticket.reason),
        "evidence_count": len(ticket.evidence),
        "rule_ids": ticket.rule_ids,
        "created_at": ticket.created_at.isoformat(),
        "due_at": ticket.due_at and ticket.due_at.isoformat(),
        "conversation_id": ticket.conversation_id,
        "level_reason": ticket.level_reason,
        "priority": ticket.priority,
        "stage": ticket.stage,
        "missing_fields": missing_fields(ticket),
        "reopened": ticket.reopened,
        "parent_id": ticket.parent_id,
        "payment": ticket.payment,
        "result_confirmed_at": ticket.result_confirmed_at and ticket.result_confirmed_at.isoformat(),
    }


def detailed(
    ticket: Any, events: Sequence[Any], links: Sequence[Any], pack: RulePack, names: Mapping[str, str]
) -> dict[str, Any]:
    """A ticket with its log, its steps, what it is linked to, and the clauses that it rests on.

    `names`: of colleagues, by the address under which the log knows them.
    """
    known = {rule.id for rule in pack.rules}
    rules = [rule_id for rule_id in ticket.rule_ids if rule_id in known]
    clauses = [{"id": rule_id, "clause": pack.clause(rule_id)} for rule_id in rules]
    text = pack.fill(pack.citation, clauses="".join(rule["clause"] for rule in clauses)) if clauses else ""
    details = {name: masking.text(value) for name, value in (ticket.details or {}).items()}
    # A message that was left is there to be answered: whoever opens it has to know where.
    called_back = {"reason": ticket.reason, "contact": ticket.contact} if ticket.type == "message" else {}
    return {
        **as_json(ticket),
        "contact": masking.text(ticket.contact),
        **called_back,
        "details": details,
        "stages": list(stages.of(ticket.type)),
        "events": [_event(event, names) for event in events],
        "links": [_link(ticket.id, link) for link in links],
        "citation": {"version": pack.version, "text": text, "rules": clauses},
    }


def when(instant: datetime, now: datetime) -> str:
    """A time as customers read it: 14:05 today, 11-23 14:05 on another day."""
    return f"{instant:%H:%M}" if instant.date() == now.date() else f"{instant:%m-%d %H:%M}"


def _event(event: Any, names: Mapping[str, str]) -> dict[str, Any]:
    told = {name: value for name, value in event.detail.items() if name not in ("set", "add")}
    changed = event.detail.get("set", {})
    status = {"status": changed["status"]} if "status" in changed else {}
    shown = {name: masking.text(value) if isinstance(value, str) else value for name, value in told.items()}
    return {
        "id": event.id,
        "kind": event.kind,
        "actor": names.get(event.actor) or event.actor.partition("@")[0],
        "at": event.at.isoformat(),
        **status,
        "detail": shown,
    }


def _link(ticket_id: str, link: Any) -> dict[str, Any]:
    return {"ticket": link.b if link.a == ticket_id else link.a, "kind": link.kind}
