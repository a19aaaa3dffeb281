"""From one flow into another: what is the same matter, what waits, and what need not be told again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions import pointing
from actions.facts.remedy import MONEY_BACK
from actions.flow import Flow
from actions.heard import Heard
from actions.scene import WHOLE_ORDER, Scene
from bot.lexicon import lexicon

ABOUT_THE_GOODS = ("order_no", "phone_tail", "item", "quantity", "evidence")
ABOUT_THE_ORDER = ("order_no", "phone_tail")


def is_one_matter(flow: type[Flow], other: type[Flow], scene: Scene, heard: Heard) -> bool:
    """Whether both flows are about a remedy for the same goods: the first then has nothing left to come back for."""
    return flow.settles_goods and other.settles_goods and not _names_other_goods(scene, heard)


def carried_over(scene: Scene, heard: Heard, one_matter: bool) -> dict[str, Any]:
    """The facts with which the other flow begins."""
    if one_matter:
        return {slot: scene.facts.get(slot) for slot in ABOUT_THE_GOODS}
    return {slot: scene.facts.get(slot) for slot in ABOUT_THE_ORDER} if _is_in_order(scene, heard) else {}


def gives_up(heard: Heard) -> bool:
    """Whether the message turns away from the running flow for good: never mind that, rather the money."""
    return lexicon().has("cancel", heard.text) or lexicon().has("rather", heard.text)


def taken_up_again(waiting: list[dict[str, Any]], other: type[Flow], scene: Scene, heard: Heard) -> dict[str, Any]:
    """What the other flow knew when it was put aside for this one; it then waits no longer."""
    named, order_no = set(heard.values("product")), scene.facts.get("order_no")
    for entry in waiting:
        known = entry["opening"].get("facts", {})
        goods = set(_as_list(known.get("item")))
        same_order = order_no in (None, known.get("order_no")) and _is_in_order(scene, heard)
        if entry["flow"] == other.name and known and same_order and (not named or not goods or named & goods):
            waiting.remove(entry)
            return dict(known)
    return {}


def still_waiting(waiting: list[dict[str, Any]], scene: Scene) -> list[dict[str, Any]]:
    """What is left after the customer got the money back: nothing of what was put aside for these goods."""
    remedy = scene.remedy
    if remedy is None or remedy.solution not in MONEY_BACK:
        return waiting
    return [entry for entry in waiting if not _is_about_all_of(scene, entry["opening"].get("facts", {}))]


def _is_about_all_of(scene: Scene, known: Mapping[str, Any]) -> bool:
    if scene.order is None or known.get("order_no") != scene.order.order_no:
        return False
    item = known.get("item")
    goods = {line.sku for line in scene.order.facts.lines} if item in (None, WHOLE_ORDER) else set(_as_list(item))
    settled = {piece["sku"]: piece["quantity"] for piece in scene.claimed_items()}
    return all(settled.get(sku, 0) >= scene.left_of(sku) for sku in goods)


def _names_other_goods(scene: Scene, heard: Heard) -> bool:
    if scene.order is None:
        return False
    if not _is_in_order(scene, heard):
        return True
    named = set(heard.values("product"))
    return bool(named and scene.facts.get("item") and scene.skus) and not named & set(scene.skus)


def _is_in_order(scene: Scene, heard: Heard) -> bool:
    """Whether what the message names is part of the present order; naming nothing speaks for it."""
    if scene.order is None:
        return True
    if pointing.named_order(heard, scene) not in (None, scene.order.order_no):
        return False
    named = heard.values("product")
    return not named or any(scene.order.line(sku) for sku in named)


def _as_list(item: Any) -> list[str]:
    return [] if item is None else item if isinstance(item, list) else [str(item)]
