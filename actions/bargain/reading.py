"""What a message says about the price: a push, a figure, a yes, a no. Pure; the words are those of words.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from actions.bargain.figures import Figure, figure_of, pieces
from actions.bargain.words import words
from actions.heard import Heard
from bot.lexicon import lexicon, plain

ReadKind = Literal["less", "bid", "accept", "noted", "news", "freight", "decline"]

QUESTION = 0.6
"""From here on a question in passing is taken for one."""
MEANT = 0.45
WAYS_TO_LESS = ("ask_promotion", "ask_coupon")
"""Who asks for these while the price is talked of wants it lower."""


@dataclass(frozen=True)
class Read:
    """What a message does in a negotiation. `quantity`: other pieces than before; `placed`: there is an order."""

    kind: ReadKind
    figure: Figure | None = None
    quantity: int | None = None
    elsewhere: bool = False
    placed: bool = False

    def as_slot(self) -> dict[str, Any]:
        """The form in which a slot keeps it until the product is known."""
        figure = self.figure and {"kind": self.figure.kind, "value": str(self.figure.value), "per": self.figure.per}
        told = {"kind": self.kind, "figure": figure, "quantity": self.quantity}
        return told | {"elsewhere": self.elsewhere, "placed": self.placed}

    @classmethod
    def from_slot(cls, told: Mapping[str, Any]) -> Read:
        """What `as_slot` kept."""
        figure = told.get("figure")
        return cls(
            kind=told["kind"],
            figure=Figure(figure["kind"], Decimal(figure["value"]), figure["per"]) if figure else None,
            quantity=told.get("quantity"),
            elsewhere=bool(told.get("elsewhere")),
            placed=bool(told.get("placed")),
        )


def pushed(heard: Heard) -> Read | None:
    """The push with which somebody begins; not what a button or an earlier talk brought."""
    told = read(heard, asked=False)
    return told if told is None or told.kind in ("less", "bid") else None


def read(heard: Heard, *, asked: bool, waiting: bool = False, known: int | None = None) -> Read | None:
    """What the message means for the price; None where it means nothing.

    `asked`: the price is what we asked about, so that a bare number or a yes counts. `waiting`: a person was asked, and
    a bare yes only says that the customer heard. `known`: how many pieces are talked of so far.
    """
    text = plain(heard.text)
    told = pieces(heard, text)
    more: dict[str, Any] = {
        "elsewhere": words().has("elsewhere", text),
        "placed": words().has("placed", text),
        "quantity": told if told and told != (known or 1) else None,
    }
    wants_less = heard.intent in WAYS_TO_LESS and asked
    question = heard.intent.startswith("ask_") and heard.confidence >= QUESTION and not wants_less
    if not question or words().has("less", text):
        figure = figure_of(text, bare_number=asked)
        if figure is not None:
            return Read("bid", figure, **more)
    if question and not words().has("accept", text) and not (waiting and words().has("news", text)):
        return None
    if not asked:
        return Read("less", **more) if _is_less(heard, text) else None
    return _without_figure(heard, text, waiting, more)


def _without_figure(heard: Heard, text: str, waiting: bool, more: dict[str, Any]) -> Read | None:
    known = words()
    if known.has("decline", text):
        return Read("decline", **more)
    if waiting and known.has("news", text):
        return Read("news", **more)
    if known.is_whole("accept_whole", text) or known.has("accept", text):
        resigned = waiting and not known.has("yes_to_the_price", text)
        return Read("noted" if resigned else "accept", **more)
    if lexicon().is_whole("yes", text):
        return Read("noted" if waiting else "accept", **more)
    if known.has("freight", text) and heard.intent == "bargain":
        return Read("freight", **more)
    if _is_less(heard, text) or more["quantity"] or heard.intent in WAYS_TO_LESS:
        return Read("less", **more)
    return None


def _is_less(heard: Heard, text: str) -> bool:
    meant = heard.intent == "bargain" and heard.confidence >= MEANT
    return meant or words().has("less", text) or words().is_whole("less_whole", text)
