"""Who answers a turn: the queue's desk, a person (then nobody here), or the bot. Read before Rasa is called."""

from __future__ import annotations

import re
import unicodedata
from typing import Protocol

from bot import mood
from bot.conversation import follow_up, soothing
from bot.conversation.turn import Turn
from bot.desk import states, waiting
from bot.lexicon import EMOTICON, lexicon
from bot.texts import SOOTHED
from bot.tickets import result

LONG = 600  # characters; beyond this nobody means one thing
COMMAND = re.compile(r"^\s*[/／]\s*[A-Za-z_]+")
FOREIGN_WORDS = re.compile(r"[a-z]{2,}", re.IGNORECASE)


class Engine(Protocol):
    """What understands a turn."""

    async def respond(self, turn: Turn) -> None:
        """Answer the turn."""


class Gate:
    """Sends a turn to whoever owns the conversation."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def answer(self, turn: Turn) -> None:
        """Fill in the turn's replies, or none when a person answers."""
        owner = turn.conversation.owner
        if owner == states.CLOSED or (turn.button and await result.answer(turn)):
            return
        if owner == states.AGENT:
            return
        text = None if turn.button else turn.text
        turn.feeling = await mood.of_talk(turn.session, turn.conversation.id, text, turn.now)
        if turn.mood == "calm":
            turn.phrases.pop(SOOTHED, None)
        if owner == states.QUEUE:
            await waiting.answer(turn)
            return
        if await result.answer(turn) or await follow_up.answer(turn):
            return
        speaks_to_flow = wants_person(turn) or _is_asked_something(turn)
        key = None if turn.button or speaks_to_flow else without_understanding(turn)
        if key:
            turn.say(key)
        else:
            await self._engine.respond(turn)
            follow_up.offer(turn)
        soothing.begin_gently(turn)

    async def apologise(self, turn: Turn) -> None:
        """Our own fault: say so; the message is kept and a person can be had."""
        if turn.conversation.owner in (states.BOT, states.QUEUE):
            turn.say("utter_error")


def _is_asked_something(turn: Turn) -> bool:
    """Whether a flow waits for an answer to which the customer sent emoji or punctuation only: it asks again."""
    return bool(turn.text.strip()) and lexicon().is_wordless(turn.text) and turn.in_flow


def wants_person(turn: Turn) -> bool:
    """Whether words ask for a person or threaten with the law, at whatever length and in whatever language."""
    return lexicon().has("human", turn.text) or waiting.is_legal(turn)


def without_understanding(turn: Turn) -> str | None:
    """The key of the answer to what no classifier should see: nothing, commands, novels, other languages."""
    text = turn.text
    if not text.strip():
        return None if turn.attachments else "utter_empty"
    if COMMAND.match(unicodedata.normalize("NFKC", text)):
        return "utter_command_text"
    if len(text) > LONG:
        return "utter_too_long"
    return None if turn.attachments else _by_script(text)  # a picture says enough


def _by_script(text: str) -> str | None:
    if EMOTICON.search(text) and lexicon().is_wordless(text):
        return "utter_emoji_only"
    letters = [c for c in text if c.isalpha()]
    if not letters and not any(c.isdigit() for c in text):
        return _without_words(text)
    names = [unicodedata.name(c, "") for c in letters]
    if any(name.startswith("CJK UNIFIED") for name in names) and not any(
        n.startswith(("HIRAGANA", "HANGUL")) for n in names
    ):
        return None
    if any(not name.startswith(("LATIN", "FULLWIDTH LATIN", "CJK")) for name in names):
        return "utter_foreign_language"
    words = [word for word in FOREIGN_WORDS.findall(text) if len(word) > 2]
    return "utter_foreign_language" if len(words) >= 3 or (len(words) == 2 and " " in text.strip()) else None


def _without_words(text: str) -> str | None:
    """Emoji and punctuation carry nothing to classify; only a question mark asks for something: to be told again."""
    if any(unicodedata.category(c) in ("So", "Sk") for c in text):
        return "utter_emoji_only"
    return None if "?" in text or "？" in text else "utter_empty"
