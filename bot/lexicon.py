"""Words that steer a dialogue, from data/lexicon/dialogue.yml: short answers, corrections, wishes, mood."""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Collection, Mapping

import yaml

from bot.settings import ROOT

PUNCTUATION = re.compile(r"[\s，。！!、,.；;：:～~…—\-·'\"“”‘’（）()\[\]【】]+")


def bare(text: str) -> str:
    """The text as it is compared with the lexicon: half width, lower case, no punctuation but the question mark."""
    return PUNCTUATION.sub("", unicodedata.normalize("NFKC", text)).lower()


@dataclass(frozen=True)
class Words:
    """A class of words: `whole` ones must be the whole message (particles aside), `part` ones may stand anywhere."""

    whole: frozenset[str]
    part: tuple[str, ...]


class Lexicon:
    """All classes of words."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._particles = tuple(sorted(raw["particles"], key=len, reverse=True))
        self.words = {name: _words(entry) for name, entry in raw.items() if isinstance(entry, dict) and "whole" in entry}
        self.queue = {name: _words({"whole": entry}) for name, entry in raw["queue"].items()}
        self.correction = tuple(raw["correction"])
        self.also = tuple(raw["also"])
        self.nouns: Mapping[str, tuple[str, ...]] = {slot: tuple(words) for slot, words in raw["nouns"].items()}
        self.laughter = tuple(raw["laughter"])
        self.angry = tuple(raw["mood"]["angry"])
        self.opened: Mapping[str, tuple[str, ...]] = {name: tuple(words) for name, words in raw["opened"].items()}
        self.intact: Mapping[str, tuple[str, ...]] = {name: tuple(words) for name, words in raw["intact"].items()}
        self.solutions: Mapping[str, tuple[str, ...]] = {name: tuple(words) for name, words in raw["solutions"].items()}
        self.causes: Mapping[str, tuple[str, ...]] = {name: tuple(words) for name, words in raw["causes"].items()}
        self.reasons: Mapping[str, tuple[str, ...]] = {name: tuple(words) for name, words in raw["reasons"].items()}

    def core(self, text: str) -> str:
        """The bare text without the particles around it: 好的呀 → 好."""
        rest = bare(text)
        before = None
        while rest and rest != before:
            before = rest
            for particle in self._particles:
                if rest != particle and rest.endswith(particle):
                    rest = rest[: -len(particle)]
                elif rest != particle and rest.startswith(particle) and len(particle) > 1:
                    rest = rest[len(particle) :]
        return rest

    def is_whole(self, name: str, text: str) -> bool:
        """Whether the whole message is one of these words."""
        return _whole(self.words[name], self.core(text), bare(text))

    def has(self, name: str, text: str) -> bool:
        """Whether the message is, or contains, one of these words."""
        plain = bare(text)
        return self.is_whole(name, text) or any(bare(word) in plain for word in self.words[name].part)

    def queue_wish(self, text: str) -> str | None:
        """What somebody in the queue wants: cancel, message, wait; None for anything else."""
        core, plain = self.core(text), bare(text).rstrip("?")
        return next((name for name, words in self.queue.items() if _whole(words, core, plain)), None)

    def is_correction(self, text: str) -> bool:
        """Whether the message says that something was wrong."""
        return any(word in text for word in self.correction)

    def is_angry(self, text: str) -> bool:
        """Whether the message scolds, or shouts with punctuation."""
        return any(word in text for word in self.angry) or bool(re.search(r"[!！]{3,}|[?？]{4,}", text))

    def cause(self, text: str) -> str | None:
        """The intent of the trouble that a text names, such as damaged_item; None for none or for several."""
        plain = bare(text)
        found = [intent for intent, words in self.causes.items() if any(word in plain for word in words)]
        return found[0] if len(found) == 1 else None

    def reason(self, text: str) -> str | None:
        """The cause behind a wish to give goods back: quality before own wish; None if the text names none."""
        plain = bare(text)
        return next((name for name in ("quality", "no_reason") if any(w in plain for w in self.reasons[name])), None)

    def state(self, words: Mapping[str, tuple[str, ...]], text: str) -> bool | None:
        """Whether the text says yes or no to a state such as opened; the longest word found decides (没拆 before 拆了)."""
        plain = bare(text)
        found = [(len(word), name == "yes") for name, group in words.items() for word in group if word in plain]
        return max(found)[1] if found else None

    def solution(self, text: str, allowed: Collection[str]) -> str | None:
        """The remedy that the text names; the longest word wins, and only what is allowed counts, where anything is."""
        plain = bare(text)
        found = [(len(w), name) for name, words in self.solutions.items() for w in words if w in plain]
        named = [name for _, name in sorted(found, reverse=True)]
        if "refund" in named and allowed and "refund" not in allowed and "return_refund" in allowed:
            named.append("return_refund")
        return next((name for name in named if not allowed or name in allowed), None)


def _words(entry: Mapping[str, Any]) -> Words:
    return Words(frozenset(bare(str(w)) for w in entry["whole"]), tuple(str(w) for w in entry.get("part", ())))


def _whole(words: Words, core: str, plain: str) -> bool:
    return bool(plain) and (plain in words.whole or core in words.whole)


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The project's lexicon, read once."""
    path = ROOT / "data" / "lexicon" / "dialogue.yml"
    return Lexicon(yaml.safe_load(path.read_text(encoding="utf-8")))
