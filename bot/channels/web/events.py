"""What travels to the widget, and how a refusal reads."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_

from bot.identity import Shopper
from bot.model import Transcript
from bot.store.models import Conversation

CHANNEL = "web"
HIGHEST = 2**31 - 1  # number that a message can have


def as_event(message: Transcript) -> dict[str, Any]:
    """A message as the widget shows it."""
    event: dict[str, Any] = {
        "seq": message.seq,
        "role": message.role,
        "text": message.text,
        "at": message.at.isoformat(),
    }
    if message.author:
        event["name"] = message.author
    if message.client_id and message.role == "customer":
        event["client_id"] = message.client_id
    return event | message.content


def refusal(code: str, message: str) -> dict[str, Any]:
    """The acknowledgement of what was not done."""
    return {"ok": False, "error": {"code": code, "message": message}}


def talks_of(shopper: Shopper) -> Any:
    """The condition on conversations for all talks of a shopper in the widget."""
    return and_(Conversation.channel == CHANNEL, Conversation.sender == shopper.sender)
