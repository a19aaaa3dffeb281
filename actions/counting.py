"""Which goods a message is about, and how many of each: a number belongs to the product beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from actions.heard import Heard
from bot.lexicon import bare, lexicon

PIECE = re.compile(r"[^，,。；;！!？?\n]+")

Found = Mapping[str, Any]


def goods(heard: Heard) -> list[str]:
    """The products that the message is about, in its order; what it says to be fine, or only bought, is left out."""
    named = [str(sku) for sku in heard.values("product")]
    aside = {str(found["value"]) for piece, founds in _pieces(heard) if _is_aside(piece) for found in founds}
    troubled = {str(found["value"]) for piece, founds in _pieces(heard) if not _is_aside(piece) for found in founds}
    return list(dict.fromkeys(sku for sku in named if sku not in aside - troubled) or dict.fromkeys(named))


def numbers(heard: Heard) -> tuple[dict[str, int], list[int]]:
    """How many of which product, and the numbers that stand beside none."""
    if not all("start" in found for found in heard.entities):
        return {}, [int(number) for number in heard.values("quantity")]
    products = [found for found in heard.entities if found["entity"] == "product"]
    counts: dict[str, list[int]] = {}
    loose: list[int] = []
    for number in (found for found in heard.entities if found["entity"] == "quantity"):
        owner = _owner(heard.text, number, products, counts)
        if owner is None:
            loose.append(int(number["value"]))
        else:
            counts.setdefault(owner, []).append(int(number["value"]))
    # Two cups of which one broke: the smaller number is the one that counts.
    return {sku: min(told) for sku, told in counts.items()}, loose


def _owner(text: str, number: Found, products: list[Found], counted: Mapping[str, Any]) -> str | None:
    before = next((p for p in reversed(products) if p["end"] <= number["start"]), None)
    after = next((p for p in products if p["start"] >= number["end"]), None)
    if after is not None and bare(text[number["end"] : after["start"]]).strip("的") == "":
        joined = before is not None and lexicon().joins(text[before["end"] : number["start"]])
        if before is None or joined or before["value"] in counted:
            return str(after["value"])
    owner = before or after
    return str(owner["value"]) if owner else None


def _pieces(heard: Heard) -> Iterator[tuple[str, list[Found]]]:
    """The parts of the text between punctuation, each with the products that it names."""
    if not all("start" in found for found in heard.entities):
        return
    products = [found for found in heard.entities if found["entity"] == "product"]
    for match in PIECE.finditer(heard.text):
        inside = [found for found in products if match.start() <= found["start"] < match.end()]
        if inside:
            yield match[0], inside


def _is_aside(piece: str) -> bool:
    return lexicon().is_sound(piece)
