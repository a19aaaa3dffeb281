"""How many are lacking, in a customer's words: what was ordered, what has come, what is short of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from bot.lexicon import plain
from bot.nlu.entities import numeral
from bot.settings import ROOT

LONGEST_TEXT = 300


@dataclass(frozen=True)
class Number:
    """A number of pieces in a text, with its unit ("" where it stands alone) and its place."""

    value: int
    unit: str
    start: int
    end: int


@dataclass(frozen=True)
class Shortage:
    """What a text says of numbers; None for what it does not say. `half` and `none`: of all that there should be."""

    bought: Number | None = None
    received: Number | None = None
    short: Number | None = None
    half: bool = False
    none: bool = False

    @property
    def unit(self) -> str:
        """The unit in which the customer counts, or ""."""
        return next((n.unit for n in (self.short, self.received, self.bought) if n and n.unit), "")

    @property
    def told(self) -> bool:
        """Whether a number was told at all."""
        return bool(self.short or self.received or self.half or self.none)

    def lacking(self, of: int | None = None) -> int | None:
        """How many are lacking of `of` (None: not known yet); None where the text does not say it."""
        if self.short:
            return self.short.value
        total = self.bought.value if self.bought and self.received else of
        if total is None:
            return None
        if self.received:
            return total - self.received.value if self.received.value < total else None
        if self.half:
            return max(1, total // 2)
        return total if self.none else None


class Words:
    """The expressions of data/lexicon/missing.yml."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        units = "|".join(sorted(raw["units"].split(), key=len, reverse=True))
        not_counted = "|".join(raw["not_counted"].split())
        self._number = re.compile(
            rf"(?<![{raw['no_count_after']}{raw['numerals']}])(?P<count>(?<![\d.])\d{{1,4}}|[{raw['numerals']}]+)\s*"
            rf"[{raw['sizes']}]?(?P<unit>{units})?(?!{not_counted})(?!\d)"
        )
        self.counted_before = re.compile(rf"(?:\d|[{raw['numerals']}])(?:{units})?$")
        self._before = {name: _ending(raw[name]) for name in ("short", "received", "bought")}
        self._after = re.compile("|".join(raw["short_after"].split()))
        self._half, self._one = raw["half"], raw["one_of_a_pair"]
        self._none = re.compile("|".join(raw["none"].split()).replace("{unit}", f"(?:{units})"))
        self.negated = tuple(raw["negated"])
        not_meant = "".join(f"(?<!{word})" for word in self.negated)
        self._gift = re.compile(f"{not_meant}(?:{'|'.join(raw['gift'].split())})")
        self._none_came = re.compile("".join(raw["none_came"].split()))
        self.inside = tuple(raw["inside"])
        self.whole: Sequence[str] = raw["whole"]
        self.absent: Sequence[str] = raw["absent"]
        self.whole_units: Sequence[str] = raw["whole_units"]
        self.names = {part: tuple(told.get("names", ())) for part, told in raw["parts"].items()}
        self.units = {part: tuple(told.get("units", "").split()) for part, told in raw["parts"].items()}

    def read(self, text: str) -> Shortage:
        """What the text says of numbers."""
        plain = simple(text)
        half = any(word in plain for word in self._half)
        for word in self._half:
            plain = plain.replace(word, "")
        numbers = self._numbers(plain)
        found: dict[str, Number] = {}
        for number in numbers:
            role = self._role(plain, number)
            if role:
                found.setdefault(role, number)
        counted = {"bought", "received"} <= found.keys()
        rest = [n for n in numbers if n not in found.values() and n.unit]
        if "received" in found and "bought" not in found and rest and rest[0].start < found["received"].start:
            found["bought"] = rest[0]
        elif "bought" in found and len(found) == len(rest) == 1 and rest[0].value < found["bought"].value:
            found["received"] = rest[0]
        elif len(numbers) == len(rest) == 2 and rest[0].value > rest[1].value:
            found = {"bought": rest[0], "received": rest[1]}
        elif not found and len(rest) == 1:
            found["short"] = rest[0]
        if not found and any(word in plain for word in self._one):
            found["short"] = Number(1, "", 0, 0)
        none = not counted and bool(self._none.search(plain))
        if none:
            found = {role: number for role, number in found.items() if role == "short" and number.value > 1}
        return Shortage(**found, half=half, none=none)

    def says_received(self, plain: str, number: Number) -> bool:
        """Whether the simplified text calls the number that of what came, rather than that it follows from the rest."""
        return self._role_before(plain[: number.start]) == "received"

    def speaks_of_gift(self, plain: str) -> bool:
        """Whether the simplified text says that a gift is lacking."""
        return bool(self._gift.search(plain))

    def says_short_before(self, plain: str, start: int) -> bool:
        """Whether the simplified text says that what stands from `start` is lacking, with a number or without."""
        before = plain[:start]
        return any(self._before["short"].search(part) for part in (before, self.counted_before.sub("", before)))

    def says_short_of(self, plain: str, name: str) -> bool:
        """Whether the simplified text says that just this is lacking: the name follows the word for it."""
        return any(self._before["short"].search(plain[: hit.start()]) for hit in re.finditer(re.escape(name), plain))

    def gifts_named(self, plain: str) -> list[int]:
        """Where in the simplified text the words for a gift end."""
        return [hit.end() for hit in self._gift.finditer(plain)]

    def says_none_came(self, plain: str, end: int) -> bool:
        """Whether the simplified text says of what is named up to `end` that it did not come, and nothing more."""
        return bool(self._none_came.match(plain, end))

    def _numbers(self, plain: str) -> list[Number]:
        found = []
        for match in self._number.finditer(plain):
            value = numeral(match["count"])
            nickname = match["count"] in "俩仨"
            if value is None or value <= 0 or value != int(value):
                continue
            unit = match["unit"] or ""
            if unit or nickname or self._role_before(plain[: match.start()]):
                found.append(Number(int(value), unit or ("个" if nickname else ""), match.start(), match.end()))
        return found

    def _role(self, plain: str, number: Number) -> str | None:
        before = self._role_before(plain[: number.start])
        if before in ("short", "received"):
            return before
        return "short" if self._after.match(plain, number.end) else before

    def _role_before(self, before: str) -> str | None:
        if before.endswith(self.negated):
            return None
        return next((name for name, expression in self._before.items() if expression.search(before)), None)


def simple(text: str) -> str:
    """The beginning of the text in its plain form, as far as it is read."""
    return plain(text[:LONGEST_TEXT])


def _ending(expressions: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(expressions.split())})\s*$")


@lru_cache(maxsize=1)
def words() -> Words:
    """The project's words, read once."""
    path = ROOT / "data" / "lexicon" / "missing.yml"
    return Words(yaml.safe_load(path.read_text(encoding="utf-8")))


def fell_short(text: str) -> bool:
    """Whether the text says in so many words that fewer pieces came than were bought."""
    told = words().read(text)
    if not (told.bought and told.received and told.received.value < told.bought.value):
        return False
    return words().says_received(simple(text), told.received)
