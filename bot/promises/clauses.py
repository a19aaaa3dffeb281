"""A text in the spelling of the lexicon, cut into sentences and clauses that know where they stood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.lexicon import EMOTICON, simplified

QUOTED = re.compile(r"“[^“”]{0,200}”|「[^「」]{0,200}」|‘[^‘’]{0,200}’|\"[^\"]{0,200}\"")
MASK = "\u3007"
"""Stands for each quoted character: what is quoted is nobody's promise, but its place counts."""
SENTENCE_ENDS = frozenset("。!?\n~;")
CLAUSE_ENDS = SENTENCE_ENDS | frozenset(",、")
STOP = "。"
CURT = 4
"""Characters of a clause behind which a full stop ends nothing: some write them after each word."""
ASKING = "?"
PAUSE = ","
APART = 2
"""A space between two stretches of so many characters stands for a mark; between shorter ones it is a slip."""
SIGNS = frozenset({"So", "Sk", "Cs"})
"""Unicode categories of pictures, which end a clause as marks do."""
JOINERS = frozenset("\u200d\ufe0e\ufe0f")


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


@dataclass(frozen=True)
class Sentence:
    """A clause among the others of its sentence."""

    clauses: Sequence[Clause]
    index: int
    question: Clause | None = None
    """What was asked right before the sentence."""

    @property
    def clause(self) -> Clause:
        return self.clauses[self.index]

    @property
    def before(self) -> Clause | None:
        return self.clauses[self.index - 1] if self.index else None

    @property
    def topic(self) -> Clause | None:
        """What this clause may be about: the clause before, or the question before the sentence."""
        return self.before or (self.question if self.index == 0 else None)

    @property
    def earlier(self) -> Sequence[Clause]:
        """The two clauses before: further back no condition reaches."""
        return self.clauses[max(0, self.index - 2) : self.index]

    @property
    def joined(self) -> Sentence | None:
        """The same with the clause before made one with this one; None where there is none."""
        topic, clause = self.topic, self.clause
        if topic is None:
            return None
        both = Clause(topic.text + clause.text, topic.start, clause.end_mark, clause.sentence)
        before = max(0, self.index - 1)
        return Sentence([*self.clauses[:before], both, *self.clauses[self.index + 1 :]], before)

    @property
    def after(self) -> Clause | None:
        return self.clauses[self.index + 1] if self.index + 1 < len(self.clauses) else None


class PlainText:
    """The text in half width, simplified, lower case; every character knows its place in the original.

    What stands in quotation marks is masked; pictures, brackets and spaces between longer words count as commas, a
    space stays where it keeps two numbers apart. `spellings`: how people write, and what the lexicon has instead.
    """

    def __init__(self, text: str, spellings: Mapping[str, str] | None = None) -> None:
        written = _without_spaces(
            [(plain, place) for place, character in enumerate(_without_quotes(text)) for plain in _plain(character)]
        )
        if spellings:
            written = _respelled(written, spellings)
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
            if character in SENTENCE_ENDS and not (character == STOP and place - start <= CURT):
                sentence += 1
            start = place + 1
        return found


def _inside_number(text: str, place: int) -> bool:
    """A comma between digits, or a wave between two numbers, ends nothing."""
    between = 0 < place < len(text) - 1 and text[place - 1].isdigit() and text[place + 1].isdigit()
    return between and text[place] in ",~"


def _without_quotes(text: str) -> str:
    masked = QUOTED.sub(lambda found: MASK * len(found[0]), text)
    return EMOTICON.sub(lambda found: PAUSE * len(found[0]), masked)


def _without_spaces(written: list[tuple[str, int]]) -> list[tuple[str, int]]:
    kept: list[tuple[str, int]] = []
    for index, (character, place) in enumerate(written):
        if character == " ":
            after = written[index + 1][0] if index + 1 < len(written) else ""
            if not kept or not after:
                continue
            if not (kept[-1][0] + after).isascii():
                if _parts_words(written, index):
                    kept.append((PAUSE, place))
                continue
            if not (kept[-1][0].isalnum() and after.isalnum()):
                continue
        kept.append((character, place))
    return kept


def _parts_words(written: list[tuple[str, int]], index: int) -> bool:
    """Whether what stands on either side of a space is long enough to be words, and no number with its unit."""
    before = [character for character, _ in written[max(0, index - APART) : index]]
    after = [character for character, _ in written[index + 1 : index + 1 + APART]]
    return len(before) == len(after) == APART and all("\u4e00" <= each <= "\u9fff" for each in before + after)


def _respelled(written: list[tuple[str, int]], spellings: Mapping[str, str]) -> list[tuple[str, int]]:
    """With the lexicon's spelling; what is put in stands where the first character of the other stood."""
    text, found, last = "".join(character for character, _ in written), [], 0
    for other in _any_of(tuple(spellings)).finditer(text):
        found += written[last : other.start()]
        found += [(character, written[other.start()][1]) for character in spellings[other[0]]]
        last = other.end()
    return found + written[last:]


@lru_cache(maxsize=4)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


@lru_cache(maxsize=16384)
def _plain(character: str) -> str:
    if character == "\n":
        return character
    if character in "()（）【】…⋯" or unicodedata.category(character) in SIGNS:
        return PAUSE
    plain = simplified(unicodedata.normalize("NFKC", character)).lower()
    return "".join("" if each in JOINERS else " " if each.isspace() else each for each in plain)
