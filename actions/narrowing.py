"""What of a claim cannot be dealt with here is said, or put aside, and the rest goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import counting
from actions.end import say_refusal
from actions.flow import Flow
from actions.heard import Heard
from actions.scene import WHOLE_ORDER, Scene
from bot.policy.outcome import Refusal


def narrow(scene: Scene, refusal: Refusal, dispatcher: CollectingDispatcher) -> bool:
    """Say what stands in the way of some of the pieces and take them out of the claim; False where nothing is left."""
    if refusal.reason == "partly_claimed":
        say_refusal(scene, dispatcher)
        left = refusal.fields["left"]
        scene.facts["quantity"] = scene.counts | {refusal.sku: left} if len(scene.skus) > 1 else left
        return True
    whole = scene.facts.get("item") == WHOLE_ORDER and scene.order is not None and not scene.whole
    skus = [line.sku for line in scene.order.facts.lines] if whole and scene.order else list(scene.skus)
    rest = [sku for sku in skus if sku != refusal.sku and scene.left_of(sku)]
    if refusal.sku not in skus or not rest:
        return False
    line = scene.order.line(str(refusal.sku)) if scene.order else None
    if refusal.reason == "already_claimed" and line:
        dispatcher.utter_message(
            response="utter_goods_claimed_before", product=line.name, ticket=refusal.fields["ticket"]
        )
    else:
        say_refusal(scene, dispatcher)
    counts = {sku: count for sku, count in scene.counts.items() if sku in rest}
    if whole and scene.order:
        counts = {sku: scene.left_of(sku) for sku in rest}
    scene.facts["item"] = rest if len(rest) > 1 else rest[0]
    scene.facts["quantity"] = (counts or None) if len(rest) > 1 else counts.get(rest[0])
    scene.facts["confirmed"] = None
    return True


def of_other_orders(flow: type[Flow], scene: Scene, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was told of goods that are not in this order but in another of the customer's: each waits its turn."""
    item = told.get("item")
    if scene.order is None or not isinstance(item, list):
        return []
    others = [order for order in scene.recent if order.order_no != scene.order.order_no]
    strange = [sku for sku in item if not scene.order.line(sku) and any(order.line(sku) for order in others)]
    # Their order is another one, and mostly found by their name.
    told = {slot: value for slot, value in told.items() if slot != "order_no"}
    return [{"flow": flow.name, "opening": _opening(flow, told, sku)} for sku in strange]


def beside(flow: type[Flow], scene: Scene, heard: Heard) -> list[dict[str, Any]]:
    """What the message says of further goods of the order, in a flow that takes one after the other: each waits."""
    order = scene.order
    if not flow.one_by_one or order is None or scene.sku is None:
        return []
    counted, _ = counting.numbers(heard)
    others = [sku for sku in counting.goods_side_by_side(heard) if sku != scene.sku and order.line(sku)]
    told = {"quantity": counted, "order_no": order.order_no}
    return [{"flow": flow.name, "opening": _opening(flow, told, sku)} for sku in others]


def _opening(flow: type[Flow], told: Mapping[str, Any], sku: str) -> dict[str, Any]:
    counts = told.get("quantity")
    quantity = counts.get(sku) if isinstance(counts, dict) else None
    facts = {"order_no": told.get("order_no"), "item": sku, "quantity": quantity, "cause": told.get("cause")}
    return {
        "intent": flow.matter(),
        "facts": {slot: value for slot, value in facts.items() if value is not None},
        "entities": [{"entity": "product", "value": sku}],
    }
