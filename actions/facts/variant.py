"""Which colour, size or goods came instead of what was ordered, and which are wanted instead."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from actions.facts.fact import Checked, Fact
from actions.heard import Heard
from actions.scene import Scene
from bot import variants
from bot.lexicon import lexicon
from bot.variants import OPTIONS, OTHER, PRODUCT, SIZE, Named, Saying

RECEIVED_PRODUCT = "received_product"
"""The entity of goods that came and were not ordered (`Wrong.hear`)."""

SAID, SAME = "said", "same"


class Variant(Fact, ABC):
    """Values by aspect; while the order is open, what was said, which is understood as soon as the order is known."""

    clears = ("confirmed",)
    rests_on_order = True

    def adds(self, known: Any, value: Any) -> bool:
        return True

    @abstractmethod
    def understood(self, saying: Saying, scene: Scene) -> dict[str, Any]:
        """What the saying means for the goods of the order; empty where it means nothing."""

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if self.slot in heard.pressed:
            return heard.pressed[self.slot]
        saying = variants.read(heard.text, {}, own_colors(scene)) + _goods(heard)
        told = scene.facts.get(self.slot)
        if told:
            saying = self.explicit(saying)
        return self._told(saying, None if lexicon().is_correction(heard.text) else told, scene)

    def answer(self, heard: Heard, scene: Scene) -> Any:
        if self.slot in heard.pressed:
            return heard.pressed[self.slot]
        saying = variants.read(heard.text, {}, own_colors(scene), asked=True) + _goods(heard)
        return self._told(saying, None, scene)

    def explicit(self, saying: Saying) -> Saying:
        """What counts of a saying that was not asked for, once the fact is known."""
        return saying

    def _told(self, saying: Saying, before: Any, scene: Scene) -> Any:
        if not saying:
            return None
        if not is_settled(scene):
            return (Saying.from_slot(before) + saying if before and SAID in before else saying).as_slot()
        value = self.understood(saying, scene)
        return (value if SAME in value else {**(before or {}), **value}) if value else None

    async def check(self, value: Any, scene: Scene) -> Checked:
        if not is_settled(scene) or not value:
            return Checked(value or None)
        return self.fits(self.understood(Saying.from_slot(value), scene) if SAID in value else dict(value), scene)

    @abstractmethod
    def fits(self, value: dict[str, Any], scene: Scene) -> Checked:
        """Whether this can be for the goods of the order."""


class Received(Variant):
    """What came: {"color": ..., "size": ..., "model": "", "other": product}; a value is empty where none was told."""

    slot = "received"

    def understood(self, saying: Saying, scene: Scene) -> dict[str, Any]:
        wrong, right = variants.came(saying, scene.ordered)
        line = scene.line
        if line and line.choices is not None and not line.choices.get(SIZE):
            wrong = {aspect: value for aspect, value in wrong.items() if aspect != SIZE or not value}
        return wrong or ({SAME: right} if right else {})

    def explicit(self, saying: Saying) -> Saying:
        named = tuple(each for each in saying.named if each.role == "came")
        return Saying(named, saying.wrong)

    def needed(self, scene: Scene) -> bool:
        return scene.decision is not None

    def fits(self, value: dict[str, Any], scene: Scene) -> Checked:
        ordered = scene.ordered
        same = value.get(SAME) or {
            aspect: ordered[aspect]
            for aspect in OPTIONS
            if value.get(aspect) and aspect in ordered and variants.alike(value[aspect], ordered[aspect])
        }
        different = {aspect: told for aspect, told in value.items() if aspect not in same and aspect != SAME}
        if same and not different and scene.order:
            fields = {"order_tail": scene.order.tail, "ordered": scene.options_text(same), "items": scene.items_text()}
            return Checked(problem="utter_received_as_ordered", fields=fields)
        return Checked(different or None)

    def echo(self, scene: Scene) -> tuple[str, Mapping[str, Any]] | None:
        value, order = scene.facts.get(self.slot), scene.order
        if order is None or not value or SAID in value:
            return None
        named = {aspect: told for aspect, told in value.items() if told}
        ordered = {aspect: told for aspect, told in scene.ordered.items() if aspect in value}
        fields: dict[str, Any] = {"order_tail": order.tail, "ordered": scene.items_text()}
        if ordered and OTHER not in value:
            fields["ordered"] = scene.options_text(ordered)
        if named:
            return "utter_mixup", fields | {"came": named.get(OTHER) or scene.options_text(named)}
        return f"utter_mixup_{next(iter(value))}", fields


class Wanted(Variant):
    """Another colour or size of the same goods: {"color": ..., "size": ...}, only what changes."""

    slot = "wanted"

    def understood(self, saying: Saying, scene: Scene) -> dict[str, Any]:
        line = scene.line
        choices = (line.choices if line else None) or {}
        found = variants.wanted(saying, scene.ordered, choices)
        return {aspect: value for aspect, value in found.items() if choices.get(aspect)}

    def explicit(self, saying: Saying) -> Saying:
        named = tuple(each for each in saying.named if each.role == "wanted")
        return Saying(named, (), saying.step)

    def answer(self, heard: Heard, scene: Scene) -> Any:
        """Who names the own size is told so, instead of not being understood."""
        named = variants.read(heard.text, {}, own_colors(scene)).named
        own = {n.aspect: n.value for n in named if scene.ordered.get(n.aspect) == n.value}
        return super().answer(heard, scene) or own or None

    def needed(self, scene: Scene) -> bool:
        return scene.decision is not None and scene.line is not None

    def fits(self, value: dict[str, Any], scene: Scene) -> Checked:
        line, ordered = scene.line, scene.ordered
        if line is None:
            return Checked(value)
        for aspect, told in value.items():
            offered = (line.choices or {}).get(aspect, ())
            if told not in offered:
                choices = scene.options_text({aspect: "/".join(offered)})
                return Checked(problem="utter_wanted_not_offered", fields={"product": line.name, "choices": choices})
        changed = {aspect: told for aspect, told in value.items() if told != ordered.get(aspect)}
        if value and not changed:
            return Checked(problem="utter_wanted_is_own", fields={"ordered": scene.options_text(value)})
        return Checked(changed or None)


def is_settled(scene: Scene) -> bool:
    """Whether it is known which goods of the order are meant."""
    return scene.order is not None and (scene.line is not None or scene.facts.get("item") is not None)


def own_colors(scene: Scene) -> tuple[str, ...]:
    """The colours of the shop's own goods."""
    catalogue = scene.turn.services.shop.catalogue.values()
    return tuple(dict.fromkeys(color for item in catalogue for color in item.details["colors"]))


def _goods(heard: Heard) -> Saying:
    return Saying(tuple(Named(PRODUCT, str(name), "came") for name in heard.values(RECEIVED_PRODUCT)))
