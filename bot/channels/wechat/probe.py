"""Asks a callback what WeChat asks it: the echo of the set-up page, and an event that nobody answers."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp

from bot.channels.wechat.check import Finding, fine, wrong
from bot.channels.wechat.crypto import MessageCipher
from bot.channels.wechat.replies import ACK
from bot.channels.wechat.signature import sign
from bot.channels.wechat.xml import cdata, element
from bot.settings import Settings

SECONDS = 5.0
EVENT = "connection_check"
"""An event that WeChat does not have: it is acknowledged, and nothing else happens."""
FORBIDDEN, NOT_FOUND, OK = 403, 404, 200
LARGEST = 4096


@dataclass(frozen=True)
class _Told:
    status: int
    body: bytes


class Probe:
    """One callback, asked as the account of the settings."""

    def __init__(self, settings: Settings, url: str) -> None:
        self._settings = settings
        self._url = url

    async def run(self) -> list[Finding]:
        """All findings; the later questions are only asked where the first one is answered rightly."""
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session:
                return [finding async for finding in self._findings(session)]
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
            return [wrong("wechat_callback_down", url=self._url)]

    async def _findings(self, session: aiohttp.ClientSession) -> AsyncIterator[Finding]:
        echo = secrets.token_hex(10)
        first = await self._ask(session, {**self._signed(), "echostr": echo})
        yield self._of_echo(first, echo)
        if first != _Told(OK, echo.encode()):
            return
        forged = await self._ask(session, {**self._signed(secrets.token_hex(8)), "echostr": echo})
        if forged.status == FORBIDDEN:
            yield fine("wechat_callback_guarded")
        else:
            yield wrong("wechat_callback_open", url=self._url, status=forged.status)
        key = self._settings.wechat_aes_key
        query, body = self._sealed(MessageCipher(key, self._settings.wechat_appid)) if key else self._plain()
        taken = await self._ask(session, query, body)
        if taken.status == OK and taken.body in (b"", ACK.encode()):
            yield fine("wechat_callback_safe" if key else "wechat_callback_plain")
        else:
            yield wrong("wechat_callback_mute", status=taken.status)
        if key:
            plain = await self._ask(session, *self._plain())
            if plain.status == FORBIDDEN:
                yield fine("wechat_callback_strict")
            else:
                yield wrong("wechat_callback_downgraded", status=plain.status)

    def _of_echo(self, told: _Told, echo: str) -> Finding:
        if told.status == OK and told.body == echo.encode():
            return fine("wechat_callback_echo", url=self._url)
        keys = {FORBIDDEN: "wechat_callback_refuses", NOT_FOUND: "wechat_callback_off"}
        return wrong(keys.get(told.status, "wechat_callback_other"), url=self._url, status=told.status)

    async def _ask(self, session: aiohttp.ClientSession, query: dict[str, str], body: bytes | None = None) -> _Told:
        method, headers = ("GET", {}) if body is None else ("POST", {"Content-Type": "text/xml"})
        async with session.request(method, self._url, params=query, data=body, headers=headers) as answer:
            return _Told(answer.status, await answer.content.read(LARGEST))

    def _signed(self, token: str = "") -> dict[str, str]:
        timestamp, nonce = str(int(time.time())), str(secrets.randbelow(10**10))
        told = sign(token or self._settings.wechat_token, timestamp, nonce)
        return {"signature": told, "timestamp": timestamp, "nonce": nonce}

    def _plain(self) -> tuple[dict[str, str], bytes]:
        return self._signed(), _event().encode()

    def _sealed(self, cipher: MessageCipher) -> tuple[dict[str, str], bytes]:
        query, encrypted = self._signed(), cipher.encrypt(_event())
        told = sign(self._settings.wechat_token, query["timestamp"], query["nonce"], encrypted)
        body = element("xml", cdata("ToUserName", EVENT), cdata("Encrypt", encrypted))
        return {**query, "encrypt_type": "aes", "msg_signature": told}, body.encode()


def _event() -> str:
    return element(
        "xml",
        cdata("ToUserName", EVENT),
        cdata("FromUserName", EVENT),
        element("CreateTime", str(int(time.time()))),
        cdata("MsgType", "event"),
        cdata("Event", EVENT),
    )
