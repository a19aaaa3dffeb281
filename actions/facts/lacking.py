"""What did not come, and how many of it: whole pieces, parts of a set, promised gifts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from actions import pointing
from actions.facts.fact import Checked, Fact
from actions.facts.goods import Item, Quantity
from actions.facts.order import OrderNo
from actions.heard import Heard
from actions.scene import AND, GIFT, GOODS, WHOLE_ORDER, Scene
from bot.lexicon import lexicon
from bot.policy.arrival import arrived_at
from bot.policy.facts import Claim, LineFacts
from bot.shortage import Shortage, simple, words

NAMED = "#"
"""Stands for a product's name while numbers are read."""

COUNT_AND_UNIT = re.compile(r"\d+\w?$")


class LackingOrder(OrderNo):
    """Which order something is lacking of; the only own one with the named part or with a gift names itself."""

    def mention(self, heard: Heard, scene: Scene) -> Any:
        named = super().mention(heard, scene)
        if named is not None or scene.facts.get(self.slot) or heard.values("product"):
            return named
        text = simple(heard.text)
        having = [order for order in scene.orders if any(parts_named(text, line, scene) for line in order.facts.lines)]
        if not having and words().speaks_of_gift(text):
            having = [order for order in scene.orders if order.facts.promised_gifts()]
        return having[0].order_no if len(having) == 1 else None


class LackingItem(Item):
    """Which product something is lacking of; a part that only one of them has names it, an empty parcel names all."""

    late = True

    def mention(self, heard: Heard, scene: Scene) -> Any:
        named = super().mention(heard, scene)
        if named is not None or scene.order is None or scene.line is not None:
            return named
        having = [line for line in scene.order.facts.lines if parts_named(heard.text, line, scene)]
        if len(having) == 1:
            return having[0].sku
        return WHOLE_ORDER if _count(heard).none and heard.pressed == {} else None

    def needed(self, scene: Scene) -> bool:
        return super().needed(scene) and _may_have_come(scene) and not _is_gift(scene)


class Lacking(Fact):
    """Whole pieces, parts by their names, or a gift; asked only where the order leaves it open."""

    slot = "lacking"
    clears = ("quantity", "solution", "confirmed")
    late = True
    rests_on_order = True

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if self.slot in heard.pressed:
            return heard.pressed[self.slot]
        text = simple(heard.text)
        if scene.order is None:
            return GIFT if _gift(text, scene) else None
        lines = _lines(heard, scene)
        parts = [part for line in lines for part in parts_named(text, line, scene)]
        if parts:
            return AND.join(dict.fromkeys(parts))
        return _gift(text, scene) or _by_number(heard, _count(heard), lines, scene)

    def answer(self, heard: Heard, scene: Scene) -> Any:
        choices = options(scene)
        core = lexicon().core(heard.text)
        named = next((name for name in choices if name == core), None) or pointing.pointed_at(heard, choices)
        whole = any(word in simple(heard.text) for word in words().whole)
        return named or (GOODS if whole and GOODS in choices else None)

    def needed(self, scene: Scene) -> bool:
        return len(options(scene)) > 1 and _has_come(scene)

    async def check(self, value: Any, scene: Scene) -> Checked:
        if scene.order is None or value in (GIFT, GOODS, *scene.order.facts.promised_gifts()):
            return Checked(value)
        lines = [scene.line] if scene.line else scene.order.facts.lines
        known = any(set(str(value).split(AND)) <= set(line.parts) for line in lines)
        return Checked(value if known else None)


class ShortBy(Quantity):
    """How many are lacking, in any wording: fewer came than were ordered, or so many are short."""

    late = True

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if self.slot in heard.pressed:
            return heard.pressed[self.slot]
        settled = scene.facts.get("lacking") is not None or len(options(scene)) < 2
        of = scene.line.quantity * scene.per_piece if scene.line and settled else None
        return _count(heard).lacking(of)

    def needed(self, scene: Scene) -> bool:
        return super().needed(scene) and _has_come(scene) and not _is_gift(scene)

    async def check(self, value: Any, scene: Scene) -> Checked:
        if isinstance(value, dict):  # told of several goods, of which one is now dealt with
            return Checked(value.get(scene.sku))
        open_yet = scene.facts.get("lacking") is None and len(options(scene)) > 1
        return Checked(int(value)) if open_yet or _is_gift(scene) else await super().check(value, scene)


def options(scene: Scene) -> list[str]:
    """What of the product can be lacking; pieces first where there are several of them.

    Of several products one is chosen first, and their gifts stand beside them there.
    """
    if scene.order is None or scene.line is None:
        return []
    inside = [*scene.line.parts, *(_promised(scene) if len(scene.order.facts.lines) == 1 else ())]
    return [GOODS, *inside] if scene.line.quantity > 1 else [*inside, GOODS]


def parts_named(text: str, line: LineFacts, scene: Scene) -> list[str]:
    """The parts of the product that the text names, also by their other names, in the text's order."""
    plain, others = simple(text), _names_of_other_products(line, scene)
    told = words().read(text)
    names = {name: part for part in line.parts for name in (part, *words().names.get(part, ())) if name not in others}
    found: dict[int, str] = {}
    called: set[int] = set()  # where the product may be meant, if another part is named as well
    used: set[int] = set()
    for name in sorted(names, key=len, reverse=True):
        part = names[name]
        # A part that the product is called after means the product, unless pieces of it are counted.
        if name in line.name and not (line.parts[part] > 1 and told.told and not told.none):
            continue
        for hit in re.finditer(re.escape(name), plain):
            span = set(range(*hit.span()))
            meant = not plain[: hit.start()].endswith(words().negated)
            if meant and not span & used and not plain.startswith(words().inside, hit.end()):
                found[hit.start()] = part
                if name in line.name and not words().counted_before.search(plain[: hit.start()]):
                    called.add(hit.start())
            used |= span
    if called and set(found) - called:
        found = {start: part for start, part in found.items() if start not in called}
    return list(dict.fromkeys(found[start] for start in sorted(found)))


def _by_number(heard: Heard, told: Shortage, lines: Sequence[LineFacts], scene: Scene) -> str | None:
    """What the unit and the number speak of: 少了两袋 of a box, 少了一盒 of two boxes, nothing at all."""
    if told.none:
        return GOODS
    by_unit = {part for line in lines for part in line.parts if told.unit and told.unit in words().units.get(part, ())}
    unnamed = scene.order is not None and not heard.values("product")
    short = told.short.value if told.short else 0
    if unnamed and short == 1 and any(gift.endswith(told.unit or "?") for gift in _promised(scene)):
        return None
    if len(by_unit) == 1:
        return by_unit.pop()
    if by_unit:
        return None
    if told.told and (told.unit in words().whole_units or (len(lines) == 1 and lines[0].quantity > 1)):
        return GOODS
    of_product = scene.line and scene.line.sku in heard.values("product") and len(scene.line.parts) == 1
    names_order = "order_no" in lexicon().doubted(heard.text)  # 抽纸那单: which order, not what is lacking of it
    if scene.gifts and scene.line and of_product and not names_order:
        return next(iter(scene.line.parts))  # not the gift, as thought before, but the product
    if told.told or scene.order is None or not heard.values("product"):
        return None
    plain = simple(heard.text)
    just_this = len(scene.order.facts.lines) > 1 and any(
        words().says_short_of(plain, name) for line in lines for name in _names(line.sku, scene)
    )
    return GOODS if just_this or any(word in plain for word in words().absent) else None


def _count(heard: Heard) -> Shortage:
    """The numbers of the message, but for those in a product's name (无痕内裤3条装)."""
    text = heard.text
    for found in sorted(heard.entities, key=lambda entity: -int(entity.get("start") or 0)):
        named = slice(int(found.get("start") or 0), int(found.get("end") or 0))
        if found["entity"] == "product" and any(letter.isdecimal() for letter in text[named]):
            text = text[: named.start] + NAMED + text[named.stop :]
    return words().read(text)


def _gift(text: str, scene: Scene) -> str | None:
    promised = _promised(scene)
    named = [gift for gift in promised if _says(COUNT_AND_UNIT.sub("", gift), text)]
    if named:
        return max(named, key=len) if len(promised) > 1 else GIFT
    return GIFT if words().speaks_of_gift(text) else None


def _says(name: str, text: str) -> bool:
    """Whether the text says the name, and not that it is not this."""
    hits = re.finditer(re.escape(name), text) if name else ()
    return any(not text[: hit.start()].endswith(words().negated) for hit in hits)


def _promised(scene: Scene) -> tuple[str, ...]:
    return tuple(dict.fromkeys(scene.order.facts.promised_gifts())) if scene.order else ()


def _lines(heard: Heard, scene: Scene) -> list[LineFacts]:
    if scene.order is None:
        return []
    named = [line for line in scene.order.facts.lines if line.sku in heard.values("product")]
    return named or ([scene.line] if scene.line else list(scene.order.facts.lines))


def _names_of_other_products(line: LineFacts, scene: Scene) -> set[str]:
    others = [other.sku for other in scene.order.facts.lines if other.sku != line.sku] if scene.order else []
    return {name for sku in others for name in _names(sku, scene)}


def _names(sku: str, scene: Scene) -> tuple[str, ...]:
    """How customers call a product."""
    item = scene.turn.services.shop.catalogue.get(sku)
    return (item.name, *item.aliases) if item else ()


def _is_gift(scene: Scene) -> bool:
    return scene.facts.get("lacking") == GIFT or bool(scene.gifts)


def _has_come(scene: Scene) -> bool:
    """Whether the goods were signed for; before, nothing about them matters."""
    return scene.order is not None and arrived_at(scene.order.facts, Claim("missing", sku=scene.sku)) is not None


def _may_have_come(scene: Scene) -> bool:
    """Whether some parcel was signed for."""
    return scene.order is not None and (scene.order.facts.signed_at is not None or bool(scene.order.facts.parcels))
