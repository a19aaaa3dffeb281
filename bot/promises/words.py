"""The words of promises, from data/lexicon/promises.yml: expressions ready to be looked for, and numerals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import time
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml

from bot.promises.promise import KINDS, Ground, Kind
from bot.promises.required import Expression, compiled
from bot.settings import ROOT

HALF = Decimal("0.5")
NAME = re.compile(r"\{([a-z_]+)\}")
GROUNDS: tuple[Ground, ...] = ("late", "fault", "wish")


class Words:
    """The lexicon. Every expression is searched by its own, so that its named groups are its own, too."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._classes: dict[str, str] = {}
        for name, expression in raw["classes"].items():
            self._classes[name] = self._filled(expression)
        self.spellings: Mapping[str, str] = raw["spellings"]
        self.kinds: Mapping[Kind, tuple[Expression, ...]] = {k: self._list(raw["kinds"][k]) for k in KINDS}
        self.loosely: Mapping[Kind, tuple[Expression, ...]] = {k: self._list(v) for k, v in raw["loosely"].items()}
        self.needs_deadline: frozenset[str] = frozenset(raw["needs_deadline"])
        self.takes_deadline: frozenset[str] = frozenset(raw["takes_deadline"])
        self.takes_amount: frozenset[str] = frozenset(raw["takes_amount"])
        self.takes_threshold: frozenset[str] = frozenset(raw["takes_threshold"])
        self.takes_length: frozenset[str] = frozenset(raw["takes_length"])
        self.no_clock: frozenset[str] = frozenset(raw["no_clock"])
        self.guards: Mapping[str, re.Pattern[str]] = {k: self._one(v) for k, v in raw["guards"].items()}
        self.grounds: Mapping[Ground, re.Pattern[str]] = {k: self._one(raw["grounds"][k]) for k in GROUNDS}
        self.times: Mapping[str, re.Pattern[str]] = {k: self._one(v) for k, v in raw["times"].items()}
        self.details: Mapping[str, re.Pattern[str]] = {k: self._one(v) for k, v in raw["details"].items()}
        self.goods: Mapping[str, re.Pattern[str]] = {k: self._one(v) for k, v in raw["goods"].items()}
        self.days: Mapping[str, int] = raw["days"]
        self.units: Mapping[str, str] = raw["units"]
        self.festivals: Mapping[str, str] = raw["festivals"]
        self.weekdays: Mapping[str, int] = raw["weekdays"]
        self.weeks: Mapping[str, int] = raw["weeks"]
        self.day_parts: Mapping[str, time] = {k: time.fromisoformat(v) for k, v in raw["day_parts"].items()}
        self.afternoon: frozenset[str] = frozenset(raw["afternoon"])
        self.month_parts: Mapping[str, int] = raw["month_parts"]
        self.length_days: Mapping[str, int] = raw["length_days"]
        self.times_over: Mapping[str, Decimal] = {k: Decimal(v) for k, v in raw["times_over"].items()}
        self._digits: Mapping[str, int] = raw["digits"]
        self._powers: Mapping[str, int] = raw["powers"]
        self._half: str = raw["half"]

    def says(self, guard: str, text: str) -> bool:
        """Whether a guard stands in a text."""
        return self.guards[guard].search(text) is not None

    def number(self, text: str) -> Decimal | None:
        """A number in digits or in Chinese; None for what is none."""
        text = text.replace(",", "")
        if text == self._half:
            return HALF
        if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
            return Decimal(text)
        return self._numeral(text)

    def _numeral(self, text: str) -> Decimal | None:
        """Digits and powers: a digit after a power without one of its own counts a tenth of that power (120)."""
        if not text or any(sign not in self._digits and sign not in self._powers for sign in text):
            return None
        if not any(sign in self._powers for sign in text):
            # "two three days" is at most three, "three five" as a price stays unread
            return Decimal(self._digits[text[-1]])
        total, digit, power, zero = 0, 0, 1, False
        for sign in text:
            if sign in self._powers:
                power = self._powers[sign]
                total += (digit or 1) * power
                digit, zero = 0, False
            else:
                digit = self._digits[sign]
                zero = zero or digit == 0
        tail = digit * (power // 10) if power >= 100 and digit and not zero else digit
        return Decimal(total + tail)

    def money(self, text: str) -> Decimal | None:
        """An amount in yuan as people write it, with what follows the yuan; None for none."""
        found = self.details["money"].fullmatch(text)
        if found is None:
            return None
        parts = found.groupdict()
        whole = Decimal(0) if parts["tenths"] else self.number(parts["yuan"] or parts["marked"] or parts["bare"] or "")
        if whole is None:
            return None
        tenths = self.number(parts["tenths"] or parts["rest"] or "") or Decimal(0)
        hundredths = self.number(parts["last"] or "") or Decimal(0)
        return whole + tenths / 10 + hundredths / 100

    def _list(self, expressions: str) -> tuple[Expression, ...]:
        return tuple(compiled(self._filled(expression)) for expression in expressions.split())

    def _one(self, expressions: str) -> re.Pattern[str]:
        return re.compile("|".join(self._filled(expression) for expression in expressions.split()))

    def _filled(self, expression: str) -> str:
        return NAME.sub(lambda found: f"(?:{self._classes[found[1]]})", "".join(expression.split()))


def alternatives(words: Iterable[str]) -> str:
    """Words as one expression, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@lru_cache(maxsize=1)
def words() -> Words:
    """The project's words, read once."""
    path = ROOT / "data" / "lexicon" / "promises.yml"
    return Words(yaml.safe_load(path.read_text(encoding="utf-8")))
