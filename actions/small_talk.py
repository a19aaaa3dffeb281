"""Greetings, thanks, feelings: a short human word, and for anger a person."""
from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import turn_for
from actions.heard import from_message

ANGRY_LIMIT = 2


class ActionSmallTalk(Action):
    """Answers what asks for nothing; who is angry twice gets a person without asking."""

    def name(self) -> str:
        return "action_small_talk"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        heard = from_message(tracker.latest_message)
        if heard.intent == "vent":
            anger = int(tracker.get_slot("anger") or 0) + 1
            if anger >= ANGRY_LIMIT:
                return [SlotSet("anger", 0), SlotSet("handoff_reason", "angry"), FollowupAction("action_handoff")]
            dispatcher.utter_message(response="utter_vent")
            return [SlotSet("anger", anger), SlotSet("misses", 0)]
        async with turn_for(tracker, dispatcher) as turn:
            key = f"utter_{heard.intent}"
            if heard.attachments and not heard.text:
                key = "utter_picture_received"
            elif heard.intent == "greet" and turn.away:
                key = "utter_greet_again"
            dispatcher.utter_message(response=key)
        return [SlotSet("misses", 0)]
