"""What an agent wants to know before the first word: the hand-over summary.

Its keys, as `handoff.summary` shows them (what is not known is left out, `flow` to `asked` outside of flows):
`text` one line to read; `reason` requested, misunderstood, invalid_answers, angry, complaint, legal; `mood`; `intent`
and `matter` its name in words; `customer` {name, level}; `flow`, `facts` as told, `asked` the open question;
`order_no` (null while unknown), `items`, `order` {order_no, status, paid, paid_at, items};
`offered` [{solution, terms}]; `refused` {reason, text} by policy; `declined` [solution] offered before the customer
gave it up; `pictures`; `before` {flow, outcome, order_no, items} the matter just ended; `also` flows that wait;
`promises` open tickets [{ticket, type, status, order_no, amount, due_at}], and what else was promised, with its `text`
and the kind of promise as `type`; `approvals` [{kind, ticket, amount}]
pending; `last_lines`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa_sdk import Tracker
from sqlalchemy import or_, select

from actions.base import slots_of
from actions.flow import REGISTRY, Flow, build_scene, missing
from actions.offers import brings
from actions.scene import Scene
from bot.conversation.turn import Turn
from bot.desk.tickets import UNSETTLED, when
from bot.orders.gateway import OrderView
from bot.policy.explain import refusal_text
from bot.promises import listing
from bot.store.models import Approval, InboxEntry, Ticket

LAST_LINES = 6
PARTS = ("customer", "matter", "order", "offered", "refused", "promises", "mood")


async def of_dialogue(turn: Turn, tracker: Tracker, reason: str) -> dict[str, Any]:
    """The summary of this dialogue, see above."""
    slots = slots_of(tracker)
    flow = _flow(tracker, slots)
    lately: dict[str, Any] = dict(slots.get("lately") or {})
    scene = await build_scene(flow, turn, slots) if flow else None
    intent = ((tracker.latest_message or {}).get("intent") or {}).get("name")
    if flow:
        intent = flow.matter()
    elif lately:
        intent = REGISTRY[lately["flow"]].matter() if lately["flow"] in REGISTRY else intent
    order = scene.order if scene else await _order_in_talk(turn, slots)
    found = {
        "reason": reason,
        "mood": turn.mood,
        "intent": intent,
        "matter": turn.label(f"label_intent_{intent}") if f"label_intent_{intent}" in turn.services.texts else None,
        "customer": {"name": turn.customer.name, "level": turn.customer.level} if turn.customer else None,
        **(_of_flow(flow, scene, slots) if flow and scene else {}),
        **(_of_before(lately, own=flow is None) if lately else {}),
        "order": as_json(order) if order else None,
        "also": [entry["flow"] for entry in slots.get("waiting") or []] or None,
        "promises": await _promises(turn) or None,
        "approvals": await _approvals(turn) or None,
        "last_lines": await _last_lines(turn),
    }
    if order and not found.get("order_no"):
        found["order_no"] = order.order_no
    summary = {"order_no": None} | {key: value for key, value in found.items() if value is not None}
    return {"text": _in_words(turn, summary), **summary}


def ended(flow: type[Flow], outcome: str | None, scene: Scene) -> dict[str, Any]:
    """How a flow ended: kept until the next one ends, for whoever takes over then."""
    decision = scene.decision
    told: dict[str, Any] = {"flow": flow.name, "outcome": outcome}
    if scene.order:
        told |= {"order_no": scene.order.order_no, "items": scene.items_text()}
    if scene.facts.get("cause"):
        told["cause"] = scene.facts["cause"]
    if outcome == "refused" and decision and decision.refusal:
        told["refused"] = _refused(scene)
    elif outcome == "cancelled" and decision and decision.remedies:
        told["declined"] = [remedy.solution for remedy in decision.remedies]
    return told


def as_json(order: OrderView) -> dict[str, Any]:
    """An order as an agent first wants to see it."""
    facts = order.facts
    return {
        "order_no": facts.order_no,
        "status": facts.status,
        "paid": f"{facts.paid:.2f}",
        "paid_at": facts.paid_at.isoformat() if facts.paid_at else None,
        "items": [{"sku": line.sku, "name": line.name, "quantity": line.quantity} for line in facts.lines],
    }


def _flow(tracker: Tracker, slots: dict[str, Any]) -> type[Flow] | None:
    """The running flow; after three invalid answers its form is over, but its facts are what the agent needs."""
    over = str(slots.get("flow") or "") if slots.get("outcome") == "handed_over" else ""
    return REGISTRY.get(str(tracker.active_loop.get("name") or "").removesuffix("_form") or over)


def _of_flow(flow: type[Flow], scene: Scene, slots: dict[str, Any]) -> dict[str, Any]:
    decision = scene.decision
    return {
        "flow": flow.name,
        "facts": {slot: value for slot, value in scene.facts.items() if value is not None and slot != "evidence"},
        "pictures": len(scene.pictures),
        "order_no": scene.order.order_no if scene.order else None,
        "items": scene.items_text(),
        "offered": [
            {"solution": remedy.solution, "terms": brings(scene, remedy)}
            for remedy in (decision.remedies if decision else ())
        ],
        "refused": _refused(scene) if decision and decision.refusal else None,
        "asked": slots.get("requested_slot") or missing(flow, scene),
    }


def _of_before(lately: dict[str, Any], own: bool) -> dict[str, Any]:
    """What ended before; without a flow running it is what the talk is about."""
    told: dict[str, Any] = {"before": {k: v for k, v in lately.items() if k not in ("refused", "declined")}}
    if own:
        told |= {key: lately[key] for key in ("order_no", "items", "refused", "declined") if key in lately}
    return told


def _refused(scene: Scene) -> dict[str, str] | None:
    if scene.order is None or scene.decision is None or scene.decision.refusal is None:
        return None
    refusal = scene.decision.refusal
    return {"reason": refusal.reason, "text": refusal_text(refusal, scene.pack)}


async def _order_in_talk(turn: Turn, slots: dict[str, Any]) -> OrderView | None:
    """The order that was talked of, if it is the customer's (an unproved number is no link)."""
    number = slots.get("order_no") or slots.get("order_in_talk") or (slots.get("lately") or {}).get("order_no")
    return await turn.orders.find(str(number), turn.viewer) if number else None


async def _promises(turn: Turn) -> list[dict[str, Any]]:
    talk = turn.conversation
    own = Ticket.conversation_id == talk.id
    if talk.customer_id:
        own = or_(own, Ticket.customer_id == talk.customer_id)
    query = select(Ticket).where(own, Ticket.status.in_(UNSETTLED)).order_by(Ticket.created_at, Ticket.id)
    return [
        {
            "ticket": ticket.id,
            "type": ticket.type,
            "status": ticket.status,
            "order_no": ticket.order_no,
            "amount": None if ticket.amount is None else f"{ticket.amount:.2f}",
            "due_at": ticket.due_at.isoformat() if ticket.due_at else None,
        }
        for ticket in (await turn.session.execute(query)).scalars().all()
    ] + [
        {
            "ticket": None,
            "type": entry.kind,
            "status": entry.state,
            "order_no": entry.order_no,
            "amount": None if entry.amount is None else f"{entry.amount:.2f}",
            "due_at": entry.due_at.isoformat(),
            "text": entry.text,
        }
        for entry in await listing.of_talk(turn.session, talk)
        if entry.ticket_id is None
    ]


async def _approvals(turn: Turn) -> list[dict[str, Any]]:
    query = select(Approval).where(Approval.conversation_id == turn.conversation.id, Approval.status == "pending")
    return [
        {"kind": row.kind, "ticket": row.ticket_id, "amount": None if row.amount is None else f"{row.amount:.2f}"}
        for row in (await turn.session.execute(query.order_by(Approval.created_at))).scalars().all()
    ]


async def _last_lines(turn: Turn) -> list[str]:
    """What the customer said last, oldest first."""
    query = select(InboxEntry.text).where(InboxEntry.conversation_id == turn.conversation.id, InboxEntry.text != "")
    found = (await turn.session.execute(query.order_by(InboxEntry.id.desc()).limit(LAST_LINES))).scalars().all()
    return [text[:200] for text in reversed(found)]


def _in_words(turn: Turn, summary: dict[str, Any]) -> str:
    """The summary as one line, in the shop's words; only what is known stands in it."""
    order, label = summary.get("order"), turn.label
    fields: dict[str, Any] = {
        "reason": label(f"label_summary_reason_{summary['reason']}"),
        "mood": label(f"label_summary_mood_{summary['mood']}"),
        "matter": summary.get("matter"),
    }
    if "customer" in summary and summary["customer"]["name"]:
        level = f"label_summary_level_{summary['customer']['level']}"
        fields["customer"] = summary["customer"]["name"] + (label(level) if level in turn.services.texts else "")
    if order:
        fields |= {
            "order": order["order_no"][-4:],
            "items": summary.get("items") or "、".join(f"{i['name']}×{i['quantity']}" for i in order["items"]),
            "status": label(f"label_order_{order['status']}"),
            "paid": order["paid"],
        }
    fields["offered"] = "、".join(label(f"label_solution_{offer['solution']}") for offer in summary.get("offered", ()))
    fields["refused"] = (summary.get("refused") or {}).get("text")
    fields["promises"] = "、".join(
        label("label_summary_promise", ticket=promise["ticket"] or promise["text"], due=_due(turn, promise["due_at"]))
        for promise in summary.get("promises", ())
    )
    parts = [label(f"label_summary_{part}", **fields) for part in PARTS if fields.get(part)]
    return label("label_summary_reason", **fields) + "；".join(parts)


def _due(turn: Turn, due_at: str | None) -> str:
    return when(datetime.fromisoformat(due_at), turn.now) if due_at else ""
