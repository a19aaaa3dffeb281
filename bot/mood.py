"""How a customer feels: from words, punctuation, capitals, drawn-out letters, repetition; it cools in calm turns.

Each message has a heat; heats of a talk add up, and two calm messages are enough to be calm again. `ANGRY` decides the
tone, `FED_UP` that a person comes: one clear word of anger is enough, displeasure is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.lexicon import bare, lexicon
from bot.store.models import InboxEntry

Level = Literal["calm", "annoyed", "angry"]

CLEAR, SHOUTED, DISPLEASED, HOTTEST = 3, 2, 1, 4
ANGRY, FED_UP = 2, 3
COOLING = 2
REMEMBERED = 6  # messages
FORGOTTEN = timedelta(hours=2)
SHORTEST_REPEAT = 2  # characters
NOT = "不"

SHOUT = re.compile(r"[!！]{3,}|[?？]{4,}|(?=[?？!！]{3,})[?？]*[!！]+[?？]+[?？!！]*")
LIFTED = re.compile(r"[?？]{3,}")
DRAWN_OUT = re.compile(r"([^\W\d_])\1{3,}")
CAPITALS = re.compile(r"[A-Z]{2,}(?:\W+[A-Z]{2,})+|[A-Z]{6,}")
SHORT_ANSWERS = ("yes", "no", "none", "all", "courtesy", "repeat", "patience", "not_so")


@dataclass(frozen=True)
class Mood:
    """The level that chooses the wording, and the heat behind it."""

    level: Level = "calm"
    heat: int = 0

    @property
    def fed_up(self) -> bool:
        """Whether a person should take over, unless the message can be dealt with."""
        return self.heat >= FED_UP


CALM = Mood()


def heat(text: str) -> int:
    """The heat of one message, several short lines of it together: 0 calm, 1 displeased, 2 loud, 3 and more angry."""
    lines = [line for line in (_heat_of_line(line) for line in text.splitlines()) if line]
    return min(HOTTEST, max(lines, default=0) + max(0, len(lines) - 1))


def is_angry(text: str) -> bool:
    """Whether the message by itself scolds or shouts."""
    return heat(text) >= ANGRY


def _heat_of_line(text: str) -> int:
    words = lexicon().mood
    plain = text
    for word in words["neither"]:
        plain = plain.replace(word, " ")
    if any(word in plain for word in words["clear"]):
        return CLEAR
    displeased = sum(word in plain for word in words["displeased"])
    if displeased > 1:
        return CLEAR
    glad = any(word in plain and f"{NOT}{word}" not in plain for word in words["glad"])
    if SHOUT.search(text) and not glad:
        return CLEAR if displeased else SHOUTED
    return min(SHOUTED, displeased + (not glad and _is_loud(unicodedata.normalize("NFKC", text))))


def _is_loud(text: str) -> bool:
    drawn_out = (hit[1] for hit in DRAWN_OUT.finditer(text))
    laughing = lexicon().mood["laughing"]
    return bool(LIFTED.search(text) or CAPITALS.search(text)) or any(letter not in laughing for letter in drawn_out)


def feel(before: Sequence[str], text: str) -> Mood:
    """The mood after `text`; `before` are the customer's messages of this talk, oldest first."""
    level, said = 0, list[str]()
    for message in [*before, text]:
        now = heat(message)
        if not now and _is_repeated(message, said):
            now = DISPLEASED
        level = min(HOTTEST, level + now) if now else max(0, level - COOLING)
        said.append(_bare(message))
    return Mood("angry" if level >= ANGRY else "annoyed" if level else "calm", level)


def _bare(text: str) -> str:
    return bare(text).replace("?", "")


def _is_repeated(text: str, said: Iterable[str]) -> bool:
    """Whether the same was written before; yes, no, a number may be said as often as it is asked for."""
    plain = _bare(text)
    if len(plain) < SHORTEST_REPEAT or plain.isdecimal() or plain not in said:
        return False
    return not any(lexicon().is_whole(name, text) for name in SHORT_ANSWERS)


async def of_talk(session: AsyncSession, conversation_id: str, text: str | None, now: datetime) -> Mood:
    """The mood of who writes `text` now, after what was written in this conversation lately.

    None for a button, which has no tone: the mood is what it was.
    """
    query = (
        select(InboxEntry.turn_id, InboxEntry.text)
        .where(
            InboxEntry.status == "done",
            InboxEntry.conversation_id == conversation_id,
            InboxEntry.payload.is_(None),
            InboxEntry.received_at > now - FORGOTTEN,
        )
        .order_by(InboxEntry.id.desc())
        .limit(REMEMBERED)
    )
    turns: dict[int, list[str]] = {}
    for turn_id, line in reversed((await session.execute(query)).all()):
        turns.setdefault(turn_id, []).append(line)
    before = ["\n".join(lines) for lines in turns.values()]
    if text is None:
        return feel(before[:-1], before[-1]) if before else CALM
    return feel(before, text)
