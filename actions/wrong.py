"""Wrong item: something else came than was ordered. Exchanged, sent again, returned at our cost, or kept for less."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import facts
from actions.closing import open_agreed_ticket
from actions.end import FlowEnd
from actions.facts.variant import RECEIVED_PRODUCT
from actions.flow import Flow, register
from actions.form import FlowForm
from actions.heard import Heard, payload
from actions.questions import Ask, Button
from actions.scene import Scene
from bot import variants
from bot.policy.facts import Claim
from bot.variants import ASPECTS, OPTIONS, PRODUCT


@register
class Wrong(Flow):
    """Order, goods, how many, what came instead, a picture, the remedy."""

    name = "wrong"
    intents = ("wrong_item",)
    absorbs = ("exchange_request", "refund_request", "quality_issue", "ask_return_freight", "vent")
    settle = (facts.received, facts.evidence, facts.solution, facts.confirmed)

    @classmethod
    def own(cls, heard: Heard, scene: Scene) -> tuple[str, ...]:
        """Whose goods came as ordered may still want others: that button leads out."""
        own = super().own(heard, scene)
        return tuple(intent for intent in own if intent != "exchange_request") if "cause" in heard.pressed else own

    @classmethod
    def hear(cls, heard: Heard, scene: Scene) -> Heard:
        """Goods that came and were not ordered are not those that the claim is about."""
        named = dict.fromkeys(heard.values("product"))
        came = _came(heard, scene, tuple(named))
        if not came:
            return heard
        entities = [e for e in heard.entities if e["entity"] != "product" or e["value"] not in came]
        names = ({"entity": RECEIVED_PRODUCT, "value": _names(scene, sku)[0]} for sku in came)
        return replace(heard, entities=(*entities, *names))

    @classmethod
    def claim(cls, scene: Scene) -> Claim:
        return Claim("wrong", sku=scene.sku, quantity=scene.quantity if scene.sku else None)

    @classmethod
    def usual(cls, status: str) -> bool:
        return status == "signed"

    @classmethod
    async def done(cls, scene: Scene, dispatcher: CollectingDispatcher) -> None:
        remedy = scene.remedy
        await open_agreed_ticket("wrong", scene, dispatcher, mixup_text(scene))
        if remedy and remedy.goods_back:
            dispatcher.utter_message(response="utter_sent_back_at_our_cost")


def _came(heard: Heard, scene: Scene, skus: tuple[str, ...]) -> tuple[str, ...]:
    """Of the goods that a message names those that came instead; of one alone that nobody bought, that one."""
    if not skus:
        return ()
    said = variants.read(heard.text, {sku: _names(scene, sku) for sku in skus})
    called_come = tuple(sku for sku in skus if _names(scene, sku)[0] in said.of(PRODUCT, "came"))
    bought = [scene.order] if scene.order else scene.recent
    if len(skus) == 1:
        return () if any(order.line(skus[0]) for order in bought) else called_come
    if any(all(order.line(sku) for sku in skus) for order in bought):
        return ()
    return called_come if scene.order or len(called_come) < len(skus) else ()


def _names(scene: Scene, sku: str) -> list[str]:
    item = scene.turn.services.shop.catalogue.get(sku)
    return [item.name, *item.aliases] if item else [sku]


def mixup_text(scene: Scene) -> str:
    """Ordered and come, for whoever works on the ticket."""
    value = {aspect: told for aspect, told in (scene.facts.get("received") or {}).items() if aspect in ASPECTS}
    label = scene.turn.label
    came = [
        scene.options_text({aspect: told}) if told and aspect in OPTIONS else told or label(f"label_received_{aspect}")
        for aspect, told in value.items()
    ]
    ordered = scene.options_text(scene.ordered) or scene.items_text()
    return label("label_mixup", ordered=ordered, came=" ".join(came))


class AskReceived(Ask):
    """What is different about what came."""

    slot = "received"

    def name(self) -> str:
        return "action_ask_received"

    def fields(self, scene: Scene) -> dict[str, Any]:
        ordered = f"{scene.items_text()} {scene.options_text(scene.ordered)}".strip()
        return super().fields(scene) | {"ordered": ordered}

    def buttons(self, scene: Scene) -> list[Button]:
        choices = (scene.line.choices if scene.line else None) or {}
        fitting = (a for a in ASPECTS if a not in OPTIONS or choices.get(a) or scene.line is None)
        label = scene.turn.label
        return [{"title": label(f"label_received_{a}"), "payload": payload(received={a: ""})} for a in fitting]


class ValidateWrongForm(FlowForm):
    """The form's one action."""

    flow = Wrong

    def name(self) -> str:
        return "validate_wrong_form"


class EndWrong(FlowEnd):
    """The flow's exit."""

    flow = Wrong

    def name(self) -> str:
        return "action_wrong_end"
