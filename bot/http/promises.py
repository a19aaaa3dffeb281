"""Promises: checked before they are sent, and what became of those that were: `/api/v1/check`, `/api/v1/promises`."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.conversation.inbox import MAX_SENDER, check_id
from bot.desk.talks import MAX_TEXT
from bot.errors import BadInput
from bot.http.auth import acting
from bot.http.context import body, house, id_of, text_of

promises = Blueprint("promises", url_prefix="/api/v1")


@promises.post("/check")
async def check(request: Request) -> HTTPResponse:
    """What would become of a text that somebody is writing."""
    actor = await acting(request)
    data = body(request)
    conversation_id = id_of(data, "conversation_id", longest=32)
    if not conversation_id:
        raise BadInput("conversation_id is needed")
    text = text_of(data, "text", longest=MAX_TEXT)
    verdicts = await house(request).desk.promises.check(conversation_id, text, actor)
    return json({"verdicts": verdicts}, ensure_ascii=False)


@promises.get("/promises")
async def listed(request: Request) -> HTTPResponse:
    """The promises to a sender, in a state, or both."""
    await acting(request)
    sender = request.args.get("sender", "")
    if sender:
        check_id("sender", sender, MAX_SENDER)
    found = await house(request).desk.promises.listed(sender or None, request.args.get("state") or None)
    return json({"items": found}, ensure_ascii=False)


@promises.get("/promises/figures")
async def figures(request: Request) -> HTTPResponse:
    """How many were kept and broken."""
    await acting(request)
    return json({"items": await house(request).desk.promises.figures()}, ensure_ascii=False)
