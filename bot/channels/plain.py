"""A reply for channels that know nothing but text: cards in words, choices by number; and the way back from a number.

Cards that can be chosen are counted before buttons, as they are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from bot.lexicon import bare, lexicon
from bot.model import Card
from bot.nlu.entities import numeral

LONGEST_NUMBER = 4


class Choice(NamedTuple):
    """What can be chosen: its title in one line, and the issued id that is sent back."""

    title: str
    payload: str


Say = Callable[[Card], str]


def as_text(text: str, content: Mapping[str, Any], say: Say = Card.as_text) -> str:
    """The whole reply in words: its text, each card's, then the choices with their numbers. Chips are left out."""
    numbered = "\n".join(f"{number}. {choice.title}" for number, choice in enumerate(choices(content), start=1))
    between = "\n\n" if content.get("cards") else "\n"
    return between.join(part for part in (words(text, content, say), numbered) if part.strip())


def words(text: str, content: Mapping[str, Any], say: Say = Card.as_text) -> str:
    """The reply in words without its choices; `say` puts a card into words."""
    cards = [say(Card.of(card)) for card in content.get("cards", ())]
    return "\n\n".join(part for part in (text, *cards) if part.strip())


def choices(content: Mapping[str, Any]) -> list[Choice]:
    """All that can be chosen, in the order of the numbers."""
    cards = [card for card in content.get("cards", ()) if card["payload"]]
    alike = Counter(card["title"] for card in cards)
    titles = [f"{c['title']} {c.get('subtitle', '')}" if alike[c["title"]] > 1 else c["title"] for c in cards]
    shown = [Choice(title, card["payload"]) for title, card in zip(titles, cards, strict=True)]
    shown += [Choice(button["title"], button["payload"]) for button in content.get("buttons", ()) if button["payload"]]
    return [Choice(" ".join(choice.title.split()), choice.payload) for choice in shown]


def chosen(text: str, content: Mapping[str, Any]) -> str | None:
    """The payload of the choice that the text names by its number or by its title; None where it names none."""
    offered, said, place = choices(content), bare(text), _number(text)
    titled = [choice.payload for choice in offered if said and bare(choice.title) == said]
    counted = offered[place - 1].payload if place and place <= len(offered) else None
    if len(titled) != 1 or (counted and said.isdecimal()):  # a bare number is what stands before a choice
        return counted
    return titled[0]


def _number(text: str) -> int | None:
    """The whole number from 1 on that the text is, in digits or in Chinese."""
    word = lexicon().choice(text)
    readable = 0 < len(word) <= LONGEST_NUMBER and (word.isdecimal() or not word.isascii())
    found = numeral(word) if readable else None
    return int(found) if found is not None and found == found.to_integral_value() and found > 0 else None
