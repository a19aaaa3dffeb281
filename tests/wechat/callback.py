"""A tiny service behind the callback, for the tests of the fake; it speaks through wechatpy's parsing and replies."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import aiohttp
import xmltodict
from aiohttp import web
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply
from wechatpy.utils import check_signature

from tests.wechat.fake import Account, Clock, FakeWeChat

FAST = 0.3
"""Seconds until an attempt is cut, where a test waits for that."""
NOON = 1_772_607_600.0


def still() -> Clock:
    """A clock that moves by jumps only."""
    return Clock(NOON, runs=False)


@dataclass(frozen=True)
class Received:
    """A push as it came in: decrypted, its signatures checked."""

    query: Mapping[str, str]
    outer: Mapping[str, Any]
    fields: Mapping[str, Any]

    @property
    def sender(self) -> str:
        """The openid."""
        return str(self.fields["FromUserName"])


Answer = Callable[[Received], Awaitable[str | bytes | web.Response]]


async def acknowledge(received: Received) -> str:
    """Say that it has come."""
    return "success"


@dataclass
class Callback:
    """Listens, keeps what comes, and answers as `answer` says."""

    account: Account
    answer: Answer = acknowledge
    received: list[Received] = field(default_factory=list)
    address: str = ""

    async def __aenter__(self) -> Callback:
        app = web.Application()
        app.router.add_get("/wechat", self._verify)
        app.router.add_post("/wechat", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = "http://{}:{}/wechat".format(*self._runner.addresses[0][:2])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def events(self) -> list[str]:
        """The names of the events that came."""
        return [each.fields["Event"] for each in self.received if each.fields["MsgType"] == "event"]

    def text(self, received: Received, text: str, *, clear: bool | None = None) -> str:
        """A passive reply; encrypted where the push was, unless `clear` says otherwise."""
        reply = TextReply(source=received.fields["ToUserName"], target=received.sender, content=text).render()
        if clear if clear is not None else "Encrypt" not in received.outer:
            return str(reply)
        return str(self._crypto().encrypt_message(reply, received.query["nonce"]))

    async def _verify(self, request: web.Request) -> web.Response:
        query = request.query
        check_signature(self.account.token, query["signature"], query["timestamp"], query["nonce"])
        return web.Response(text=query["echostr"])

    async def _take(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        check_signature(self.account.token, query["signature"], query["timestamp"], query["nonce"])
        body = await request.text()
        outer = xmltodict.parse(body)["xml"]
        if query.get("encrypt_type") == "aes":
            told = query["msg_signature"], query["timestamp"], query["nonce"]
            body = self._crypto().decrypt_message(body, *told)
        received = Received(query, outer, xmltodict.parse(body)["xml"])
        self.received.append(received)
        answer = await self.answer(received)
        if isinstance(answer, web.Response):
            return answer
        content = answer if isinstance(answer, bytes) else answer.encode()
        return web.Response(body=content, content_type="application/xml")

    def _crypto(self) -> Any:
        return WeChatCrypto(self.account.token, self.account.aes_key, self.account.appid)


@dataclass
class Caller:
    """Calls the API as a service does."""

    wechat: FakeWeChat
    session: aiohttp.ClientSession
    token: str = ""

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        """What a GET answers, as JSON."""
        async with self.session.get(self.wechat.address + path, params=self._with_token(query)) as answer:
            told: dict[str, Any] = await answer.json(content_type=None)
            return told

    async def post(self, path: str, body: Any, **query: str) -> dict[str, Any]:
        """What a POST of JSON answers; `body` may be bytes as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        async with self.session.post(
            self.wechat.address + path, params=self._with_token(query), data=content
        ) as answer:
            told: dict[str, Any] = await answer.json(content_type=None)
            return told

    async def fetch_token(self) -> str:
        """Take a stable token, and use it from now on."""
        keys = {"appid": self.wechat.account.appid, "secret": self.wechat.account.secret}
        told = await self.post("/cgi-bin/stable_token", {"grant_type": "client_credential", **keys})
        self.token = told["access_token"]
        return self.token

    async def send(self, openid: str, text: str) -> int:
        """Send a customer-service text; the errcode."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        return int((await self.post("/cgi-bin/message/custom/send", body))["errcode"])

    def _with_token(self, query: dict[str, str]) -> dict[str, str]:
        return {"access_token": self.token, **query} if self.token else query


@dataclass(frozen=True)
class Scene:
    """A fake WeChat, a service behind it, and that service's way to the API."""

    wechat: FakeWeChat
    callback: Callback
    api: Caller

    async def later(self, seconds: float) -> None:
        """Let time pass, and take a token that is good then."""
        await self.wechat.jump(seconds)
        await self.api.fetch_token()


@asynccontextmanager
async def scene(
    answer: Answer = acknowledge, *, account: Account | None = None, clock: Clock | None = None, cut: float = 5.0
) -> AsyncIterator[Scene]:
    """Everything up, and a token fetched."""
    kept = account or Account()
    async with (
        Callback(kept, answer) as callback,
        FakeWeChat(callback.address, account=kept, clock=clock, cut=cut) as wechat,
        aiohttp.ClientSession() as session,
    ):
        made = Scene(wechat, callback, Caller(wechat, session))
        await made.api.fetch_token()
        yield made
        await asyncio.wait_for(wechat.settled(), 10)
