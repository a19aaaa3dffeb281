"""How customers point at one of their orders, or at one of several choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

from actions.heard import Heard
from actions.scene import Scene
from bot.lexicon import lexicon
from bot.remarks import remarks

FOUR_DIGITS_ALONE = re.compile(r"(?<!\d)\d{4}(?!\d)")
NUMERALS = ("一壹", "二两俩", "三仨", "四", "五", "六", "七", "八", "九", "十")
COUNTING = {numeral: number for number, numerals in enumerate(NUMERALS, start=1) for numeral in numerals}

Choice = TypeVar("Choice")
Having = Callable[[Iterable[object]], bool]


def named_order(heard: Heard, scene: Scene) -> str | None:
    """The order that the message names by number or last digits; bare digits only where an own order ends with them."""
    told = heard.value("order_no")
    if told:
        return str(told)
    tail = heard.value("order_tail")
    if tail:
        return own_by_tail(str(tail), scene)
    tails = FOUR_DIGITS_ALONE.findall(heard.text)
    matching = [order.order_no for order in scene.recent if order.tail in tails]
    return matching[0] if len(matching) == 1 else None


def by_product(heard: Heard, scene: Scene) -> str | None:
    """The one own order with what the message names, among those offered first; of several the flow asks."""
    skus = set(heard.values("product"))
    found = orders_with(skus, scene) or orders_with(skus, scene, any)
    return found[0] if len(found) == 1 else None


def orders_with(skus: Collection[str], scene: Scene, having: Having = all) -> list[str]:
    """The own orders with all (or any) of these products: those offered, or else all recent ones."""
    for orders in (scene.orders, scene.recent) if skus else ():
        found = [order.order_no for order in orders if having(order.line(sku) is not None for sku in skus)]
        if found:
            return found
    return []


def by_other_product(heard: Heard, scene: Scene) -> str | None:
    """The order that a correction means: it names a product that the present order does not have."""
    if scene.order is None or not lexicon().is_correction(heard.text):
        return None
    return None if any(scene.order.line(sku) for sku in heard.values("product")) else by_product(heard, scene)


def own_by_tail(tail: str, scene: Scene) -> str:
    """The own order with these last digits; the digits themselves where that is none or several."""
    matching = [order.order_no for order in scene.recent if order.order_no.endswith(tail)]
    return matching[0] if len(matching) == 1 else tail


def says_known(heard: Heard, scene: Scene) -> bool:
    """Whether the message only points at the order and the goods that the flow is about."""
    if scene.order is None:
        return False
    lines = scene.order.facts.lines
    known = [scene.order.order_no, scene.order.tail, *(line.name for line in lines)]
    for line, options in zip(lines, scene.order.options, strict=False):  # an order may come without options
        known += [str(value) for value in options.values()] if not scene.skus or line.sku in scene.skus else []
    named = (found for found in heard.entities if found["entity"] == "product" and "start" in found)
    known += [heard.text[found["start"] : found["end"]] for found in named if scene.order.line(str(found["value"]))]
    return remarks().only_said_before(heard.text, known)


def pointed_at(heard: Heard, choices: Sequence[Choice]) -> Choice | None:
    """The choice that the message names by its place: the second one, or just 2."""
    core = lexicon().core(heard.text)
    told = heard.value("ordinal") or COUNTING.get(core) or (core if core.isdecimal() and len(core) == 1 else None)
    return choices[int(told) - 1] if told and 0 < int(told) <= len(choices) else None
