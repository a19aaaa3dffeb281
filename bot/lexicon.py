"""Words that steer a dialogue, from data/lexicon/dialogue.yml: short answers, corrections, wishes, mood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from opencc import OpenCC

from bot.settings import ROOT

PUNCTUATION = re.compile(r"[\s，。！!、,.；;：:～~…—\-·'\"“”‘’（）()\[\]【】]+")
HEADED = re.compile(r"(?P<head>[^:：，,。]{1,8})[:：，,。](?P<rest>.+)")

EMOTICON = re.compile(r"\[[^\[\]\s\d]{1,6}\]")  # as WeChat writes them: [微笑]
NEIGHBOURS: Mapping[str, str] = {"refund": "return_refund", "exchange": "reship", "reship": "exchange"}

Groups = Mapping[str, tuple[str, ...]]
LONGEST_ANSWER = 60  # characters: beyond this nothing is a short answer, and its particles do not matter


def simplified(text: str) -> str:
    """The text in simplified characters, as the lexicon is written."""
    return str(_simplifier().convert(text))


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def plain(text: str) -> str:
    """The text in half width, lower case, simplified characters."""
    return simplified(unicodedata.normalize("NFKC", text).lower())


def bare(text: str) -> str:
    """The text as it is compared with the lexicon: half width, lower case, no punctuation but the question mark."""
    return PUNCTUATION.sub("", unicodedata.normalize("NFKC", text)).lower()


@dataclass(frozen=True)
class Words:
    """A class of words: `whole` ones must be the whole message (particles aside), `part` ones may stand anywhere."""

    whole: frozenset[str]
    part: tuple[str, ...]
    chain: bool = False

    def are(self, text: str) -> bool:
        """Whether the bare text is one whole word, or, where the class allows it, a chain of them; in linear time."""
        if not self.chain or text in self.whole:
            return text in self.whole
        if not 0 < len(text) <= LONGEST_ANSWER:
            return False
        ends = {0}
        for start in range(len(text)):
            if start in ends:
                ends |= {start + len(word) for word in self.whole if text.startswith(word, start)}
        return len(text) in ends


class Lexicon:
    """All classes of words."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        before, after = (sorted(raw["particles"][where], key=len, reverse=True) for where in ("before", "after"))
        self._leading = re.compile(f"(?:{'|'.join(before)})(?=.)")
        self._trailing = re.compile(f"(?<=.)(?:{'|'.join(after)})$")
        self._negation = tuple(raw["negation"])
        self._whole_order = tuple(raw["whole_order"])
        self._correction = tuple(raw["correction"])
        self._joins, self._goes_on = tuple(raw["joins"]), tuple(raw["goes_on"])
        self._inside = tuple(raw["inside"])
        only = "|".join(f"(?<!{word})" for word in raw["only"])
        self._new_one = re.compile(f"{only.replace('|', '')}(?:{'|'.join(raw['new_one'])})$")
        self._sound, self._bought = tuple(raw["sound"]), tuple(raw["bought"])
        self._no_correction = tuple(raw["no_correction"])
        first, last = ("|".join(raw["choosing"][where]) for where in ("before", "after"))
        self._choosing = re.compile(f"(?:{first})*(?P<number>.+?)(?:{last})?")
        self.words = {
            name: _words(entry) for name, entry in raw.items() if isinstance(entry, dict) and "whole" in entry
        }
        self.queue = {name: _words({"whole": entry}) for name, entry in raw["queue"].items()}
        self.also = tuple(raw["also"])
        self.more = tuple(raw["more"])
        self.only = tuple(raw["only"])
        self.asking = tuple(raw["asking"])
        self.nouns = _groups(raw["nouns"])
        self.mood = _groups(raw["mood"])
        self.states = {name: _groups(raw[name]) for name in ("opened", "intact")}
        self.solutions = _groups(raw["solutions"])
        self.causes = _groups(raw["causes"])
        self._harmless = tuple(raw["harmless"])
        self._thanks = tuple(sorted(raw["thanks_after_yes"], key=len, reverse=True))
        self.matters = _groups(raw["matters"])
        self.several = frozenset(raw["several"])
        self.reasons = _groups(raw["reasons"])

    def core(self, text: str) -> str:
        """The bare text without the particles around it, as far as anything else is left."""
        rest, before = bare(text), ""
        if len(rest) > LONGEST_ANSWER:
            return rest
        while rest != before:
            before = rest
            rest = self._trailing.sub("", rest)
            if rest == before and (leading := self._leading.match(rest)):
                rest = rest[leading.end() :]
        return rest

    def is_wordless(self, text: str) -> bool:
        """Whether the text is emoji and punctuation only."""
        return not any(character.isalnum() for character in EMOTICON.sub("", text))

    def is_whole(self, name: str, text: str) -> bool:
        """Whether the whole message is one of these words."""
        return self.words[name].are(bare(text)) or self.words[name].are(self.core(text))

    def has(self, name: str, text: str) -> bool:
        """Whether the message is, or contains, one of these words."""
        plain = bare(text)
        return self.is_whole(name, text) or any(bare(word) in plain for word in self.words[name].part)

    def choice(self, text: str) -> str:
        """The number, as it is written, by which the text names a choice; without one the text itself, bare."""
        found = self._choosing.fullmatch(self.core(text))
        return found["number"] if found else ""

    def queue_wish(self, text: str) -> str | None:
        """What somebody in the queue wants: cancel, message (which may follow after a colon), wait; else None."""
        headed = HEADED.match(text)
        if headed and self._queue_word(headed["head"]) == "message":
            return "message"
        return self._queue_word(text)

    def _queue_word(self, text: str) -> str | None:
        plain = bare(text).rstrip("?")
        core = self.core(plain)
        return next((name for name, words in self.queue.items() if words.are(plain) or words.are(core)), None)

    def left_message(self, text: str) -> str:
        """What a text leaves behind in words: all but its queue wishes and greetings."""
        lines = []
        for line in text.splitlines():
            headed = HEADED.match(line)
            said = headed["rest"] if headed and self._queue_word(headed["head"]) == "message" else line
            if said.strip() and not self._queue_word(said) and not self.is_whole("courtesy", said):
                lines.append(said.strip())
        return "\n".join(lines)

    def is_correction(self, text: str) -> bool:
        """Whether the message says that something was told wrong."""
        rest = text
        for word in self._no_correction:
            rest = rest.replace(word, "")
        return any(word in rest for word in self._correction)

    def doubted(self, text: str) -> list[str]:
        """The facts that the text calls by their nouns."""
        return [slot for slot, nouns in self.nouns.items() if any(noun in text for noun in nouns)]

    def is_whole_order(self, text: str) -> bool:
        """Whether the text speaks of everything in an order."""
        return bool(self._meant(self._whole_order, bare(text)))

    def cause(self, text: str) -> str | None:
        """The intent of the trouble that a text names, such as damaged_item; None for none or for several."""
        plain = bare(text)
        for word in self._harmless:
            plain = plain.replace(word, "")
        intents = {word: intent for intent, words in self.causes.items() for word in words}
        # The longest first: what leaked (漏了一半) is not what was left out (漏了一).
        found = {intents[word] for _, word in self._spotted(intents, plain)}
        return found.pop() if len(found) == 1 else None

    def matter(self, text: str) -> str | None:
        """The intent that a part of a message stands for beside other parts; None for none or for several."""
        plain = bare(text)
        found = {intent for intent, words in self.matters.items() if any(word in plain for word in words)}
        found |= {intent for intent, words in self.causes.items() if any(word in plain for word in words)}
        return found.pop() if len(found) == 1 else None

    def is_denied(self, before: str) -> bool:
        """Whether what follows this text is said not to be meant."""
        return bare(before).endswith(self._negation)

    def wants_amends(self, text: str) -> bool:
        """Whether the text asks for amends for an order that is sent too late."""
        return self.has("late", text) and self.has("amends", text) and self.cause(text) is None

    def is_inside(self, between: str) -> bool:
        """Whether what stands between two names says that the second is a part of the first."""
        return bare(between) in self._inside

    def goes_on(self, text: str) -> bool:
        """Whether the text goes on about what was just dealt with."""
        return any(word in text for word in self._goes_on)

    def is_sound(self, text: str) -> bool:
        """Whether a part of a message only says that goods are fine, or that they were bought."""
        plain = bare(text)
        if any(word in plain for word in self._sound):
            return True
        troubled = self.matter(text) or self.cause(text) or self.reason(text)
        return not troubled and any(word in plain for word in self._bought)

    def joins(self, between: str) -> bool:
        """Whether what stands between two words begins something new after the first."""
        return bool(PUNCTUATION.search(between)) or any(word in between for word in self._joins)

    def wants_new_one(self, before: str) -> bool:
        """Whether a "one" after this text is the new one that is wished for, not how many pieces are concerned."""
        return bool(self._new_one.search(bare(before)))

    def asks(self, text: str) -> bool:
        """Whether the text asks how long, how much, or how."""
        return any(word in bare(text) for word in self.asking)

    def reason(self, text: str) -> str | None:
        """The cause behind a wish to give goods back: quality before own wish; None if the text names none."""
        plain = bare(text)
        return next((name for name in ("quality", "no_reason") if self._meant(self.reasons[name], plain)), None)

    def state(self, name: str, text: str, *, worst: bool, asked: bool = True) -> bool | None:
        """Whether the text says yes or no to a state (opened, intact). Of both, `worst` is believed.

        Without being `asked`, only a text with one of the state's own words counts.
        """
        groups = self.states[name]
        told = {word: group == "yes" for group in ("no", "yes") for word in groups[group]}
        meant = [word for _, word in self._meant(told, bare(text))]
        if not asked and not any(stem in word for stem in groups["told"] for word in meant):
            return None
        said = {told[word] for word in meant}
        return worst if len(said) == 2 else next(iter(said), None)

    def solution(self, text: str, allowed: Collection[str]) -> str | None:
        """The remedy that the text names; the last one said, and only what is allowed counts, where anything is.

        Of what is not allowed its neighbour is meant: a broken cup is exchanged by sending another. What is said alone
        is meant in any case.
        """
        plain, core = bare(text), self.core(text)
        names = {word: name for name, words in self.solutions.items() for word in words}
        meant = sorted(self._meant([word for word in names if len(word) > 1 or word == core], plain), reverse=True)
        named = [names[word] for _, word in meant]
        near = [NEIGHBOURS[name] for name in named if name in NEIGHBOURS]
        fitting = next((name for name in [*named, *near] if not allowed or name in allowed), None)
        return fitting or names.get(core)

    def agrees(self, text: str) -> bool:
        """Whether the whole message is a yes, with or without thanks after it."""
        plain = bare(text)
        thanks = next((word for word in self._thanks if plain.endswith(word) and plain != word), "")
        return self.is_whole("yes", text) or (bool(thanks) and self.is_whole("yes", plain.removesuffix(thanks)))

    def _meant(self, words: Iterable[str], plain: str) -> list[tuple[int, str]]:
        """Where which of the words stand, without those that are negated."""
        return [hit for hit in self._spotted(words, plain) if not plain[: hit[0]].endswith(self._negation)]

    @staticmethod
    def _spotted(words: Iterable[str], plain: str) -> list[tuple[int, str]]:
        """Where which of the words stand, the longest where they overlap."""
        hits = [(-len(word), hit.start(), word) for word in words for hit in re.finditer(re.escape(word), plain)]
        taken: list[tuple[int, str]] = []
        used: set[int] = set()
        for length, start, word in sorted(hits):
            span = set(range(start, start - length))
            if span & used:
                continue
            used |= span
            taken.append((start, word))
        return taken


def _words(entry: Mapping[str, Any]) -> Words:
    return Words(
        frozenset(bare(str(word)) for word in entry["whole"]) - {""},
        tuple(str(word) for word in entry.get("part", ())),
        bool(entry.get("chain")),
    )


def _groups(raw: Mapping[str, Iterable[str]]) -> Groups:
    return {name: tuple(words) for name, words in raw.items()}


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The project's lexicon, read once."""
    path = ROOT / "data" / "lexicon" / "dialogue.yml"
    return Lexicon(yaml.safe_load(path.read_text(encoding="utf-8")))
