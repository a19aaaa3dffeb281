"""After an answer: did it help? Chips under it, and what a press of them, or a word in their place, leads to."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.conversation import transcript
from bot.conversation.turn import Turn
from bot.desk import states
from bot.lexicon import lexicon
from bot.metrics import ANSWERS_HELPFUL, ANSWERS_UNSOLVED
from bot.model import Button, Reply, Transcript
from bot.store.database import after_commit

HELPFUL, UNSOLVED, NOT_NOW, PERSON = "/helpful", "/unsolved", "/not_now", "/request_human"
TITLES = {HELPFUL: "label_helpful", UNSOLVED: "label_unsolved", NOT_NOW: "label_not_now", PERSON: "label_hand_over"}
QUESTION = "utter_unsolved"
ASKS = re.compile(r"[?？]\W*$")


def offer(turn: Turn) -> None:
    """Put the chips under an answer with which the turn ends; not where it asks back or offers something itself."""
    if not turn.answered or not turn.replies or turn.in_flow or turn.conversation.owner != states.BOT:
        return
    last = turn.replies[-1]
    if any(map(_offers, turn.replies)) or ASKS.search(last.text):
        return
    turn.replies[-1] = replace(last, chips=(_choice(turn, HELPFUL), _choice(turn, UNSOLVED)))


async def answer(turn: Turn) -> bool:
    """Answer what was said to the chips, or to the question whether to hand over; False where something else was said.

    A yes to that question becomes the wish for a person that it is.
    """
    last = None if turn.button else await _last_if_short(turn)
    wish = turn.button.payload if turn.button else last and _typed(turn, last)
    if wish == PERSON and not turn.button:
        turn.button = Button(turn.text, PERSON)
    if wish not in (HELPFUL, UNSOLVED, NOT_NOW):
        return False
    if wish == NOT_NOW:
        turn.say("utter_not_now")
        return True
    last = last or await transcript.latest(turn.session, turn.conversation.id, of_customer=False)
    counter = ANSWERS_HELPFUL if wish == HELPFUL else ANSWERS_UNSOLVED
    after_commit(turn.session, counter.labels(last.keys[0] if last and last.keys else "").inc)
    if wish == HELPFUL:
        turn.say("utter_helpful")
    else:
        turn.say(QUESTION, buttons=(_choice(turn, PERSON), _choice(turn, NOT_NOW)))
    return True


def _offers(reply: Reply) -> bool:
    return bool(reply.buttons or reply.chips or any(card.payload for card in reply.cards))


def _choice(turn: Turn, payload: str) -> Button:
    return Button(turn.label(TITLES[payload]), payload)


async def _last_if_short(turn: Turn) -> Transcript | None:
    """What was said last by the house, if the text can be an answer to it: most turns need not look."""
    text, words = turn.text, lexicon()
    if turn.attachments or not text.strip():
        return None
    if _title(turn, (HELPFUL, UNSOLVED)) or words.agrees(text) or _declines(turn):
        return await transcript.latest(turn.session, turn.conversation.id, of_customer=False)
    return None


def _typed(turn: Turn, last: Transcript) -> str | None:
    """The payload that the text stands for where it follows `last`."""
    if QUESTION in last.keys:
        if lexicon().agrees(turn.text):
            return PERSON
        return NOT_NOW if _declines(turn) else None
    return _title(turn, (HELPFUL, UNSOLVED)) if last.content.get("chips") else None


def _declines(turn: Turn) -> bool:
    words = lexicon()
    return words.is_whole("no", turn.text) or words.is_whole("cancel", turn.text) or bool(_title(turn, (NOT_NOW,)))


def _title(turn: Turn, payloads: tuple[str, ...]) -> str | None:
    """The payload whose title was typed in full."""
    core = lexicon().core(turn.text)
    return next((payload for payload in payloads if lexicon().core(turn.label(TITLES[payload])) == core), None)
