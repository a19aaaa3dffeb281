"""Facts in a message: numbers by shape, products, colours and couriers by list. Spans are of the normalised text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import cn2an
import spacy
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc

from bot.nlu.lexicon import Lexicon
from bot.nlu.reading import Reading

LISTED = ("product", "courier", "colour")
PRECEDENCE = (
    *("phone", "tracking_no", "order_no", "phone_tail", "order_tail"),
    *LISTED,
    *("date", "time", "amount", "size", "quantity", "ordinal"),
)
UNIT = re.compile(r"[a-z]+|\d+|\s+|.", re.DOTALL)
LONGEST_TEXT = 1000
NICKNAMES = {"俩": 2, "仨": 3}

Value = str | int


@dataclass(frozen=True)
class Entity:
    """A fact: `value` is a plain string, an int for quantity and ordinal; amounts are yuan such as "39.90"."""

    name: str
    value: Value
    start: int
    end: int
    extractor: str


class EntityExtractor:
    """Finds entities; of overlapping ones the first in PRECEDENCE, then the longest, is kept."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._patterns = {name: [re.compile(p) for p in patterns] for name, patterns in lexicon.patterns.items()}
        self._lists = {name: lexicon.lists[name] for name in LISTED}
        self._sizes = lexicon.lists["size"]
        self._language = spacy.blank("zh")
        self._language.tokenizer = self._doc
        ruler = cast(EntityRuler, self._language.add_pipe("entity_ruler", config={"phrase_matcher_attr": "ORTH"}))
        ruler.add_patterns(
            [{"label": name, "pattern": surface} for name, surfaces in self._lists.items() for surface in surfaces]
        )

    def __call__(self, reading: Reading) -> list[Entity]:
        """Entities of a message by position. Text beyond LONGEST_TEXT is not read."""
        text = reading.text[:LONGEST_TEXT]
        if not text:
            return []
        found = [*self._by_shape(text), *self._by_list(text, reading)]
        found.sort(key=lambda entity: (PRECEDENCE.index(entity.name), entity.start - entity.end, entity.start))
        kept: list[Entity] = []
        for entity in found:
            if all(entity.end <= other.start or entity.start >= other.end for other in kept):
                kept.append(entity)
        return sorted(kept, key=lambda entity: entity.start)

    def _by_shape(self, text: str) -> Iterator[Entity]:
        for name, patterns in self._patterns.items():
            for pattern in patterns:
                group: str | int = "value" if "value" in pattern.groupindex else 0
                for match in pattern.finditer(text):
                    value = self._value(name, match)
                    if value is not None:
                        yield Entity(name, value, match.start(group), match.end(group), "shape")

    def _by_list(self, text: str, reading: Reading) -> Iterator[Entity]:
        words = {(word.start, word.end) for word in reading.words}
        for span in self._language(text).ents:
            start, end = span.start_char, span.end_char
            if end - start > 1 or (start, end) in words:
                yield Entity(span.label_, self._lists[span.label_][span.text], start, end, "list")

    def _doc(self, text: str) -> Doc:
        """A character a token, but Latin and digit runs whole, so that no name is found inside a longer one."""
        units = UNIT.findall(text)
        return Doc(self._language.vocab, words=units, spaces=[False] * len(units))

    def _value(self, name: str, match: re.Match[str]) -> Value | None:
        if name == "size":
            return self._sizes.get(match["value"], match["value"].upper())
        return READERS.get(name, _text)(match)


def numeral(text: str) -> Decimal | None:
    """A number written in digits or in Chinese; None if it is no number."""
    if text in NICKNAMES:
        return Decimal(NICKNAMES[text])
    try:
        return Decimal(text) if text.isascii() else Decimal(str(cn2an.cn2an(text, "smart")))
    except (ValueError, ArithmeticError, LookupError):  # cn2an looks up units that odd numerals do not have
        return None


def _text(match: re.Match[str]) -> str:
    return match["value"] if "value" in match.re.groupindex else match[0]


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"\D", "", match["value"])


def _count(match: re.Match[str]) -> int | None:
    number = numeral(match["number"])
    return int(number) if number is not None and number == number.to_integral_value() and number > 0 else None


def _amount(match: re.Match[str]) -> str | None:
    """Yuan with two decimals: `number` yuan and `rest`, or `jiao` tenths of a yuan."""
    groups = match.groupdict()
    yuan = numeral(groups["number"]) if groups.get("number") else Decimal(0)
    if yuan is None:
        return None
    if groups.get("rest"):
        digits = groups["rest"] if groups["rest"].isascii() else str(numeral(groups["rest"]))
        yuan += Decimal(f"0.{digits}")
    if groups.get("jiao"):
        tenths = numeral(groups["jiao"])
        if tenths is None:
            return None
        yuan += tenths / 10
    return f"{yuan:.2f}"


def _time(match: re.Match[str]) -> str | None:
    """HH:MM; twelve hours later where the part of the day says so."""
    groups = match.groupdict()
    hour, minute = numeral(groups["hour"]), numeral(groups.get("minute") or "0")
    if hour is None or minute is None or hour != int(hour):
        return None
    if groups.get("half"):
        minute = Decimal(30)
    if groups.get("afternoon") and hour < 12:
        hour += 12
    return f"{int(hour):02}:{int(minute):02}" if hour < 25 and minute < 60 else None


READERS: Mapping[str, Callable[[re.Match[str]], Value | None]] = {
    "phone": _digits,
    "order_no": _digits,
    "tracking_no": lambda match: match["value"].upper(),
    "amount": _amount,
    "quantity": _count,
    "ordinal": _count,
    "time": _time,
}
