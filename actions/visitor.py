"""An unknown visitor who asks about an order: order number and phone first, in one message or two, then the look-up."""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import facts
from actions.facts import Checked
from actions.heard import Heard
from actions.lookups import answer_question
from actions.scene import Scene
from bot.conversation.turn import Turn

ABOUT_AN_ORDER = ("track_order", "ask_delivery_time", "ask_shipping_time", "ask_refund_status")
PROOF = ("order_no", "phone_tail")

Open = dict[str, Any] | None
"""What the visitor asked (`intent`), with the half of the proof that is there."""


async def ask(turn: Turn, dispatcher: CollectingDispatcher, heard: Heard, applying: bool = False) -> Open:
    """Answer a question about an order; what stays open until the visitor has proved that it is theirs."""
    if turn.conversation.customer_id or heard.intent not in ABOUT_AN_ORDER or await turn.orders.recent(turn.viewer):
        await answer_question(turn, dispatcher, heard, applying)
        return None
    asked: dict[str, Any] = {"intent": heard.intent}
    if any(_brought(turn, heard).values()) or heard.value("order_tail"):
        return await prove(turn, dispatcher, asked, heard)
    await answer_question(turn, dispatcher, heard)
    turn.answered = False
    return asked


async def prove(turn: Turn, dispatcher: CollectingDispatcher, asked: dict[str, Any], heard: Heard) -> Open:
    """Take in what the message brings of the proof; with both halves, check it and look up what was asked."""
    told = Scene(turn, {slot: asked.get(slot) for slot in PROOF})
    brought = _brought(turn, heard)
    told.facts |= {slot: value for slot, value in brought.items() if value}
    number, tail = (told.facts[slot] for slot in PROOF)
    if not (number and tail):
        if not number and heard.value("order_tail"):
            dispatcher.utter_message(response="utter_order_no_incomplete")
        without_number = "utter_ask_order_no_phone_known" if tail else "utter_ask_order_no_visitor"
        dispatcher.utter_message(response="utter_ask_phone_tail" if number else without_number)
        return {**asked, **told.facts}
    checked: Checked = await facts.phone_tail.check(tail, told)
    if checked.problem:
        dispatcher.utter_message(response=checked.problem)
        return None if checked.locked else {"intent": asked["intent"]}
    entity = {"entity": "order_no", "value": number}
    await answer_question(turn, dispatcher, Heard("", asked["intent"], entities=(entity,)))
    return None


def is_open(asked: Open, turn: Turn, heard: Heard) -> bool:
    """Whether the message may bring the proof for a question that is open."""
    if not asked or turn.conversation.customer_id or heard.intent != "inform":
        return False
    return any(_brought(turn, heard).values()) or bool(heard.value("order_tail"))


def _brought(turn: Turn, heard: Heard) -> dict[str, Any]:
    """What a message holds of the proof; four digits by themselves are a phone's."""
    nobody = Scene(turn, {})
    tail = facts.phone_tail.mention(heard, nobody) or facts.phone_tail.answer(heard, nobody)
    return {"order_no": heard.value("order_no"), "phone_tail": tail}
