"""Questions in passing and first answers: looked up where that is possible, else an honest word and a way on."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import late_shipping, withdrawal
from actions.base import turn_for
from actions.end import begin_first
from actions.flow import STARTS
from actions.heard import Heard, from_message, from_opening
from actions.lookups import ASIDES, about, answer_question, order_asked_about
from actions.taken_back import take_up_again
from actions.visitor import ask
from bot.conversation.turn import Turn
from bot.desk import tickets


class ActionAnswer(Action):
    """Answers the questions of a message; where a wish for a flow stands beside them, the flow begins then."""

    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        in_talk = tracker.get_slot("order_no") or tracker.get_slot("order_in_talk")
        async with turn_for(tracker, dispatcher) as turn:
            if again := await take_up_again(turn, tracker):
                return [SlotSet("misses", 0), SlotSet("anger", 0), *again]
            heard = from_message(tracker.latest_message)
            running = bool(tracker.active_loop.get("name"))
            begun = await _own_flow(turn, heard)
            if begun and tracker.active_loop.get("name") != f"{begun['flow']}_form":
                if running:
                    dispatcher.utter_message(response="utter_also_noted")
                    return [SlotSet("waiting", [*(tracker.get_slot("waiting") or []), begun])]
                return [SlotSet("misses", 0), SlotSet("anger", 0), *begin_first([begun])]
            named = heard.values("product")
            product = named[0] if named else tracker.get_slot("product_in_talk")
            heard = await about(turn, heard, in_talk, product)
            order = await order_asked_about(turn, heard)
            asked = await ask(turn, dispatcher, heard, applying=running)
            for clause in heard.clauses:
                if clause["intent"] in ASIDES:
                    await answer_question(turn, dispatcher, await about(turn, from_opening(clause), None, product))
        events: list[EventType] = [SlotSet("misses", 0), SlotSet("anger", 0), SlotSet("asked_about", asked)]
        events += [SlotSet("product_in_talk", named[0])] if named else []
        events += [SlotSet("order_in_talk", order)] if order and not running else []
        # Within a flow its form has put these wishes into the queue already.
        wishes = [c for c in heard.clauses if c["intent"] in STARTS] if not running else []
        waiting = [{"flow": STARTS[clause["intent"]], "opening": dict(clause)} for clause in wishes]
        return events + (begin_first(waiting) if waiting else [])


async def _own_flow(turn: Turn, heard: Heard) -> dict[str, Any] | None:
    """The flow that the message begins although its intent does not: amends for a late order, an own ticket closed."""
    if heard.intent == late_shipping.LateShipping.kin and late_shipping.is_wished(heard):
        return late_shipping.entry(heard)
    if heard.intent == withdrawal.Withdrawal.kin and await tickets.own_open(turn.session, turn.conversation):
        entities = [dict(entity) for entity in heard.entities]
        opening = {"text": heard.text, "intent": heard.intent, "entities": entities}
        return {"flow": withdrawal.Withdrawal.name, "opening": opening}
    return None
