"""Questions in passing and first answers: what the shop knows where it can be looked up, else an honest word and a way on."""
from __future__ import annotations

from functools import lru_cache
from typing import Any, Awaitable, Callable, Mapping

import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import lookup_logistics, lookup_product, lookup_refund_status, lookup_size
from actions.base import turn_for
from actions.heard import Heard, from_message, from_opening
from bot.conversation.turn import Turn
from bot.settings import ROOT

Said = tuple[str, Mapping[str, Any]]
Lookup = Callable[[Turn, Heard], Awaitable[list[Said]]]

LOOKUPS: Mapping[str, Lookup] = {
    "track_order": lookup_logistics.parcel,
    "ask_delivery_time": lookup_logistics.parcel,
    "ask_shipping_time": lookup_logistics.shipping,
    "ask_refund_status": lookup_refund_status.refund,
    "ask_price": lookup_product.price,
    "ask_stock": lookup_product.stock,
    "ask_gift": lookup_product.gift,
    "ask_product": lookup_product.material,
    "ask_warranty": lookup_product.warranty,
    "ask_size": lookup_size.advice,
}


@lru_cache(maxsize=1)
def _asides() -> frozenset[str]:
    """The intents that the general rule sends to `action_answer`; the rule is the one place that lists them."""
    rules = yaml.safe_load((ROOT / "data" / "rules" / "common.yml").read_text(encoding="utf-8"))["rules"]
    steps = next(rule["steps"] for rule in rules if rule["steps"][-1].get("action") == "action_answer")
    return frozenset(step["intent"] for step in steps[0]["or"])


ASIDES = _asides()


async def answer_clause(turn: Turn, dispatcher: CollectingDispatcher, clause: Mapping[str, Any]) -> None:
    """Answer a question that came with another wish in the same message."""
    await _answer(turn, dispatcher, from_opening(clause))


async def _answer(turn: Turn, dispatcher: CollectingDispatcher, heard: Heard) -> None:
    lookup = LOOKUPS.get(heard.intent)
    found = await lookup(turn, heard) if lookup else []
    for key, fields in found or [(f"utter_{heard.intent}", {})]:
        dispatcher.utter_message(response=key, **fields)


class ActionAnswer(Action):
    """One answer to one question; further questions of the same message are answered as well."""

    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        async with turn_for(tracker, dispatcher) as turn:
            heard = from_message(tracker.latest_message)
            await _answer(turn, dispatcher, heard)
            if not tracker.active_loop.get("name"):
                for clause in heard.clauses:
                    await answer_clause(turn, dispatcher, clause)
        return [SlotSet("misses", 0)]
