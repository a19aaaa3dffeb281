"""Late shipping: what the rules give for an order that was sent too late, or was not sent in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions import facts
from actions.end import FlowEnd
from actions.flow import Flow, register
from actions.form import FlowForm
from actions.heard import Heard
from actions.offers import AskConfirmed
from actions.scene import Scene
from bot.conversation.turn import Turn
from bot.lexicon import lexicon
from bot.mood import is_angry
from bot.orders.gateway import OrderView
from bot.policy.decide import decide
from bot.policy.facts import Claim

UNDER_WAY = ("paid", "shipped")


@register
class LateShipping(Flow):
    """The order, and a yes: policy alone decides what is due. Its wish is told by words and no intent of its own."""

    name = "late_shipping"
    intents = ()
    kin = "ask_shipping_time"
    identify = (facts.order_no, facts.phone_tail)
    settle = (facts.confirmed,)
    settles_goods = False

    @classmethod
    def claim(cls, scene: Scene) -> Claim:
        return Claim("late_shipping")

    @classmethod
    def usual(cls, status: str) -> bool:
        return status in UNDER_WAY

    @classmethod
    async def guess(
        cls, scene: Scene, heard: Heard, told: Mapping[str, Any], slots: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The one own order that is late, where none was named; else as in other flows."""
        late = [order.order_no for order in scene.orders if _is_late(order, scene)]
        if "order_no" not in told and scene.order is None and len(late) == 1:
            return {"order_no": late[0]}
        return await super().guess(scene, heard, told, slots)


def _is_late(order: OrderView, scene: Scene) -> bool:
    """Whether something is due, or is being dealt with already."""
    pack = scene.turn.services.packs.for_payment(order.facts.paid_at)
    decision = decide(order.facts, Claim("late_shipping"), pack, scene.turn.now)
    return decision.refusal is None or decision.refusal.reason == "already_claimed"


def is_wished(heard: Heard) -> bool:
    """Whether the message, or the button, asks for amends for a late order."""
    return heard.pressed.get("solution") == "compensation" or lexicon().wants_amends(heard.text)


async def is_meant(turn: Turn, heard: Heard, order_in_talk: str | None) -> bool:
    """Whether a calm wish for amends, without a word for what, is about the order just looked up and not yet here."""
    calm = heard.confidence < 1 and not is_angry(heard.text)
    order = await turn.orders.find(order_in_talk, turn.viewer) if order_in_talk and calm else None
    if order is None or order.facts.status not in UNDER_WAY:
        return False
    return lexicon().has("amends", heard.text) and lexicon().cause(heard.text) is None


def entry(heard: Heard) -> dict[str, Any]:
    """The wish as it waits in the queue."""
    entities = [dict(entity) for entity in heard.entities]
    opening = {"text": heard.text, "intent": LateShipping.kin, "entities": entities}
    return {"flow": LateShipping.name, "opening": opening}


class AskLateConfirmed(AskConfirmed):
    """What is due, once more: nothing is given back and nothing is kept instead."""

    def name(self) -> str:
        return "action_ask_late_shipping_form_confirmed"

    def key(self, scene: Scene) -> str:
        return "utter_ask_confirmed_late"

    def fields(self, scene: Scene) -> dict[str, Any]:
        amount = scene.remedy.amount if scene.remedy else None
        return super().fields(scene) | {"amount": "" if amount is None else f"{amount:.2f}"}


class ValidateLateShippingForm(FlowForm):
    """The form's one action."""

    flow = LateShipping

    def name(self) -> str:
        return "validate_late_shipping_form"


class EndLateShipping(FlowEnd):
    """The flow's exit."""

    flow = LateShipping

    def name(self) -> str:
        return "action_late_shipping_end"
