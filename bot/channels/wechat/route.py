"""`/wechat`: where WeChat's servers knock. Whatever a stranger sends is answered by its status alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, text

from bot.channels.wechat.channel import WeChatChannel
from bot.errors import NotFound, NotYet, RequestError
from bot.http.errors import error

log = structlog.get_logger(__name__)

wechat = Blueprint("wechat")

REFUSALS: Mapping[int, tuple[str, str]] = {
    400: ("bad_input", "malformed"),
    403: ("not_allowed", "refused"),
    413: ("too_large", "too large"),
    503: ("not_yet", "try again"),
}


@wechat.get("/wechat")
async def verify(request: Request) -> HTTPResponse:
    """The check of the address: the echostr as it came, where WeChat signed it."""
    account = channel_of(request)
    try:
        return text(account.challenge(_query(request)))
    except RequestError as refused:
        return _refusal(refused)


@wechat.post("/wechat")
async def take(request: Request) -> HTTPResponse | None:
    """A message or an event. What is said is sent from here, as it is only known then whether it could be."""
    account = channel_of(request)
    try:
        opened = account.open(_query(request), request.body)
        answer = await account.answer(opened)
    except RequestError as refused:
        return _refusal(refused)
    except Exception as problem:  # WeChat tries again; a stranger learns nothing
        log.exception("push failed", error=type(problem).__name__)
        return _refusal(NotYet("push failed"))
    transport: Any = request.transport
    if transport is None or transport.is_closing():
        account.unsent(answer)
        return None
    try:
        response = await request.respond(
            HTTPResponse(content_type="application/xml" if answer.message else "text/plain; charset=utf-8")
        )
        await response.send(account.body(opened, answer), end_stream=True)
    except (Exception, asyncio.CancelledError):
        account.unsent(answer)
        raise
    await account.sent(answer)
    return None


def channel_of(request: Request) -> WeChatChannel:
    """The account. Raises NotFound where none is set up."""
    account: WeChatChannel | None = request.app.ctx.wechat
    if account is None:
        raise NotFound("no such page")
    return account


def _query(request: Request) -> dict[str, str]:
    """The first value of each name."""
    return {str(name): str(values[0]) for name, values in request.args.items() if values}


def _refusal(refused: RequestError) -> HTTPResponse:
    code, message = REFUSALS[refused.status]
    return error(refused.status, code, message)
