"""What customers remark beside an answer, from data/lexicon/remarks.yml: pure reading, whatever the flow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import yaml

from bot.lexicon import bare, lexicon, plain
from bot.settings import ROOT

PIECES = re.compile(r"[\s，,。；;！!…~～]+|(?<=[？?])")
LONGEST = 60  # characters: a longer text is a story, and no remark on the question
NEVER = "(?!)"


class Remarks:
    """The expressions, ready to be looked for."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._groups: Mapping[str, str] = raw["groups"]
        self._no_picture = self._any(raw["no_picture"])
        self._why_alone, self._what_now = self._any(raw["why_alone"]), self._any(raw["what_now"])
        self._topics = {slot: f"(?:{'|'.join(nouns.split())})" for slot, nouns in raw["topics"].items()}
        self._why = {slot: self._any(raw["why"], topic) for slot, topic in self._topics.items()}
        self._endings: str = raw["said_without"]
        said = sorted(raw["said_before"].split(), key=len, reverse=True)
        self._said_before = re.compile("|".join(said))

    def no_picture(self, text: str) -> bool:
        """Whether the text says that there is no picture, and that none can come."""
        return any(self._no_picture.search(piece) for piece in _pieces(text))

    def asks_why(self, text: str, slot: str) -> bool:
        """Whether the text asks why there is a question for this slot, or whether it must be answered."""
        if len(text) > LONGEST:
            return False
        about = self._why.get(slot)
        alone = self._why_alone.search(lexicon().core(text)) or self._why_alone.search(bare(text))
        return bool(alone) or bool(about and any(about.search(piece) for piece in _pieces(text)))

    def asks_what_now(self, text: str) -> bool:
        """Whether the text only asks what is going to be done, or whether something can be."""
        return len(text) <= LONGEST and bool(self._what_now.search(bare(text)))

    def only_said_before(self, text: str, known: Iterable[str]) -> bool:
        """Whether the text says nothing but what is known already, and that it was said."""
        rest = plain(text)
        if len(rest) > LONGEST:
            return False
        told = {plain(word) for word in known}
        told |= {word.rstrip(self._endings) for word in told}
        for word in sorted(told - {""}, key=len, reverse=True):
            rest = rest.replace(word, " ")
        return bool(bare(text)) and not self._said_before.sub("", bare(rest))

    def _any(self, expressions: str, topic: str = NEVER) -> re.Pattern[str]:
        text = "|".join(expressions.split()).replace("{topic}", topic)
        for name, group in self._groups.items():
            text = text.replace(f"{{{name}}}", group)
        return re.compile(text)


def _pieces(text: str) -> list[str]:
    return [piece for piece in PIECES.split(plain(text)) if piece]


@lru_cache(maxsize=1)
def remarks() -> Remarks:
    """The project's remarks, read once."""
    path = ROOT / "data" / "lexicon" / "remarks.yml"
    return Remarks(yaml.safe_load(path.read_text(encoding="utf-8")))
