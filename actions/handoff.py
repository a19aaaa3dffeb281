"""To a person, from any state: the summary is written first, then the dialogue is cleared, then the customer waits in the queue."""
from __future__ import annotations

from typing import Any, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import slots_of, turn_for
from actions.flow import REGISTRY, build_scene, clear_flow
from actions.questions import brings
from bot.conversation.turn import Turn
from bot.desk import handoffs, tickets, waiting

LAST_LINES = 6


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
    """A complaint or a legal threat: one sentence that takes it seriously, a ticket with its deadline, then a person."""

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
    name = str(tracker.active_loop.get("name") or "").removesuffix("_form")
    flow = REGISTRY.get(name) or _flow_that_just_ended(slots)
    summary: dict[str, Any] = {"reason": reason, "mood": turn.mood, "intent": _intent(tracker), "last_lines": _lines(tracker)}
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
            "asked": slots.get("requested_slot"),
        }
    waiting_flows = [entry["flow"] for entry in slots.get("waiting") or []]
    return summary | ({"also": waiting_flows} if waiting_flows else {})


def _flow_that_just_ended(slots: dict[str, Any]) -> Any:
    """After three invalid answers the form is over, but its facts are what the agent needs."""
    return REGISTRY.get(str(slots.get("flow") or "")) if slots.get("outcome") == "handed_over" else None


def _intent(tracker: Tracker) -> Optional[str]:
    return ((tracker.latest_message or {}).get("intent") or {}).get("name")


def _lines(tracker: Tracker) -> list[str]:
    said = [event["text"] for event in tracker.events if event["event"] == "user" and event.get("text")]
    return [str(text)[:200] for text in said[-LAST_LINES:]]


async def _own_order(turn: Turn, tracker: Tracker) -> Optional[str]:
    """The order in talk, if it is the customer's (an unproved number is no link)."""
    number = tracker.get_slot("order_no")
    order = await turn.orders.find(number, turn.viewer) if number else None
    return order.order_no if order else None


def cleared() -> list[EventType]:
    """No form, no facts, nothing waiting: the bot begins afresh when the conversation comes back."""
    slots = ("requested_slot", "waiting", "handoff_reason", "misses", "anger", "flow")
    return [*clear_flow(*REGISTRY.values()), *(SlotSet(slot, None) for slot in slots), ActiveLoop(None)]
