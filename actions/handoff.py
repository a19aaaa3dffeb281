"""To a person, from any state: the summary is written, the dialogue cleared, and the customer waits in the queue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import late_shipping, summary
from actions.base import turn_for
from actions.end import begin_first, clear_flow
from actions.flow import REGISTRY
from actions.heard import from_message
from bot.conversation.turn import Turn
from bot.desk import complaints, handoffs, tickets, waiting
from bot.metrics import TAPS_TO_HUMAN
from bot.store.database import after_commit

BESIDE_FLOWS = (
    "requested_slot",
    "waiting",
    "handoff_reason",
    "misses",
    "anger",
    "order_in_talk",
    "product_in_talk",
    "asked_about",
    "lately",
)


class ActionHandoff(Action):
    """Puts the conversation into the queue."""

    def name(self) -> str:
        return "action_handoff"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        async with turn_for(tracker, dispatcher) as turn:
            reason = tracker.get_slot("handoff_reason") or "requested"
            if reason == "requested":
                wishes = await waiting.wishes_for_person(turn)
                after_commit(turn.session, lambda: TAPS_TO_HUMAN.observe(wishes))
            else:
                turn.say(f"utter_handoff_{reason}")
            await into_queue(turn, tracker, reason)
        return cleared()


class ActionComplaint(Action):
    """A complaint or a legal threat: a sentence that takes it seriously, a ticket with its deadline, then a person."""

    def name(self) -> str:
        return "action_complaint"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        async with turn_for(tracker, dispatcher) as turn:
            heard, in_talk = from_message(tracker.latest_message), tracker.get_slot("order_in_talk")
            if not tracker.active_loop.get("name") and await late_shipping.is_meant(turn, heard, in_talk):
                return begin_first([late_shipping.entry(heard)])
            asked = heard.value("amount")
            claimed = Decimal(str(asked)) if asked else None
            ticket, known = await complaints.find_or_open(turn, await _own_order(turn, tracker), claimed)
            key = "utter_complaint_known" if known else "utter_complaint_noted"
            turn.say(key, {"ticket": ticket.id, "due": tickets.when(ticket.due_at, turn.now)})
            await into_queue(turn, tracker, "legal" if waiting.is_legal(turn) else "complaint")
        return cleared()


async def into_queue(turn: Turn, tracker: Tracker, reason: str) -> None:
    """Write the hand-over summary, queue, and tell the customer the place."""
    told = await summary.of_dialogue(turn, tracker, reason)
    vip = bool(turn.customer and turn.customer.level == "vip")
    handoff = await handoffs.request(turn.session, turn.conversation, reason, told, turn.now, vip=vip)
    await waiting.announce(turn, handoff)


async def _own_order(turn: Turn, tracker: Tracker) -> str | None:
    """The order in talk, if it is the customer's (an unproved number is no link)."""
    number = tracker.get_slot("order_no") or tracker.get_slot("order_in_talk")
    order = await turn.orders.find(number, turn.viewer) if number else None
    return order.order_no if order else None


def cleared() -> list[EventType]:
    """No form, no facts, nothing waiting: the bot begins afresh when the conversation comes back."""
    return [*clear_flow(*REGISTRY.values()), *(SlotSet(slot, None) for slot in BESIDE_FLOWS), ActiveLoop(None)]
