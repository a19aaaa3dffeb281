"""A client of the API over HTTP, as small as can be, for the tests of the way of messages."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.channels.wechat import custom
from bot.channels.wechat.ports import Refused
from bot.conversation.outbox import DeliveryUnknown, NotDelivered
from bot.settings import Settings

TOKEN_ERRORS = (40001, 40014, 42001)


class HttpClient:
    """Calls `settings.wechat_api_base`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None
        self._token = ""

    async def send(self, body: Mapping[str, Any]) -> None:
        await self._post("/cgi-bin/message/custom/send", custom.as_json(dict(body)))

    async def typing(self, openid: str, *, on: bool) -> None:
        await self._post("/cgi-bin/message/custom/typing", custom.as_json(custom.typing(openid, on=on)))

    async def download(self, media_id: str) -> bytes:
        for _ in range(2):
            address = self._settings.wechat_api_base + "/cgi-bin/media/get"
            params = {"access_token": await self._fresh(), "media_id": media_id}
            async with self._http().get(address, params=params) as answer:
                if "json" not in answer.content_type:
                    return await answer.read()
                told = await answer.json(content_type=None)
            self._token = ""
        raise Refused(int(told.get("errcode", 0)))

    async def upload(self, kind: str, content: bytes, name: str) -> str:
        form = aiohttp.FormData()
        form.add_field("media", content, filename=name, content_type="application/octet-stream")
        told = await self._post("/cgi-bin/media/upload", form, type=kind)
        return str(told["media_id"])

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _post(self, path: str, body: Any, **query: str) -> dict[str, Any]:
        params = {"access_token": await self._fresh(), **query}
        told = await self._once(path, params, body)
        if told.get("errcode") in TOKEN_ERRORS:
            self._token = ""
            told = await self._once(path, {**params, "access_token": await self._fresh()}, body)
        if told.get("errcode"):
            raise Refused(int(told["errcode"]))
        return told

    async def _once(self, path: str, params: Mapping[str, str], body: Any) -> dict[str, Any]:
        try:
            async with self._http().post(self._settings.wechat_api_base + path, params=params, data=body) as answer:
                told: dict[str, Any] = await answer.json(content_type=None)
        except aiohttp.ClientConnectorError as error:
            raise NotDelivered("unreachable") from error
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise DeliveryUnknown(type(error).__name__) from error
        return told

    async def _fresh(self) -> str:
        if not self._token:
            keys = {"appid": self._settings.wechat_appid, "secret": self._settings.wechat_secret}
            async with self._http().post(
                self._settings.wechat_api_base + "/cgi-bin/stable_token",
                json={"grant_type": "client_credential", **keys},
            ) as answer:
                self._token = (await answer.json(content_type=None))["access_token"]
        return self._token

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        return self._session
