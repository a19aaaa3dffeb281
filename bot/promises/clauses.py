"""A text in the spelling of the lexicon, cut into sentences and clauses that know where they stood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.lexicon import simplified

QUOTED = re.compile(r"“[^“”]{0,200}”|「[^「」]{0,200}」|‘[^‘’]{0,200}’|\"[^\"]{0,200}\"")
MASK = "\u3007"
"""Stands for each quoted character: what is quoted is nobody's promise, but its place counts."""
SENTENCE_ENDS = frozenset("。!?\n…~;")
CLAUSE_ENDS = SENTENCE_ENDS | frozenset(",、")
ASKING = "?"


@dataclass(frozen=True)
class Clause:
    """Words between two marks. `start` counts in the plain text; `end_mark` is what stands behind."""

    text: str
    start: int
    end_mark: str
    sentence: int

    @property
    def asks(self) -> bool:
        """Whether a question mark ends it."""
        return self.end_mark == ASKING


class PlainText:
    """The text in half width, simplified, lower case; every character knows its place in the original.

    What stands in quotation marks is masked; a space stays only where it keeps two words or numbers apart.
    """

    def __init__(self, text: str) -> None:
        written = _without_spaces(
            [(plain, place) for place, character in enumerate(_without_quotes(text)) for plain in _plain(character)]
        )
        self.text = "".join(character for character, _ in written)
        self._places: Sequence[int] = [place for _, place in written]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a non-empty stretch of the plain text stands in the original."""
        return self._places[start], self._places[end - 1] + 1

    def clauses(self) -> list[Clause]:
        """All clauses in order; empty ones are left out, but their marks end the sentence."""
        found: list[Clause] = []
        start = sentence = 0
        for place, character in enumerate(self.text + "\n"):
            if character not in CLAUSE_ENDS or _inside_number(self.text, place):
                continue
            if place > start:
                found.append(Clause(self.text[start:place], start, character, sentence))
            if character in SENTENCE_ENDS:
                sentence += 1
            start = place + 1
        return found


def _inside_number(text: str, place: int) -> bool:
    """A comma between digits, or a wave between two numbers, ends nothing."""
    between = 0 < place < len(text) - 1 and text[place - 1].isdigit() and text[place + 1].isdigit()
    return between and text[place] in ",~"


def _without_quotes(text: str) -> str:
    return QUOTED.sub(lambda found: MASK * len(found[0]), text)


def _without_spaces(written: list[tuple[str, int]]) -> list[tuple[str, int]]:
    kept: list[tuple[str, int]] = []
    for index, (character, place) in enumerate(written):
        if character == " ":
            after = written[index + 1][0] if index + 1 < len(written) else ""
            if not kept or not (kept[-1][0] + after).isascii() or not (kept[-1][0].isalnum() and after.isalnum()):
                continue
        kept.append((character, place))
    return kept


@lru_cache(maxsize=16384)
def _plain(character: str) -> str:
    if character == "\n":
        return character
    plain = simplified(unicodedata.normalize("NFKC", character)).lower()
    return "".join(" " if each.isspace() else each for each in plain)
