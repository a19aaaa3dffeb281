"""The few frozen values that travel between channel, spine and engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Attachment:
    """A picture: an upload's id and media type; for a foreign link only its address, which is never fetched."""

    id: str
    type: str
    url: str

    def as_dict(self) -> dict[str, str]:
        """The form in which it is stored and shown."""
        return {"id": self.id, "type": self.type, "url": self.url}


@dataclass(frozen=True)
class Inbound:
    """One message from a customer. `message_id` is the channel's; `payload` a pressed button's id."""

    channel: str
    sender: str
    message_id: str
    text: str
    payload: str | None = None
    customer_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    client_id: str | None = None


@dataclass(frozen=True)
class Button:
    """A choice under a reply. `payload` is Rasa's (`/intent{...}`) inside the house, an issued id outside."""

    title: str
    payload: str


@dataclass(frozen=True)
class Card:
    """A choice with more to show: an order (title, subtitle, amount, state) or a solution (title, lines)."""

    type: str
    title: str
    payload: str = ""
    subtitle: str = ""
    amount: str = ""
    state: str = ""
    lines: tuple[str, ...] = ()

    def as_dict(self, payload: str) -> dict[str, Any]:
        """The form in which it leaves the house."""
        shown: dict[str, Any] = {"type": self.type, "title": self.title, "payload": payload}
        extra = {"subtitle": self.subtitle, "amount": self.amount, "state": self.state, "lines": list(self.lines)}
        return shown | {name: value for name, value in extra.items() if value}


@dataclass(frozen=True)
class Reply:
    """One message from the bot. `key` names the wording (`utter_…`), for tests, logs and the phrase memory."""

    text: str
    key: str = ""
    buttons: tuple[Button, ...] = ()
    cards: tuple[Card, ...] = ()
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
