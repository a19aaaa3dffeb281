"""Politeness around what a message is about, such as greetings before it and thanks after: it says nothing about it."""

from __future__ import annotations

import re
from collections.abc import Mapping

GAP = r"[ ,.!?~、。…]"
LEFT = 3  # characters: a shorter rest would be no message; with less, greeting or thanks are what is meant
LEFT_AFTER_YES = 4
LONGEST_END = 60


class Padding:
    """Finds the core of a normalised text, by the words of data/lexicon/padding.yml."""

    def __init__(self, words: Mapping[str, str]) -> None:
        before, yes, particles, after = (_any(words[name]) for name in ("before", "agreement", "particles", "after"))
        number = words["order_named"]
        self._before = re.compile(rf"^(?:(?:{before}|{number}){GAP}*){{1,8}}")
        self._yes = re.compile(rf"^{yes}(?:{GAP}|{particles}){{0,8}}")
        self._after = re.compile(rf"(?:{GAP}*(?:{after}|{number})){{1,6}}{GAP}*$")

    def core(self, text: str) -> tuple[int, int]:
        """The [start, end) of what the text is about; all of it where there would be too little left."""
        start = self._past(self._before, text, 0, LEFT)
        start = self._past(self._yes, text, start, LEFT_AFTER_YES)
        start = self._past(self._before, text, start, LEFT)
        end = self._after.search(text, max(start, len(text) - LONGEST_END))
        return start, end.start() if end and end.start() - start > LEFT else len(text)

    @staticmethod
    def _past(padding: re.Pattern[str], text: str, start: int, left: int) -> int:
        found = padding.match(text[start:])
        return start + found.end() if found and len(text) - start - found.end() >= left else start


def _any(words: str) -> str:
    """One expression for all words, the longest first."""
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words.split(), key=len, reverse=True))})"
