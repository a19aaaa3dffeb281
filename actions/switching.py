"""From one flow into another: whether it is the same matter under a better name, and what need not be told again."""

from __future__ import annotations

from typing import Any

from actions import pointing
from actions.flow import Flow
from actions.heard import Heard
from actions.scene import Scene

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
