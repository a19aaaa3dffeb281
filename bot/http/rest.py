"""Rasa's REST contract for servers that we trust: `POST /webhooks/rest/webhook`."""

from __future__ import annotations

import secrets
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.errors import BadInput
from bot.http.auth import service_only
from bot.http.context import body, house, id_of, text_of
from bot.http.uploads import attachments_of
from bot.model import Inbound, Transcript

rest = Blueprint("rest")

GRACE_SECONDS = 10.0


@rest.post("/webhooks/rest/webhook")
async def webhook(request: Request) -> HTTPResponse:
    """A message in, the bot's replies out; `[]` while a person owns the conversation."""
    service_only(request)
    data = body(request)
    metadata = data.get("metadata")
    if not isinstance(metadata, (dict, type(None))):
        raise BadInput("metadata is not an object")
    metadata = metadata or {}
    here = house(request)
    sender = id_of(data, "sender", longest=255)
    if not sender:
        raise BadInput("sender is empty")
    text = text_of(data, "message")
    inbound = Inbound(
        channel="rest",
        sender=sender,
        message_id=id_of(metadata, "message_id", longest=128) or secrets.token_hex(16),
        text=text,
        customer_id=id_of(metadata, "customer_id", longest=64) or None,
        attachments=await attachments_of(here, metadata.get("attachments"), sender),
    )
    replies = await here.spine.answer(inbound, here.services.settings.turn_timeout + GRACE_SECONDS)
    return json([as_rasa(sender, reply) for reply in replies], ensure_ascii=False)


def as_rasa(sender: str, reply: Transcript) -> dict[str, Any]:
    """A reply in Rasa's form; cards are choices as buttons too, for clients that know no cards."""
    content = reply.content
    shown: dict[str, Any] = {"recipient_id": sender, "text": reply.text}
    cards = content.get("cards", [])
    buttons = [
        *content.get("buttons", []),
        *({"title": card_title(c), "payload": c["payload"]} for c in cards if c["payload"]),
    ]
    if buttons:
        shown["buttons"] = buttons
    if content.get("image"):
        shown["image"] = content["image"]
    custom = {"keys": list(reply.keys)} | {name: content[name] for name in ("cards", "chips") if content.get(name)}
    return shown | {"custom": custom}


def card_title(card: dict[str, Any]) -> str:
    """A card in one line."""
    return " ".join(part for part in (card["title"], card.get("subtitle", ""), card.get("state", "")) if part)
