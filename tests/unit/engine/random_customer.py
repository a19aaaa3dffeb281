"""A customer who says things at random, the same things for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.model import Attachment
from bot.store.models import IssuedButton
from tests.conftest import Customer

LINES: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "lines.yml").read_text(encoding="utf-8"))
WEIGHTS = {"begin": 4, "answer": 8, "aside": 4, "unclear": 3, "person": 1, "anger": 1, "leave": 1, "back": 0}
USUAL_WEIGHT = 2
PICTURE = Attachment("", "image/jpeg", "https://example.org/broken.jpg")


@dataclass(frozen=True)
class Step:
    """One message: a line, or the payload of a choice to press, or a picture."""

    line: str = ""
    payload: str = ""
    picture: bool = False

    async def take(self, customer: Customer) -> list[str]:
        """Do it; the keys of the replies."""
        if self.payload:
            return await customer.press(self.payload)
        return await customer.say(self.line, (PICTURE,) if self.picture else ())


class RandomCustomer:
    """Decides what comes next by what was shown last; begins with a line of every kind."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._first = [lines[0] for lines in reversed(LINES.values())]

    def next(self, owner: str, shown: list[str]) -> Step:
        """The next step, given who owns the conversation and the payloads of the choices that were shown."""
        if owner != "bot" and self._dice.random() < 0.7:
            return Step(line=LINES["back"][0])
        if self._first:
            return Step(line=self._first.pop())
        if shown and self._dice.random() < 0.4:
            return Step(payload=self._dice.choice(shown))
        if self._dice.random() < 0.04:
            return Step(picture=True)
        weights = [WEIGHTS.get(name, USUAL_WEIGHT) for name in LINES]
        return Step(line=self._dice.choice(LINES[self._dice.choices(list(LINES), weights)[0]]))


async def choices(customer: Customer) -> list[str]:
    """The payloads of the buttons and cards that were shown last, in order."""
    shown = [choice for m in customer.seen for kind in ("buttons", "cards") for choice in m.content.get(kind, [])]
    async with customer.shop.services.database.session() as session:
        issued = [await session.get(IssuedButton, choice["payload"]) for choice in shown if choice["payload"]]
    return [button.payload for button in issued]
