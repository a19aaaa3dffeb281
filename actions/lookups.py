"""Which question is answered by which look-up; what cannot be looked up gets the text of its intent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import lru_cache

import yaml
from rasa_sdk.executor import CollectingDispatcher

from actions import lookup_coupon, lookup_logistics, lookup_product, lookup_refund_status, lookup_size
from actions.found import Found
from actions.heard import Heard
from bot import cards
from bot.conversation.turn import Turn
from bot.orders.gateway import OrderView
from bot.settings import ROOT

Lookup = Callable[[Turn, Heard], Awaitable[list[Found]]]

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
    "ask_coupon": lookup_coupon.running,
}

ABOUT_A_PRODUCT = ("ask_price", "ask_stock", "ask_gift", "ask_product", "ask_warranty", "ask_size")
TELLS = (
    "ask_return_policy",
    "ask_return_freight",
    "ask_shipping_time",
    "ask_courier",
    "ask_shipping_fee",
    "ask_payment",
    "ask_how_to_order",
    "ask_authenticity",
    "ask_review_reward",
)
"""Questions that the text of their intent answers; those of the others ask for what is needed to find an answer."""
ABOUT_A_PARCEL = ("track_order", "ask_delivery_time", "ask_shipping_time")
ABOUT_A_REFUND = "ask_refund_status"
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
    for each in found or [Found(f"utter_{heard.intent}", tells=heard.intent in TELLS)]:
        none_yet = applying and each.key == "utter_refund_status_none"
        key = "utter_refund_takes" if none_yet else each.key
        dispatcher.utter_message(response=key, json_message=cards.shown(*each.cards), **each.fields)
        turn.answered = each.tells and turn.answered is not False


async def about(turn: Turn, heard: Heard, order_in_talk: str | None, product_in_talk: str | None = None) -> Heard:
    """The question with the order or the product that the talk is about, where it names none.

    An order only where it can be meant: one under way, one with a refund.
    """
    if heard.intent in ABOUT_A_PRODUCT and product_in_talk and not heard.values("product"):
        return replace(heard, entities=(*heard.entities, {"entity": "product", "value": product_in_talk}))
    if heard.intent not in (*ABOUT_A_PARCEL, ABOUT_A_REFUND) or not order_in_talk:
        return heard
    if any(heard.values(name) for name in ("order_no", "order_tail", "product")):
        return heard
    order = await turn.orders.find(order_in_talk, turn.viewer)
    if order is None or not _can_be_meant(heard.intent, order):
        return heard
    return replace(heard, entities=(*heard.entities, {"entity": "order_no", "value": order_in_talk}))


def _can_be_meant(intent: str, order: OrderView) -> bool:
    if intent == ABOUT_A_REFUND:
        return any(claimed.solution in lookup_refund_status.MONEY_MOVES for claimed in order.facts.claimed)
    return order.facts.status in UNDER_WAY


async def order_asked_about(turn: Turn, heard: Heard) -> str | None:
    """The order that a question about sending was answered with: what comes next is mostly about it."""
    if heard.intent not in ABOUT_A_PARCEL or not turn.conversation.customer_id:
        return None
    order = await lookup_logistics.order_of(turn, heard)
    return order.order_no if order else None
