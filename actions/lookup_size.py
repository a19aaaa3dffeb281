"""Which size fits: from the product's size chart and the measures in the message (cm; 斤 or 公斤)."""

from __future__ import annotations

import re

from actions.found import Found
from actions.heard import Heard
from bot import cards
from bot.conversation.turn import Turn

HEIGHT = re.compile(r"(?<!\d)(1[3-9]\d|2[0-1]\d)(?!\d)|1(?:米|m)([3-9]\d)|(?<!\d)1\.([3-9]\d)")
WEIGHT = re.compile(r"(?<!\d)(\d{2,3})(?:\.\d)?\s*(公斤|kg|千克|斤)", re.IGNORECASE)
JIN = 0.5


async def advice(turn: Turn, heard: Heard) -> list[Found]:
    """A size where height and weight fit one, both sizes where they lie between."""
    skus = heard.values("product")
    product = await turn.catalogue.product(str(skus[0])) if skus else None
    if product is None or not product.details["size_chart"]:
        return []
    chart = turn.services.shop.size_charts[product.details["size_chart"]]
    height, weight = _height(heard.text), _weight(heard.text)
    if height is None or weight is None or not all(isinstance(row, dict) and "height" in row for row in chart.values()):
        return [Found("utter_size_ask", {"product": product.name}, tells=False)]
    fitting = [str(s) for s, row in chart.items() if _in(height, row["height"]) and _in(weight, row["weight"])]
    near = fitting or [str(s) for s, row in chart.items() if _in(height, row["height"]) or _in(weight, row["weight"])]
    if not near:
        return [Found("utter_size_ask", {"product": product.name}, tells=False)]
    sizes = fitting if len(fitting) == 1 else near[:2]
    made_for = {name: measures for size, measures in chart.items() if (name := str(size)) in sizes}
    card = cards.size(turn.label, product.name, made_for)
    if len(fitting) == 1:
        return [Found("utter_size_advice", {"product": product.name, "size": fitting[0]}, (card,))]
    return [Found("utter_size_between", {"product": product.name, "sizes": "、".join(sizes)}, (card,))]


def _height(text: str) -> float | None:
    found = HEIGHT.search(text)
    if found is None:
        return None
    return float(found[1]) if found[1] else 100.0 + float(found[2] or found[3])


def _weight(text: str) -> float | None:
    found = WEIGHT.search(text)
    return None if found is None else float(found[1]) * (JIN if found[2] == "斤" else 1.0)


def _in(value: float, bounds: list[float]) -> bool:
    return bounds[0] <= value <= bounds[1]
