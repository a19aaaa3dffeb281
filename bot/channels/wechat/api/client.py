"""Calls of the API with the account's token: one refresh when it is refused, some patience when WeChat is busy."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.wechat import custom
from bot.channels.wechat.api.errors import BUSY, TOKEN_CODES, error_of
from bot.channels.wechat.api.tokens import BUSY_PAUSES, Tokens
from bot.channels.wechat.api.transport import Answer, File, Request, Transport
from bot.conversation.outbox import DeliveryUnknown


class Client:
    """GET and POST. All raise WeChatError where nothing was done, and DeliveryUnknown where that is not known."""

    def __init__(self, transport: Transport, tokens: Tokens, *, pauses: Sequence[float] = BUSY_PAUSES) -> None:
        """`pauses`: seconds before each new try when WeChat is busy."""
        self._transport = transport
        self._tokens = tokens
        self._pauses = pauses

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        """What a GET answers."""
        return _told(await self._call(Request("GET", path, query)))

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What a POST of JSON answers."""
        return _told(await self._call(Request("POST", path, body=custom.as_json(dict(body)))))

    async def upload(self, path: str, file: File, **query: str) -> dict[str, Any]:
        """What a form with a file answers."""
        return _told(await self._call(Request("POST", path, query, file=file)))

    async def download(self, path: str, largest: int, **query: str) -> Answer:
        """A file, or JSON about it. Raises TooLarge beyond `largest` bytes."""
        return await self._call(Request("GET", path, query, largest=largest))

    async def _call(self, request: Request) -> Answer:
        token, refreshed, pauses = await self._tokens.current(), False, iter(self._pauses)
        while True:
            answer = await self._transport.ask(request, access_token=token.value)
            errcode, errmsg = _errcode(answer)
            if errcode == 0:
                return answer
            if errcode in TOKEN_CODES and not refreshed:
                refreshed, token = True, await self._tokens.after_refusal(token)
                continue
            pause = next(pauses, None) if errcode == BUSY else None
            if pause is not None:
                await asyncio.sleep(pause)
                continue
            raise error_of(request.path, errcode, errmsg)


def _errcode(answer: Answer) -> tuple[int, str]:
    """The errcode and its message; 0 for what is fine, or no JSON."""
    looks_like_json = answer.body[:64].lstrip().startswith(b"{")
    told = (answer.as_json() if looks_like_json else None) or {}
    errcode = told.get("errcode", 0)
    return (errcode, str(told.get("errmsg", ""))) if isinstance(errcode, int) else (0, "")


def _told(answer: Answer) -> dict[str, Any]:
    told = answer.as_json()
    if told is None:
        raise DeliveryUnknown(f"{answer.path}: unreadable")
    return told
