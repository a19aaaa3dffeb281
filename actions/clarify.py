"""Not understood: the likeliest readings as buttons, a person beside them; time and again, or in anger, a person."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import turn_for
from actions.taken_back import take_up_again

GUESSES = 3
LEAST = 0.05


class ActionClarify(Action):
    """Offers what the message might mean."""

    def name(self) -> str:
        return "action_clarify"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        misses = int(tracker.get_slot("misses") or 0) + 1
        async with turn_for(tracker, dispatcher) as turn:
            if again := await take_up_again(turn, tracker):
                return [SlotSet("misses", 0), *again]
            if turn.feeling.fed_up or misses >= turn.services.shop.misses_before_person:
                reason = "angry" if turn.feeling.fed_up else "misunderstood"
                return [SlotSet("misses", 0), SlotSet("handoff_reason", reason), FollowupAction("action_handoff")]
            ranking = (tracker.latest_message or {}).get("intent_ranking") or []
            guesses = [entry["name"] for entry in ranking if entry["confidence"] >= LEAST]
            titles = [(name, f"label_intent_{name}") for name in guesses]
            buttons = [
                {"title": turn.label(key), "payload": f"/{name}"} for name, key in titles if key in turn.services.texts
            ][:GUESSES]
            buttons.append({"title": turn.label("label_person"), "payload": "/request_human"})
            dispatcher.utter_message(response="utter_clarify", buttons=buttons)
        return [SlotSet("misses", misses)]
