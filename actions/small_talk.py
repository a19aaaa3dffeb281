"""Greetings, thanks, feelings: a short human word, for anger a person. A bare picture finds the ticket that waits."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import pictures, pointing
from actions.base import slots_of, turn_for
from actions.heard import Heard, from_message
from actions.resuming import take_up
from actions.scene import Scene
from actions.shown import is_shown, shown_by_name, take_name, take_shown
from actions.taken_back import take_up_again
from actions.visitor import is_open, prove
from bot.conversation.turn import Turn
from bot.lexicon import lexicon

VENTS_LIMIT = 3  # in a row, however mild


class ActionSmallTalk(Action):
    """Answers what asks for nothing; who is clearly angry gets a person without asking."""

    def name(self) -> str:
        return "action_small_talk"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        heard = from_message(tracker.latest_message)
        if heard.intent == "vent":
            return await self._vent(dispatcher, tracker)
        events: list[EventType] = [SlotSet("misses", 0), SlotSet("anger", 0)]
        async with turn_for(tracker, dispatcher) as turn:
            asked = tracker.get_slot("asked_about")
            if is_shown(heard):
                return [*events, *await take_shown(turn, heard, dispatcher)]
            if name := await shown_by_name(turn, heard):
                return [*events, *await take_name(turn, name, heard, dispatcher)]
            if is_open(asked, turn, heard):
                return [*events, SlotSet("asked_about", await prove(turn, dispatcher, asked, heard))]
            if taken_up := await take_up_again(turn, tracker):
                return events + taken_up
            if lexicon().has("resume", heard.text):
                return [*events, *await take_up(turn, slots_of(tracker), dispatcher)]
            if heard.attachments:
                await _take_picture(turn, heard, dispatcher)
            elif lexicon().is_whole("puzzled", heard.text):
                known = tracker.get_slot("order_in_talk")
                dispatcher.utter_message(response="utter_puzzled_after" if known else "utter_puzzled")
            elif lexicon().is_whole("what_now", heard.text):
                _say_what_next(tracker.get_slot("order_in_talk"), dispatcher)
            else:
                again = heard.intent == "greet" and turn.away
                dispatcher.utter_message(response="utter_greet_again" if again else f"utter_{heard.intent}")
            order_no = await _order_meant(turn, heard)
        return events + ([SlotSet("order_in_talk", order_no)] if order_no else [])

    async def _vent(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        vents = int(tracker.get_slot("anger") or 0) + 1
        async with turn_for(tracker, dispatcher) as turn:
            if turn.feeling.fed_up or vents >= VENTS_LIMIT:
                return [SlotSet("anger", 0), SlotSet("handoff_reason", "angry"), FollowupAction("action_handoff")]
            dispatcher.utter_message(response="utter_vent")
        return [SlotSet("anger", vents), SlotSet("misses", 0)]


def _say_what_next(order_no: str | None, dispatcher: CollectingDispatcher) -> None:
    """What can be done about the order that was talked about; without one, which matter is meant."""
    if order_no is None:
        dispatcher.utter_message(response="utter_puzzled")
    else:
        dispatcher.utter_message(response="utter_what_next", order_tail=order_no[-4:])


async def _order_meant(turn: Turn, heard: Heard) -> str | None:
    """The own order that was named without a wish: the flow that follows need not ask for it."""
    recent = await turn.orders.recent(turn.viewer)
    scene = Scene(turn, {}, orders=recent, recent=recent)
    named = pointing.named_order(heard, scene) or pointing.by_product(heard, scene)
    return named if any(order.order_no == named for order in recent) else None


async def _take_picture(turn: Turn, heard: Heard, dispatcher: CollectingDispatcher) -> None:
    ticket = await pictures.add_to_ticket(turn)
    if ticket is not None:
        dispatcher.utter_message(response="utter_picture_added", ticket=ticket.id)
    else:
        dispatcher.utter_message(response=f"utter_{heard.intent}" if heard.text else "utter_picture_received")
