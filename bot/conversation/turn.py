"""One turn: what was said, who said it, and everything that is to be written when it ends, in one unit of work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.lexicon import lexicon
from bot.model import Attachment, Button, Card, Reply
from bot.mood import CALM, Mood
from bot.orders.gateway import Viewer
from bot.orders.sql import SqlCatalogue, SqlOrders
from bot.services import Services
from bot.texts import SOOTHED

PHRASES_KEPT = 40
SAID = "utter_"  # what customers read; labels are parts of it, or for agents

_current: ContextVar[Turn | None] = ContextVar("turn", default=None)


@dataclass
class Turn:
    """The present turn. Actions reach it through `current_turn()`; nothing is stored until the spine commits it.

    `answered`: whether all that was asked got an answer, and nothing was asked back; None where nothing was asked.
    """

    services: Services
    session: AsyncSession
    conversation: Any
    text: str
    now: datetime
    customer: Any = None
    away: float = 0.0
    attachments: tuple[Attachment, ...] = ()
    button: Any = None
    feeling: Mood = CALM
    answered: bool | None = None
    apologised: bool = False
    replies: list[Reply] = field(default_factory=list)
    tracker_events: list[dict[str, Any]] | None = None
    phrases: dict[str, int] = field(default_factory=dict)
    failure: BaseException | None = None

    @property
    def mood(self) -> str:
        """The level by which wordings are chosen: calm, annoyed, angry."""
        return self.feeling.level

    @property
    def viewer(self) -> Viewer:
        """Whose orders this turn may see."""
        talk = self.conversation
        return Viewer(talk.id, talk.channel, talk.sender, talk.customer_id)

    @property
    def in_flow(self) -> bool:
        """Whether a flow is running that has asked something."""
        return runs_flow(self.tracker_events or ())

    @cached_property
    def orders(self) -> SqlOrders:
        """Orders within this unit of work."""
        return SqlOrders(self.session, self.services.clock, self.services.shop.gift_values)

    @property
    def catalogue(self) -> SqlCatalogue:
        """Products within this unit of work."""
        return SqlCatalogue(self.session, self.services.clock)

    def word(self, key: str, fields: Mapping[str, Any], asking: str = "first") -> Reply | None:
        """The wording of `key` in this situation, as a reply that is not yet said."""
        mood = "annoyed" if self.apologised and self.mood == "angry" else self.mood
        situation = {"mood": mood, "asking": asking, "channel": self.conversation.channel}
        wording = self.services.texts.say(key, fields, situation, self.phrases, self.conversation.id)
        if wording and key.startswith(SAID) and any(word in wording.text for word in lexicon().mood["sorry"]):
            self.apologised = True
            self.phrases[SOOTHED] = self.phrases.pop(SOOTHED, 0) + 1
        return Reply(wording.text, key, wording.buttons) if wording else None

    def label(self, key: str, **fields: Any) -> str:
        """A short wording such as a button's title; the key itself where the shop has none."""
        return self.services.texts.label(key, **fields)

    def say(
        self,
        key: str,
        fields: Mapping[str, Any] | None = None,
        buttons: tuple[Button, ...] = (),
        cards: tuple[Card, ...] = (),
    ) -> None:
        """Add a reply."""
        reply = self.word(key, fields or {})
        if reply:
            self.replies.append(Reply(reply.text, key, reply.buttons + buttons, cards))

    def remember_phrases(self) -> dict[str, int]:
        """The phrase memory as it is kept: the newest keys only."""
        return dict(list(self.phrases.items())[-PHRASES_KEPT:])


def runs_flow(tracker_events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether these events of a tracker, oldest first, end inside a flow that has asked something."""
    loops = (event for event in reversed(tracker_events) if event.get("event") == "active_loop")
    return any(event.get("name") for event in islice(loops, 1))


def current_turn() -> Turn | None:
    """The turn that this task is part of; None outside the service (an action server of its own, say)."""
    return _current.get()


@contextmanager
def in_turn(turn: Turn) -> Iterator[Turn]:
    """Make `turn` the current one."""
    token = _current.set(turn)
    try:
        yield turn
    finally:
        _current.reset(token)
