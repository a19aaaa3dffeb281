"""The few frozen values that travel between channel, spine and engine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Attachment:
    """A file: an upload's id, media type and name; for a foreign link only its address, which is never fetched."""

    id: str
    type: str
    url: str
    name: str = ""

    def as_dict(self) -> dict[str, str]:
        """The form in which it is stored and shown."""
        return {"id": self.id, "type": self.type, "url": self.url} | ({"name": self.name} if self.name else {})


@dataclass(frozen=True)
class Inbound:
    """One message from a customer. `message_id` is the channel's; `payload` a pressed button's id.

    `cards` are what the customer shows us: a product that is being looked at, an order of their own. What that stands
    for is Rasa's payload in `shows`, which the channel made itself: nothing that came from outside.
    """

    channel: str
    sender: str
    message_id: str
    text: str
    payload: str | None = None
    customer_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    cards: tuple[Card, ...] = ()
    shows: str | None = None


@dataclass(frozen=True)
class Button:
    """A choice under a reply. `payload` is Rasa's (`/intent{...}`) inside the house, an issued id outside."""

    title: str
    payload: str


BUTTON_ID = re.compile(r"[0-9a-f]{32}")
"""The form of an issued id."""


@dataclass(frozen=True)
class Step:
    """A stage of something that goes on: a parcel's trace, a refund. `at` is ISO 8601 with offset, empty while open."""

    text: str
    at: str = ""
    done: bool = True

    def as_dict(self) -> dict[str, Any]:
        """The form in which it leaves the house."""
        return {"text": self.text, "done": self.done} | ({"at": self.at} if self.at else {})

    def as_text(self) -> str:
        """In one line; what is still to come is marked, so that nobody takes it for done."""
        at = self.at[5:16].replace("T", " ")
        return " ".join(part for part in ("✓" if self.done else "○", at, self.text) if part)


CARD_TYPES = ("product", "order", "logistics", "refund", "solution", "rule", "return", "coupon", "size")


@dataclass(frozen=True)
class Card:
    """Something to look at, or to choose where it has a payload; the same for every channel. `type`: see CARD_TYPES.

    `amount` is yuan ("39.90"); `ref` the sku, order number, ticket or refund number that it is about; `copy` what one
    may want to put on the clipboard; `pros` and `cons` speak for and against a solution (R341).
    """

    type: str
    title: str
    payload: str = ""
    subtitle: str = ""
    amount: str = ""
    state: str = ""
    lines: tuple[str, ...] = ()
    pros: tuple[str, ...] = ()
    cons: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    copy: str = ""
    image: str = ""
    ref: str = ""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Card:
        """From a dictionary such as `as_dict` makes."""
        lists = {name: tuple(told.get(name, ())) for name in ("lines", "pros", "cons")}
        steps = tuple(Step(**step) for step in told.get("steps", ()))
        return cls(**{**told, **lists, "steps": steps})

    def as_dict(self, payload: str) -> dict[str, Any]:
        """The form in which it leaves the house."""
        shown: dict[str, Any] = {"type": self.type, "title": self.title, "payload": payload}
        plain = ("subtitle", "amount", "state", "copy", "image", "ref")
        extra = {name: getattr(self, name) for name in plain}
        extra |= {name: list(getattr(self, name)) for name in ("lines", "pros", "cons")}
        extra["steps"] = [step.as_dict() for step in self.steps]
        return shown | {name: value for name, value in extra.items() if value}

    def as_text(self) -> str:
        """The text alternative: everything that it shows, for channels and readers that know no cards."""
        amount = f"¥{self.amount}" if self.amount else ""
        head = " · ".join(part for part in (self.title, self.subtitle, amount, self.state) if part)
        steps = (step.as_text() for step in self.steps)
        signed = (*(f"+ {line}" for line in self.pros), *(f"- {line}" for line in self.cons))
        return "\n".join((head, *self.lines, *signed, *steps))


@dataclass(frozen=True)
class Reply:
    """One message from the bot. `key` names the wording (`utter_…`), for tests, logs and the phrase memory.

    `chips` are short ways on that are gone with the next message; a channel without them leaves them out.
    """

    text: str
    key: str = ""
    buttons: tuple[Button, ...] = ()
    cards: tuple[Card, ...] = ()
    chips: tuple[Button, ...] = ()
    image: str | None = None


@dataclass(frozen=True)
class Transcript:
    """A stored message as channels show it."""

    seq: int
    role: str
    text: str
    at: datetime
    author: str | None = None
    client_id: str | None = None
    turn_id: int | None = None
    keys: tuple[str, ...] = ()
    content: dict[str, Any] = field(default_factory=dict)
