"""Which question is answered by which look-up; what cannot be looked up gets the text of its intent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import yaml
from rasa_sdk.executor import CollectingDispatcher

from actions import lookup_logistics, lookup_product, lookup_refund_status, lookup_size
from actions.heard import Heard
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


ABOUT_A_PARCEL = ("track_order", "ask_delivery_time", "ask_shipping_time")
UNDER_WAY = ("paid", "shipped")


@lru_cache(maxsize=1)
def _asides() -> frozenset[str]:
    """The intents that the general rule sends to `action_answer`; the rule is the one place that lists them."""
    rules = yaml.safe_load((ROOT / "data" / "rules" / "common.yml").read_text(encoding="utf-8"))["rules"]
    steps = next(rule["steps"] for rule in rules if rule["steps"][-1].get("action") == "action_answer")
    return frozenset(step["intent"] for step in steps[0]["or"])


ASIDES = _asides()


async def answer_question(turn: Turn, dispatcher: CollectingDispatcher, heard: Heard, applying: bool = False) -> None:
    """Answer the question that `heard.intent` names. `applying`: the customer is just about to ask for money back."""
    lookup = LOOKUPS.get(heard.intent)
    found = await lookup(turn, heard) if lookup else []
    for key, fields in found or [(f"utter_{heard.intent}", {})]:
        if applying and key == "utter_refund_status_none":
            key = "utter_refund_takes"
        dispatcher.utter_message(response=key, **fields)


async def about(turn: Turn, heard: Heard, order_in_talk: str | None) -> Heard:
    """The question with the order that the talk is about, where it names none and that one is under way."""
    if heard.intent not in ABOUT_A_PARCEL or not order_in_talk:
        return heard
    if any(heard.values(name) for name in ("order_no", "order_tail", "product")):
        return heard
    order = await turn.orders.find(order_in_talk, turn.viewer)
    if order is None or order.facts.status not in UNDER_WAY:
        return heard
    return replace(heard, entities=(*heard.entities, {"entity": "order_no", "value": order_in_talk}))


async def order_asked_about(turn: Turn, heard: Heard) -> str | None:
    """The order that a question about sending was answered with: what comes next is mostly about it."""
    if heard.intent not in ABOUT_A_PARCEL or not turn.conversation.customer_id:
        return None
    order = await lookup_logistics.order_of(turn, heard)
    return order.order_no if order else None
