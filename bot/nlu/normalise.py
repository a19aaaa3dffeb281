"""One spelling for what customers write in many: width, script, emoji, emoticon codes, slang, drawn-out characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bot.lexicon import simplified
from bot.nlu.lexicon import Lexicon

EMOJI_MODIFIERS = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\u20e3]")
PLATFORM_CODE = re.compile(r"/:[0-9a-z^_$~@?*'<>()&%!-]{1,6}|#[a-z]-[a-z]?\d{1,3}")
BRACKET_CODE = re.compile(r"\[([^\[\]\s]{1,6})\]")
REPEATED_PUNCTUATION = re.compile(r"([^\w\s])\1+|([!?。,~…])[!?。,~…]+")
REPEATED_LETTER = re.compile(r"([^\W\dx_])\1{2,}")
SPACES = re.compile(r"\s+")
NOTHING = r"(?!)"
SYNONYM_ROUNDS = 2  # what one variant is replaced by may complete another one
SAME_MARK = str.maketrans("，、；;．～‘’“”", ",,,,.~''\"\"")
BLANK = {"So", "Cc", "Co", "Cn", "Cs", "Zs", "Zl", "Zp"}
DROPPED = {"Cf", "Mn"}

Writer = Callable[["re.Match[str]"], str]


class Cell(NamedTuple):
    """A normalised character and the span [start, end) of the original text that it stands for."""

    char: str
    start: int
    end: int


@dataclass(frozen=True)
class Normalised:
    """The normalised text; `starts[i]`, `ends[i]` give the original span of its character i."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that the non-empty span [start, end) of the normalised text stands for."""
        return self.starts[start], self.ends[end - 1]


class Normaliser:
    """Normalises any string; never raises, never looks outside the lexicon it was made with."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._emoji = lexicon.emoji
        self._codes = lexicon.codes
        self._synonyms = lexicon.synonyms
        self._synonym = _alternatives(lexicon.synonyms)

    def __call__(self, text: str) -> Normalised:
        """Normalise; the same text always gives the same result."""
        cells = [cell for index, char in enumerate(text) for cell in self._read(index, char)]
        cells = _replace(cells, PLATFORM_CODE, lambda found: " ")
        cells = _replace(cells, BRACKET_CODE, lambda found: self._codes.get(found[1], found[0]))
        cells = _replace(cells, REPEATED_PUNCTUATION, lambda found: found[0][0])
        cells = _replace(cells, REPEATED_LETTER, lambda found: found[1] * 2)
        for _ in range(SYNONYM_ROUNDS):
            cells = _replace(cells, self._synonym, lambda found: self._synonyms[found[0]])
        cells = _replace(cells, SPACES, lambda found: " ")
        while cells and cells[0].char == " ":
            del cells[0]
        while cells and cells[-1].char == " ":
            del cells[-1]
        return Normalised("".join(c.char for c in cells), [c.start for c in cells], [c.end for c in cells])

    def _read(self, index: int, char: str) -> list[Cell]:
        if char in self._emoji:
            written = self._emoji[char] or " "
        elif EMOJI_MODIFIERS.match(char):
            written = ""
        else:
            written = _plain(char)
        return [Cell(c, index, index + 1) for c in written]


@lru_cache(maxsize=16384)
def _plain(char: str) -> str:
    """A character in its plain form: compatible, simplified, lower case; symbols and controls become a space."""
    written = simplified(unicodedata.normalize("NFKC", char).translate(SAME_MARK)).lower()
    kinds = ((c, unicodedata.category(c)) for c in written)
    return "".join(" " if kind in BLANK else c for c, kind in kinds if kind not in DROPPED)


def _alternatives(synonyms: Mapping[str, str]) -> re.Pattern[str]:
    """All variants as one expression, the longest first; Latin ones only as whole words."""
    variants = sorted(synonyms, key=len, reverse=True)
    bordered = [rf"(?<![a-z0-9]){re.escape(v)}(?![a-z0-9])" if v.isascii() else re.escape(v) for v in variants]
    return re.compile("|".join(bordered) or NOTHING)


def _replace(cells: list[Cell], pattern: re.Pattern[str], written: Writer) -> list[Cell]:
    """Write each match anew; every new character stands for the whole span of the match."""
    text = "".join(cell.char for cell in cells)
    result: list[Cell] = []
    done = 0
    for found in pattern.finditer(text):
        new = written(found)
        if new == found[0]:
            continue
        result += cells[done : found.start()]
        start, end = cells[found.start()].start, cells[found.end() - 1].end
        result += [Cell(char, start, end) for char in new]
        done = found.end()
    return result + cells[done:] if done else cells
