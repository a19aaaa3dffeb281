"""Several wishes in one message: Rasa classifies a message once, so its clauses are looked at one by one."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.lackable import goods_lacking, lacks_thing
from bot.lexicon import lexicon

Parse = Callable[[str], Awaitable[dict[str, Any]]]

# 还有 after 和 only adds to a list: 我和老公还有孩子. What is exchanged for 另外的 is another one, not another wish.
BORDER = re.compile(
    r"[。；;！!？?\n]+|(?:，|,|\s)*(?=(?<![换要])(?<![发是成])另外(?!的)|(?<![和跟与].)(?<![和跟与]..)(?<![和跟与]...)还有(?!没|多|货)|顺便|对了)"
)
COMMAS = re.compile(r"[，,、\s]+")
MOST = 6
SURE = 0.45
SHORTEST = 2
MISSING = "missing_item"
TROUBLES = ("damaged_item", "quality_issue", "wrong_item")
# What several goods that did not come are taken for, when they are named without any other wish.
UNDER_WAY = ("not_received", "track_order", "ask_delivery_time", "ask_shipping_time", "ask_refund_status", "inform")
NAMES_AN_ORDER = ("order_no", "order_tail")


@dataclass
class Wish:
    """A wish with everything that was said about it; `intent` is Rasa's, None while only facts were told."""

    intent: dict[str, Any] | None = None
    texts: list[str] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)

    def add(self, text: str, parsed: dict[str, Any], is_wish: bool) -> None:
        """Take a clause in."""
        offset = len(self.text) + 1 if self.texts else 0
        self.texts.append(text)
        self.entities += [_moved(entity, offset) for entity in parsed["entities"]]
        if self.intent is None and is_wish:
            self.intent = parsed["intent"]

    def takes(self, parsed: dict[str, Any]) -> bool:
        """Whether a further clause means the same wish, about the same order and goods."""
        if self.intent is None or self.intent["name"] != parsed["intent"]["name"]:
            return False
        several = self.intent["name"] in lexicon().several
        return not any(
            _values(self.entities, names) and _values(parsed["entities"], names) - _values(self.entities, names)
            for names in ((NAMES_AN_ORDER,) if several else (NAMES_AN_ORDER, ("product",)))
        )

    @property
    def text(self) -> str:
        """The wish in the customer's words."""
        return "，".join(self.texts)


def split(text: str) -> list[str]:
    """The clauses of a message, in order."""
    parts = [part.strip(" ，,") for part in BORDER.split(text)]
    return [part for part in parts if len(part) >= SHORTEST][:MOST]


async def by_matter(part: str, parse_one: Parse) -> list[tuple[str, str | None]]:
    """A part cut where it turns to the trouble of another product, gift or part, each piece with its own intent."""
    pieces = [piece for piece in COMMAS.split(part) if piece]
    things = [lacks_thing(piece) for piece in pieces]
    matters = [lexicon().matter(piece) or (MISSING if lacks_thing(piece) else None) for piece in pieces]
    if len({matter for matter in matters if matter}) < 2 and not any(things[1:]):
        return [(part, None)]
    found: list[tuple[list[str], str | None]] = []
    goods: set[str] = set()
    of_thing = False
    for piece, matter, thing in zip(pieces, matters, things, strict=True):
        named = _values((await parse_one(piece))["entities"], ("product",))
        others = bool(goods and named - goods) or thing or of_thing
        if found and thing and found[-1][1] is None:
            found[-1] = (found[-1][0], await _trouble("，".join(found[-1][0]), parse_one))
        if not found or (matter and others and found[-1][1] not in (None, matter)):
            found.append(([], None))
        of_thing = thing or (of_thing and not matter)
        texts, before = found[-1]
        found[-1] = ([*texts, piece], before or matter)
        goods |= named
    if len(found) < 2:
        return [(part, None)]
    return [("，".join(texts), matter) for texts, matter in found]


async def _trouble(text: str, parse_one: Parse) -> str | None:
    """The intent of the trouble that a text is about in other words than the lexicon's."""
    if lexicon().reason(text) == "quality":
        return "quality_issue"
    if lexicon().has("found", text) or lexicon().is_sound(text):
        return None
    intent = (await parse_one(text))["intent"]
    return str(intent["name"]) if intent["name"] in TROUBLES and intent["confidence"] >= SURE else None


async def _parse_goods(text: str, parse_one: Parse) -> dict[str, Any]:
    """The parse of a text; several goods that did not come are missing, each to be followed up."""
    parsed = await parse_one(text)
    if parsed["intent"]["name"] not in UNDER_WAY or not goods_lacking(text, parsed["entities"]):
        return parsed
    return {**parsed, "intent": {"name": MISSING, "confidence": 1.0}}


async def parse(text: str, parse_one: Parse, wishes: frozenset[str]) -> dict[str, Any]:
    """The parse of a message. Where it holds several wishes, intent and entities are those of the first.

    Its words then stand under `first_wish`, the other wishes under `clauses`. `wishes` are the intents worth a clause
    of their own (flows and questions); what only informs belongs to the wish before it, at the beginning to the first.
    """
    whole = await _parse_goods(text, parse_one)
    parts = [part for whole_part in split(text) for part in await by_matter(whole_part, parse_one)]
    if len(parts) < 2:
        return whole
    found = [Wish()]
    for part, matter in parts:
        parsed = await _parse_goods(part, parse_one)
        if matter:
            parsed = {**parsed, "intent": {"name": matter, "confidence": 1.0}}
        is_wish = parsed["intent"]["name"] in wishes
        home: Wish | None = found[-1]
        if is_wish and found[-1].intent is not None:
            home = next((wish for wish in found if wish.takes(parsed)), None)
        if home is None:
            home = Wish()
            found.append(home)
        home.add(part, parsed, is_wish)
    if len(found) < 2:
        return whole
    first, *rest = found
    clauses = [{"intent": (w.intent or {})["name"], "text": w.text, "entities": w.entities} for w in rest]
    return {**whole, "intent": first.intent, "entities": first.entities, "first_wish": first.text, "clauses": clauses}


def _moved(entity: dict[str, Any], offset: int) -> dict[str, Any]:
    return {**entity, "start": entity["start"] + offset, "end": entity["end"] + offset}


def _values(entities: list[dict[str, Any]], names: tuple[str, ...]) -> set[str]:
    return {str(entity["value"]) for entity in entities if entity["entity"] in names}
