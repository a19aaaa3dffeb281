"""A message as the other components see it: normalised text, its words, the concepts that it touches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.nlu.lexicon import Lexicon
from bot.nlu.normalise import Normalised, Normaliser
from bot.nlu.padding import Padding
from bot.nlu.segment import Segmenter


class Word(NamedTuple):
    """A word and its [start, end) in the normalised text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """A message that has been read. `core` is the [start, end) of the text without politeness around it."""

    normalised: Normalised
    words: Sequence[Word]
    concepts: Sequence[str]
    core: tuple[int, int]

    @property
    def text(self) -> str:
        """The normalised text."""
        return self.normalised.text

    @property
    def matter(self) -> str:
        """The core's text: what the message is about."""
        return self.text[slice(*self.core)]

    @property
    def matter_words(self) -> list[str]:
        """The words of the core."""
        start, end = self.core
        return [word.text for word in self.words if word.start >= start and word.end <= end]

    def fingerprint(self) -> str:
        """For Rasa's training cache."""
        return "|".join((self.text, self.matter, *(word.text for word in self.words), *self.concepts))


class Reader:
    """Reads any string; never raises."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._normalise = Normaliser(lexicon)
        self._padding = Padding(lexicon.padding)
        self._segment = Segmenter(lexicon.words, lexicon.apart)
        self._concepts = {name: re.compile(pattern) for name, pattern in lexicon.concepts.items()}

    def __call__(self, text: str) -> Reading:
        """Normalise, cut into words, find the core and its concepts (in the lexicon's order)."""
        normalised = self._normalise(text)
        words = [Word(*word) for word in self._segment(normalised.text)]
        core = self._padding.core(normalised.text)
        matter = normalised.text[slice(*core)]
        concepts = [name for name, pattern in self._concepts.items() if pattern.search(matter)]
        return Reading(normalised, words, concepts, core)
