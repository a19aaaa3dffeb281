"""What of a claim cannot be dealt with here is said, or put aside, and the rest goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import counting, pointing, wished
from actions.end import say_refusal
from actions.flow import Flow
from actions.heard import Heard
from actions.scene import GOODS, WHOLE_ORDER, Scene
from bot.lackable import goods_lacking
from bot.policy.outcome import Refusal

GOES_ALONG = ("order_no", "cause", "lacking", "solution", "evidence")


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
    _keep(scene, rest, {sku: scene.left_of(sku) for sku in rest} if whole else scene.counts)
    return True


def _keep(scene: Scene, skus: list[str], counts: Mapping[str, int]) -> None:
    """Leave only these products in the claim, each with its number; what was agreed is to be agreed anew."""
    kept = {sku: counts[sku] for sku in skus if sku in counts}
    scene.facts["item"] = skus if len(skus) > 1 else skus[0]
    scene.facts["quantity"] = (kept or None) if len(skus) > 1 else kept.get(skus[0])
    scene.facts["confirmed"] = None


def of_other_orders(flow: type[Flow], scene: Scene, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was told of goods that are not in this order but in another of the customer's: each waits its turn."""
    item = told.get("item")
    if scene.order is None or not isinstance(item, list):
        return []
    others = [order for order in scene.recent if order.order_no != scene.order.order_no]
    strange = [sku for sku in item if not scene.order.line(sku) and any(order.line(sku) for order in others)]
    # Their order is another one, and mostly found by their name; and a picture shows the goods of this one.
    told = {slot: value for slot, value in told.items() if slot not in ("order_no", "evidence")}
    return [{"flow": flow.name, "opening": _opening(flow, told, sku)} for sku in strange]


def beside(flow: type[Flow], scene: Scene, heard: Heard) -> list[dict[str, Any]]:
    """What the message says of further goods of the order, in a flow that takes one after the other: each waits."""
    order = scene.order
    if not flow.one_by_one or order is None or scene.sku is None:
        return []
    counted, _ = counting.numbers(heard)
    others = [sku for sku in _together(heard) if sku != scene.sku and order.line(sku)]
    told = {"quantity": counted, "order_no": order.order_no, **_of_whole_pieces(heard)}
    return [{"flow": flow.name, "opening": _opening(flow, told, sku)} for sku in others]


def of_another_remedy(flow: type[Flow], scene: Scene, heard: Heard) -> list[dict[str, Any]]:
    """Where the message wants different remedies for different goods: those of the first stay, each other one waits."""
    allowed = [remedy.solution for remedy in scene.decision.remedies] if scene.decision else ()
    remedies = wished.by_goods(heard, allowed)
    first = next((remedies[sku] for sku in scene.skus if sku in remedies), None)
    others = [sku for sku in scene.skus if remedies.get(sku, first) != first]
    if scene.order is None or not others:
        return []
    told = {**scene.facts, "quantity": scene.counts}
    openings = [_opening(flow, {**told, "solution": remedies[sku]}, sku) for sku in others]
    _keep(scene, [sku for sku in scene.skus if sku not in others], scene.counts)
    scene.facts["solution"] = first
    return [{"flow": flow.name, "opening": opening} for opening in openings]


def apart(flow: type[Flow], scene: Scene, heard: Heard) -> tuple[Heard, list[dict[str, Any]]]:
    """The message without goods that were not bought together with its first, and those: each has another order."""
    named = _together(heard)
    if not flow.one_by_one or len(named) < 2 or pointing.named_order(heard, scene) or scene.order:
        return heard, []
    first = [named[0]]
    for sku in named[1:]:
        first += [sku] if pointing.orders_with({*first, sku}, scene) else []
    rest = [sku for sku in named if sku not in first and pointing.orders_with({sku}, scene)]
    counted, _ = counting.numbers(heard)
    told = {"quantity": counted, **_of_whole_pieces(heard)}
    kept = tuple(found for found in heard.entities if found["entity"] != "product" or found["value"] not in rest)
    return replace(heard, entities=kept), [{"flow": flow.name, "opening": _opening(flow, told, sku)} for sku in rest]


def _together(heard: Heard) -> list[str]:
    """Goods that are named beside each other."""
    return counting.goods_side_by_side(heard) or goods_lacking(heard.text, heard.entities)


def _of_whole_pieces(heard: Heard) -> dict[str, Any]:
    """What is told of each of several goods of which none came."""
    if not goods_lacking(heard.text, heard.entities):
        return {}
    return {"lacking": GOODS} | ({} if heard.values("quantity") else {"text": heard.text})


def _opening(flow: type[Flow], told: Mapping[str, Any], sku: str) -> dict[str, Any]:
    counts = told.get("quantity")
    quantity = counts.get(sku) if isinstance(counts, dict) else None
    facts = {slot: told.get(slot) for slot in GOES_ALONG} | {"item": sku, "quantity": quantity}
    # That none of them came says how many are lacking, once the order tells how many there should be.
    return {
        "text": told.get("text", ""),
        "intent": flow.matter(),
        "facts": {slot: value for slot, value in facts.items() if value is not None},
        "entities": [{"entity": "product", "value": sku}],
    }
