"""Which goods a message is about, and how many of each: a number belongs to the product beside it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from actions.heard import Heard
from bot.lexicon import bare, lexicon

PIECE = re.compile(r"[^，,。；;！!？?\n]+")

Found = Mapping[str, Any]


def goods(heard: Heard) -> list[str]:
    """The products that the message is about, in its order; what it says to be fine, or only bought, is left out."""
    inside = _inside_another(heard)
    named = [str(sku) for sku in heard.values("product") if str(sku) not in inside]
    aside = {str(found["value"]) for piece, founds in pieces(heard) if _is_aside(piece[0]) for found in founds}
    troubled = {str(found["value"]) for piece, founds in pieces(heard) if not _is_aside(piece[0]) for found in founds}
    return list(dict.fromkeys(sku for sku in named if sku not in aside - troubled) or dict.fromkeys(named))


def _inside_another(heard: Heard) -> set[str]:
    """Goods that are only named for a part of others: the cups inside the tea set."""
    spans = [found for found in heard.entities if found["entity"] == "product" and "start" in found]
    return {
        str(part["value"])
        for whole, part in itertools.pairwise(spans)
        if whole["value"] != part["value"] and lexicon().is_inside(heard.text[whole["end"] : part["start"]])
    }


def goods_side_by_side(heard: Heard) -> list[str]:
    """Those of the goods that are named beside others, as against inside or instead of them."""
    spans = [found for found in heard.entities if found["entity"] == "product" and "start" in found]
    meant = goods(heard)
    pairs = itertools.pairwise(spans)
    joined = [pair for pair in pairs if lexicon().joins(heard.text[pair[0]["end"] : pair[1]["start"]])]
    named = {str(found["value"]) for pair in joined for found in pair}
    return [sku for sku in meant if sku in named]


def told(heard: Heard) -> list[Found]:
    """The numbers of pieces; the one in "give me a new one" is none of them."""
    found = [found for found in heard.entities if found["entity"] == "quantity"]
    return [each for each in found if not _is_new_one(heard.text, each)]


def _is_new_one(text: str, found: Found) -> bool:
    is_one = found["entity"] == "quantity" and int(found["value"]) == 1 and "start" in found
    return is_one and lexicon().wants_new_one(text[: found["start"]])


def numbers(heard: Heard) -> tuple[dict[str, int], list[int]]:
    """How many of which product, and the numbers that stand beside none."""
    if not all("start" in found for found in heard.entities):
        return {}, [int(number["value"]) for number in told(heard)]
    products = [found for found in heard.entities if found["entity"] == "product"]
    counts: dict[str, list[int]] = {}
    loose: list[int] = []
    for number in told(heard):
        owner = _owner(heard.text, number, products, counts)
        if owner is None:
            loose.append(int(number["value"]))
        else:
            counts.setdefault(owner, []).append(int(number["value"]))
    # Two cups of which one broke: the smaller number is the one that counts.
    return {sku: min(each) for sku, each in counts.items()}, loose


def _owner(text: str, number: Found, products: list[Found], counted: Mapping[str, Any]) -> str | None:
    before = next((p for p in reversed(products) if p["end"] <= number["start"]), None)
    after = next((p for p in products if p["start"] >= number["end"]), None)
    if after is not None and bare(text[number["end"] : after["start"]]).strip("的") == "":
        joined = before is not None and lexicon().joins(text[before["end"] : number["start"]])
        if before is None or joined or before["value"] in counted:
            return str(after["value"])
    owner = before or after
    return str(owner["value"]) if owner else None


def pieces(heard: Heard) -> Iterator[tuple[re.Match[str], list[Found]]]:
    """The parts of the text between punctuation, each with the products that it names."""
    if not all("start" in found for found in heard.entities):
        return
    products = [found for found in heard.entities if found["entity"] == "product"]
    for match in PIECE.finditer(heard.text):
        inside = [found for found in products if match.start() <= found["start"] < match.end()]
        if inside:
            yield match, inside


def _is_aside(piece: str) -> bool:
    return lexicon().is_sound(piece)
