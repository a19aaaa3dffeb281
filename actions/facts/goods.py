"""Which goods of the order, and how many."""

from __future__ import annotations

from typing import Any

from actions import counting, pointing
from actions.facts.fact import Checked, Fact
from actions.heard import Heard
from actions.scene import WHOLE_ORDER, Scene
from bot.lexicon import lexicon


class Item(Fact):
    """Which product of the order, or all of it."""

    slot = "item"
    clears = ("lacking", "quantity", "opened", "intact", "received", "wanted", "solution", "confirmed")
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
        if order is None or value == WHOLE_ORDER or all(order.line(sku) for sku in _as_list(value)):
            return Checked(value)
        # Where there is nothing to choose from, it must be another order.
        clear = ("order_no",) if len(order.facts.lines) == 1 else ()
        return Checked(problem="utter_item_not_in_order", fields={"order_tail": order.tail}, clear=clear)


class Items(Item):
    """One product, several (a list), or all of the order."""

    def mention(self, heard: Heard, scene: Scene) -> Any:
        one = super().mention(heard, scene)
        if one in (None, WHOLE_ORDER) or self.slot in heard.pressed:
            return one
        named, order = set(counting.goods(heard)), scene.order
        if order is None:
            return _as_value(counting.goods(heard))
        if not any(order.line(sku) for sku in named):
            return one
        known, words = set(scene.skus), lexicon()
        corrects = words.is_correction(heard.text) and not counting.told(heard)
        narrows = corrects or any(word in heard.text for word in words.only)
        if named <= known and not narrows:
            named = known
        elif scene.facts.get(self.slot) and known and not narrows and any(word in heard.text for word in words.more):
            named |= known
        return _as_value([line.sku for line in order.facts.lines if line.sku in named])

    def answer(self, heard: Heard, scene: Scene) -> Any:
        places = [int(place) for place in heard.values("ordinal")]
        lines = scene.order.facts.lines if scene.order else ()
        if len(places) > 1 and all(0 < place <= len(lines) for place in places):
            return _as_value([lines[place - 1].sku for place in sorted(places)])
        return super().answer(heard, scene)

    def adds(self, known: Any, value: Any) -> bool:
        return isinstance(value, list) and set(_as_list(known)) < set(value)

    async def check(self, value: Any, scene: Scene) -> Checked:
        if not isinstance(value, list) or scene.order is None:
            return await super().check(value, scene)
        fitting = [sku for sku in value if scene.order.line(sku)]
        return await super().check(_as_value(fitting) if len(fitting) > 1 else (fitting or value)[0], scene)


class Quantity(Fact):
    """How many pieces of the product."""

    slot = "quantity"
    clears = ("confirmed",)
    rests_on_order = True

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if self.slot in heard.pressed:
            return int(heard.pressed[self.slot])
        return next((int(found["value"]) for found in counting.told(heard)), None)

    def answer(self, heard: Heard, scene: Scene) -> Any:
        plain = lexicon().core(heard.text)
        if plain.isdecimal() and len(plain) < 4:
            return int(plain)
        if plain in pointing.COUNTING:
            return pointing.COUNTING[plain]
        if scene.left and lexicon().has("all", heard.text):
            return scene.left
        return None

    def needed(self, scene: Scene) -> bool:
        return scene.left > 1

    async def check(self, value: Any, scene: Scene) -> Checked:
        line = scene.line
        bought = line.quantity * scene.per_piece if line else 0
        if line and bought == 1:
            return Checked(1)
        if line and not 1 <= int(value) <= bought:
            fields = {"quantity": bought, "product": scene.parts[0] if scene.parts else line.name}
            return Checked(problem="utter_quantity_too_many", fields=fields)
        return Checked(int(value))


class Quantities(Quantity):
    """How many pieces; for several products a number for each (a mapping), asked one by one."""

    def known(self, scene: Scene) -> bool:
        return super().known(scene) and scene.uncounted is None

    def needed(self, scene: Scene) -> bool:
        return scene.uncounted is not None

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if self.slot in heard.pressed:
            return self.pressed(heard, scene)
        counted, loose = counting.numbers(heard)
        skus = _as_list(Items().mention(heard, scene) or list(scene.skus))
        if len(skus) < 2:
            told = counted.get(skus[0]) if skus else next(iter(counted.values()), None)
            return told or next(iter(loose), None)
        told_now = {sku: count for sku, count in counted.items() if sku in skus}
        before = {sku: count for sku, count in scene.counts.items() if sku in skus}
        unclear = [sku for sku in skus if sku not in told_now and scene.left_of(sku) > 1]
        meant = [sku for sku in unclear if sku not in before] or unclear
        if loose and len(meant) == 1:
            told_now[meant[0]] = loose[0]
        # What was told of the first goods stays when others are added.
        return before | told_now or None if told_now or set(skus) - set(scene.skus) else None

    def answer(self, heard: Heard, scene: Scene) -> Any:
        if len(scene.skus) < 2:
            return super().answer(heard, scene)
        if lexicon().has("all", heard.text):
            return {sku: scene.left_of(sku) for sku in scene.skus if scene.left_of(sku) > 1} | scene.counts
        told, asked = super().answer(heard, scene), scene.uncounted
        if told is None and not counting.goods(heard) and heard.value(self.slot):
            told = int(heard.value(self.slot))
        return scene.counts | {asked: told} if told and asked else None

    def pressed(self, heard: Heard, scene: Scene) -> Any:
        told, of = heard.pressed.get(self.slot), heard.pressed.get("of")
        if of is None or told is None:
            return told
        return scene.counts | {of: int(told)} if of in scene.skus else None

    def adds(self, known: Any, value: Any) -> bool:
        if not isinstance(value, dict):
            return False
        return known.items() <= value.items() if isinstance(known, dict) else known in value.values()

    async def check(self, value: Any, scene: Scene) -> Checked:
        if scene.order is None:
            return Checked(value)
        if not isinstance(value, dict):
            return await super().check(value, scene) if len(scene.skus) < 2 else Checked(None)
        good: dict[str, int] = {}
        for sku in (sku for sku in scene.skus if sku in value):
            line = scene.order.line(sku)
            bought = line.quantity if line else 0
            if line and bought > 1 and not 1 <= int(value[sku]) <= bought:
                return Checked(good or None, "utter_quantity_too_many", {"quantity": bought, "product": line.name})
            good[sku] = 1 if bought == 1 else int(value[sku])
        return Checked(good.get(scene.sku or "", good or None))


def _as_value(skus: list[str]) -> Any:
    """One product by itself, several as a list."""
    return skus if len(skus) > 1 else next(iter(skus), None)


def _as_list(item: Any) -> list[str]:
    return [] if item in (None, WHOLE_ORDER) else item if isinstance(item, list) else [str(item)]
