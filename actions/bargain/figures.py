"""Figures in a message: prices, yuan off, discounts, rounding, pieces; what they make of the purchase. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from actions.bargain.words import words
from actions.heard import Heard
from bot.nlu.entities import NICKNAMES, numeral
from bot.policy.bargain import LEAST_BID, Goods, Talk, standing
from bot.policy.money import to_fen

FigureKind = Literal["price", "off", "share", "round"]
Per = Literal["", "piece", "all"]

LARGEST = Decimal(100000)
LATIN = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Figure:
    """A figure as it was said: a price, yuan off, a share of today's price, or rounded down; `per`: piece or all."""

    kind: FigureKind
    value: Decimal = Decimal(0)
    per: Per = ""


def figure_of(text: str, *, bare_number: bool) -> Figure | None:
    """The figure that a plain text names for a price; of several prices the lowest is what the customer aims at.

    `bare_number`: the price is what we asked about, so that a number alone is one.
    """
    known = words()
    per: Per = "all" if known.has("all", text) else "piece" if known.has("per", text) else ""
    if known.has("half", text):
        return Figure("share", Decimal("0.5"))
    shares = [share for share in (_share(found[1]) for found in known.shapes["share"].finditer(text)) if share]
    if shares:
        return Figure("share", min(shares))
    prices, offs = _Sums(bare_number).read(known.shapes["no_price"].sub(" ", text))
    if prices:
        return Figure("price", min(prices), per)
    if offs:
        return Figure("off", max(offs), per)
    return Figure("round") if known.has("round", text) else None


class _Sums:
    """Collects sums of money: what stands after a word such as "less" is taken off, the others are prices."""

    def __init__(self, bare_number: bool) -> None:
        self._bare_number = bare_number
        self._prices: list[Decimal] = []
        self._offs: list[Decimal] = []

    def read(self, text: str) -> tuple[list[Decimal], list[Decimal]]:
        """Prices and reductions in a text."""
        shapes, known = words().shapes, words()

        def with_tenths(found: re.Match[str]) -> str:
            yuan, tenths = numeral(found[1]), numeral(found[2])
            self._take(text[: found.start()], None if yuan is None or tenths is None else yuan + tenths / 10, True)
            return "\0" * len(found[0])

        rest = shapes["with_tenths"].sub(with_tenths, text)
        for found in shapes["price"].finditer(rest):
            after = rest[found.end() :].lstrip()
            if after.startswith(known["tenths"]):
                continue
            number = numeral(next(group for group in found.groups() if group))
            cued = bool(found[1]) or shapes["money"].match(after) is not None or after.startswith(known["cues"])
            self._take(rest[: found.start()], number and number * known.scales.get(after[:1], 1), cued)
        for found in shapes["tenths"].finditer(rest):
            tenths = numeral(found[1])
            self._take(rest[: found.start()], tenths and tenths / 10, False)
        for found in LATIN.finditer(rest):
            self._take(rest[: found.start()], known.numbers.get(found[0]), False)
        return self._prices, self._offs

    def _take(self, before: str, value: Decimal | None, certain: bool) -> None:
        if value is None or not 0 < value < LARGEST:
            return
        if before.rstrip().endswith(words()["off"]):
            self._offs.append(value)
        elif certain or self._bare_number:
            self._prices.append(value)


def _share(said: str) -> Decimal | None:
    """8 and 80 both mean 0.8, 85 means 0.85; also digit by digit in Chinese."""
    number = numeral(said)
    if number is None and words().shapes["sign"].fullmatch(said):
        number = numeral("".join(str(numeral(sign)) for sign in said))
    if number is None or number <= 0:
        return None
    share = number / 10 if number < 10 else number / 100
    return share if share < 1 else None


def pieces(heard: Heard, text: str) -> int | None:
    """How many pieces the message (`text`: in plain characters) names; a sum of money is none."""
    told = heard.value("quantity")
    if "quantity" in heard.pressed or not told:
        return int(told) if told else None
    counted = {numeral(found[1]) for found in words().shapes["counted"].finditer(text)}
    return int(told) if int(told) in counted or any(name in text for name in NICKNAMES) else None


def total_of(figure: Figure, goods: Goods, talk: Talk) -> Decimal:
    """What the figure makes of the whole purchase, in yuan."""
    if figure.kind == "share":
        return max(LEAST_BID, to_fen(goods.today_total * figure.value))
    stands = standing(goods, talk)
    if figure.kind == "off":
        off = figure.value * (goods.quantity if figure.per == "piece" else 1)
        return max(LEAST_BID, to_fen(stands - off))
    if figure.kind == "round":
        return max(LEAST_BID, _rounded_down(stands))
    return to_fen(figure.value * (goods.quantity if _means_a_piece(figure, goods) else 1))


def _rounded_down(amount: Decimal) -> Decimal:
    """Without the odd fen; an amount that has none loses its odd yuan."""
    whole = amount.to_integral_value(ROUND_FLOOR)
    return whole if whole != amount else amount - amount % 10


def _means_a_piece(figure: Figure, goods: Goods) -> bool:
    """Of several pieces a figure is the total, unless it says otherwise, or a total so low would make no sense."""
    if goods.quantity == 1 or figure.per == "all":
        return False
    if figure.per == "piece":
        return True
    return figure.value <= goods.today and figure.value < goods.lowest_total / 2
