"""Which goods of the order, and how many."""

from __future__ import annotations

from typing import Any

from actions import pointing
from actions.facts.fact import Checked, Fact
from actions.heard import Heard
from actions.scene import WHOLE_ORDER, Scene
from bot.lexicon import lexicon


class Item(Fact):
    """Which product of the order, or all of it."""

    slot = "item"
    clears = ("quantity", "opened", "intact", "received", "wanted", "solution", "confirmed")
    rests_on_order = True

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if "item" in heard.pressed:
            return heard.pressed["item"]
        if lexicon().is_whole_order(heard.text):
            return WHOLE_ORDER
        if scene.order is None:
            return next(iter(heard.values("product")), None)
        fitting = next((sku for sku in heard.values("product") if scene.order.line(sku)), None)
        return heard.values("product")[0] if fitting is None and pointing.by_other_product(heard, scene) else fitting

    def answer(self, heard: Heard, scene: Scene) -> Any:
        pointed = pointing.pointed_at(heard, scene.order.facts.lines if scene.order else ())
        if pointed:
            return pointed.sku
        return WHOLE_ORDER if lexicon().has("all", heard.text) else None

    def needed(self, scene: Scene) -> bool:
        return scene.order is not None and len(scene.order.facts.lines) > 1 and not scene.whole

    async def check(self, value: Any, scene: Scene) -> Checked:
        order = scene.order
        if order is None or value == WHOLE_ORDER or order.line(str(value)):
            return Checked(value)
        # Where there is nothing to choose from, it must be another order.
        clear = ("order_no",) if len(order.facts.lines) == 1 else ()
        return Checked(problem="utter_item_not_in_order", fields={"order_tail": order.tail}, clear=clear)


class Quantity(Fact):
    """How many pieces of the product."""

    slot = "quantity"
    clears = ("solution", "confirmed")
    rests_on_order = True

    def mention(self, heard: Heard, scene: Scene) -> Any:
        told = heard.value("quantity")
        return int(told) if told else None

    def answer(self, heard: Heard, scene: Scene) -> Any:
        plain = lexicon().core(heard.text)
        if plain.isdecimal() and len(plain) < 4:
            return int(plain)
        if plain in pointing.COUNTING:
            return pointing.COUNTING[plain]
        return scene.left if scene.left and lexicon().has("all", heard.text) else None

    def needed(self, scene: Scene) -> bool:
        return scene.left > 1

    async def check(self, value: Any, scene: Scene) -> Checked:
        line = scene.line
        if line and line.quantity == 1:
            return Checked(1)
        if line and not 1 <= int(value) <= line.quantity:
            fields = {"quantity": line.quantity, "product": line.name}
            return Checked(problem="utter_quantity_too_many", fields=fields)
        return Checked(int(value))
