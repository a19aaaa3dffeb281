"""Who is angry never reads a question first: an apology goes before, or, after enough of them, a plain word."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.turn import Turn
from bot.lexicon import lexicon

SORRY, STEADY = "utter_soothe", "utter_steady"


def begin_gently(turn: Turn) -> None:
    """Put a line before the first reply where the customer is angry and nothing has apologised yet."""
    if turn.mood != "angry" or not turn.replies or not turn.replies[0].text:
        return
    first = turn.replies[0]
    opening = first.text.splitlines()[0]
    if any(word in opening for word in lexicon().mood["sorry"]):
        return
    before = None if turn.apologised else turn.word(SORRY, {})
    if before is None and any(mark in opening for mark in "?？"):
        before = turn.word(STEADY, {})
    if before:
        turn.replies[0] = replace(first, text=f"{before.text}\n{first.text}")
