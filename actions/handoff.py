"""To a person, from any state: the summary is written, the dialogue cleared, and the customer waits in the queue."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import slots_of, turn_for
from actions.end import clear_flow
from actions.flow import REGISTRY, Flow, build_scene, missing
from actions.questions import brings
from bot.conversation import transcript
from bot.conversation.turn import Turn
from bot.desk import handoffs, tickets, waiting
from bot.store.models import Conversation

LAST_LINES = 6
BESIDE_FLOWS = ("requested_slot", "waiting", "handoff_reason", "misses", "anger", "order_in_talk", "product_in_talk")


class ActionHandoff(Action):
    """Puts the conversation into the queue."""

    def name(self) -> str:
        return "action_handoff"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        async with turn_for(tracker, dispatcher) as turn:
            reason = tracker.get_slot("handoff_reason") or "requested"
            if reason != "requested":
                turn.say(f"utter_handoff_{reason}")
            await into_queue(turn, tracker, reason)
        return cleared()


class ActionComplaint(Action):
    """A complaint or a legal threat: a sentence that takes it seriously, a ticket with its deadline, then a person."""

    def name(self) -> str:
        return "action_complaint"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        async with turn_for(tracker, dispatcher) as turn:
            ticket = await tickets.open_ticket(
                turn.session,
                turn.services,
                turn.conversation,
                type="complaint",
                status="open",
                level="1",
                reason=turn.text[:200],
                order_no=await _own_order(turn, tracker),
                evidence=[a.as_dict() for a in turn.attachments],
                now=turn.now,
            )
            turn.say("utter_complaint_noted", {"ticket": ticket.id, "due": tickets.when(ticket.due_at, turn.now)})
            legal = any(word in turn.text for word in turn.services.packs.for_payment(turn.now).handoff_words)
            await into_queue(turn, tracker, "legal" if legal else "complaint")
        return cleared()


async def into_queue(turn: Turn, tracker: Tracker, reason: str) -> None:
    """Write the hand-over summary, queue, and tell the customer the place."""
    summary = await summarise(turn, tracker, reason)
    vip = bool(turn.customer and turn.customer.level == "vip")
    handoff = await handoffs.request(turn.session, turn.conversation, reason, summary, turn.now, vip=vip)
    await waiting.announce(turn, handoff)


async def summarise(turn: Turn, tracker: Tracker, reason: str) -> dict[str, Any]:
    """What the agent reads first: wish, facts, order, what was offered, mood, the customer's last lines."""
    slots = slots_of(tracker)
    flow = _flow(tracker, slots)
    latest = ((tracker.latest_message or {}).get("intent") or {}).get("name")
    summary: dict[str, Any] = {
        "reason": reason,
        "mood": turn.mood,
        "intent": flow.intents[0] if flow else latest,
        "last_lines": await _last_lines(turn),
    }
    if turn.customer:
        summary["customer"] = {"name": turn.customer.name, "level": turn.customer.level}
    if flow:
        scene = await build_scene(flow, turn, slots)
        offered = scene.decision.remedies if scene.decision else ()
        summary |= {
            "flow": flow.name,
            "facts": {slot: value for slot, value in scene.facts.items() if value is not None and slot != "evidence"},
            "pictures": len(scene.pictures),
            "order_no": scene.order.order_no if scene.order else None,
            "items": scene.items_text(),
            "offered": [{"solution": remedy.solution, "terms": brings(scene, remedy)} for remedy in offered],
            "asked": slots.get("requested_slot") or missing(flow, scene),
        }
    waiting_flows = [entry["flow"] for entry in slots.get("waiting") or []]
    return summary | ({"also": waiting_flows} if waiting_flows else {})


def _flow(tracker: Tracker, slots: dict[str, Any]) -> type[Flow] | None:
    """The running flow; after three invalid answers its form is over, but its facts are what the agent needs."""
    ended = str(slots.get("flow") or "") if slots.get("outcome") == "handed_over" else ""
    return REGISTRY.get(str(tracker.active_loop.get("name") or "").removesuffix("_form") or ended)


async def _last_lines(turn: Turn) -> list[str]:
    """What the customer said last, oldest first."""
    page, _ = await transcript.page(turn.session, Conversation.id == turn.conversation.id)
    said = [message.text for message in page if message.role == "customer" and message.text]
    return [text[:200] for text in said[-LAST_LINES:]]


async def _own_order(turn: Turn, tracker: Tracker) -> str | None:
    """The order in talk, if it is the customer's (an unproved number is no link)."""
    number = tracker.get_slot("order_no") or tracker.get_slot("order_in_talk")
    order = await turn.orders.find(number, turn.viewer) if number else None
    return order.order_no if order else None


def cleared() -> list[EventType]:
    """No form, no facts, nothing waiting: the bot begins afresh when the conversation comes back."""
    return [*clear_flow(*REGISTRY.values()), *(SlotSet(slot, None) for slot in BESIDE_FLOWS), ActiveLoop(None)]
