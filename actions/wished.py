"""Which remedy a message wants for which goods: the pot sent again, money back for the cup."""

from __future__ import annotations

from collections.abc import Collection

from actions import counting
from actions.heard import Heard
from bot.lexicon import lexicon


def by_goods(heard: Heard, allowed: Collection[str]) -> dict[str, str]:
    """Which remedy the message names beside which product; what stands between two products belongs to the first.

    Unless the remedy comes before its goods: then it belongs to the product after it.
    """
    found: dict[str, str] = {}
    for piece, products in counting.pieces(heard):
        starts = [int(product["start"]) for product in products]
        ends = [int(product["end"]) for product in products]
        before_goods = lexicon().solution(heard.text[piece.start() : starts[0]], allowed) is not None
        borders = (
            [piece.start(), *ends[:-1], piece.end()] if before_goods else [piece.start(), *starts[1:], piece.end()]
        )
        unserved: list[str] = []
        for product, start, end in zip(products, borders, borders[1:], strict=False):
            unserved.append(str(product["value"]))
            remedy = lexicon().solution(heard.text[start:end], allowed)
            if remedy:
                found.update(dict.fromkeys(unserved, remedy))
                unserved = []
    return found


def differs_by_goods(heard: Heard) -> bool:
    """Whether different goods of the message are to be dealt with in different ways."""
    return len(set(by_goods(heard, ()).values())) > 1
