"""Temporary media: what was uploaded lately is not uploaded again, what customers sent is fetched within limits.

Source: https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia (three days).
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, select

from bot.channels.wechat.api.account import instant
from bot.channels.wechat.api.client import Client
from bot.channels.wechat.api.errors import Refusal, Unreachable
from bot.channels.wechat.api.forms import acceptable, film_thumb, kind_of
from bot.channels.wechat.api.outcomes import PassiveOnly, outcome_of
from bot.channels.wechat.api.transport import Answer, Transport
from bot.conversation.outbox import DeliveryUnknown
from bot.errors import NotFound, NotSendable
from bot.store.database import Database
from bot.store.models import WeChatMedium
from bot.store.upsert import upsert

UPLOAD, GET = "/cgi-bin/media/upload", "/cgi-bin/media/get"
LIVES_SECONDS = 3 * 24 * 3600.0
MARGIN_SECONDS = 6 * 3600.0
"""So long before its end a file is uploaded anew: a message that waits may be sent a little later."""


@dataclass(frozen=True)
class Medium:
    """A file at WeChat's; `kind` is image, video or thumb."""

    kind: str
    media_id: str


class MediaLibrary:
    """The files of one account; which are there is kept in the database."""

    def __init__(
        self,
        appid: str,
        client: Client,
        transport: Transport,
        database: Database,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock`: seconds since 1970, the true time."""
        self._appid = appid
        self._client = client
        self._transport = transport
        self._database = database
        self._clock = clock

    async def uploaded(self, content: bytes) -> Medium:
        """The file at WeChat's, uploaded now where it is not there.

        Raises NotSendable: of a kind that WeChat does not take; WeChatError: not there, and certainly nothing was sent.
        """
        return await self._uploaded(kind_of(content), content)

    async def film_thumb(self) -> Medium:
        """The picture that stands for any film until it is played; WeChat wants one with each. Raises WeChatError."""
        return await self._uploaded("thumb", film_thumb())

    async def forget(self, media_id: str) -> None:
        """WeChat does not have it any more (40007)."""
        await self._delete(WeChatMedium.media_id == media_id)

    async def fetched(self, media_id: str, largest: int) -> bytes:
        """A file that a customer sent; of a film WeChat tells the address first.

        Raises NotFound where it is not there (any more), TooLarge beyond `largest` bytes, WeChatError.
        """
        try:
            answer = await self._client.download(GET, largest, media_id=media_id)
            address = _address(answer)
            return (await self._transport.fetch(address, largest)).body if address else answer.body
        except Refusal as refusal:
            raise NotFound(f"no such file at WeChat's: {refusal.errcode}") from None
        except DeliveryUnknown as lost:
            raise Unreachable(str(lost)) from None

    async def _uploaded(self, kind: str, content: bytes) -> Medium:
        sha256 = hashlib.sha256(content).hexdigest()
        known = await self._known(kind, sha256)
        if known:
            return Medium(kind, known)
        file = await asyncio.get_running_loop().run_in_executor(None, acceptable, content)
        try:
            told = await self._client.upload(UPLOAD, file, type=kind)
        except Refusal as refusal:
            if isinstance(outcome_of(refusal.errcode), PassiveOnly):
                raise
            raise NotSendable(f"a file that WeChat refuses: {refusal.errcode}") from None
        except DeliveryUnknown as lost:
            raise Unreachable(str(lost)) from None  # a file more at WeChat's reaches nobody
        media_id = str(told.get("thumb_media_id" if kind == "thumb" else "media_id", ""))
        if not media_id:
            raise Unreachable(f"{UPLOAD}: unreadable")
        await self._keep(kind, sha256, media_id)
        return Medium(kind, media_id)

    async def _known(self, kind: str, sha256: str) -> str:
        query = select(WeChatMedium.media_id).where(
            *self._is(kind, sha256), WeChatMedium.expires_at > instant(self._clock())
        )
        async with self._database.session() as session:
            return (await session.execute(query)).scalar() or ""

    async def _keep(self, kind: str, sha256: str, media_id: str) -> None:
        """Remember it; what has expired is forgotten on the way."""
        now = self._clock()
        await self._delete(WeChatMedium.expires_at <= instant(now))
        key = {"appid": self._appid, "kind": kind, "sha256": sha256}
        told = {"media_id": media_id, "expires_at": instant(now + LIVES_SECONDS - MARGIN_SECONDS)}
        async with self._database.session() as session:
            await upsert(session, WeChatMedium, key, told)
            await session.commit()

    async def _delete(self, which: object) -> None:
        forgotten = delete(WeChatMedium).where(WeChatMedium.appid == self._appid, which)
        async with self._database.session() as session:
            await session.execute(forgotten.execution_options(synchronize_session=False))
            await session.commit()

    def _is(self, kind: str, sha256: str) -> list[object]:
        return [WeChatMedium.appid == self._appid, WeChatMedium.kind == kind, WeChatMedium.sha256 == sha256]


def _address(answer: Answer) -> str:
    """Where a film is to be fetched; empty for what is the file itself."""
    told = answer.as_json() if answer.body[:1] == b"{" else None
    return str(told.get("video_url", "")) if told else ""
