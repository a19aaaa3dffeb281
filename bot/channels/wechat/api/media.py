"""Temporary media: what was uploaded lately is not uploaded again, what customers sent is fetched within limits.

Source: https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia (three days; pictures
10 MB, elsewhere 2 MB: we keep to the smaller; films 10 MB MP4).
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import time
from collections.abc import Callable
from dataclasses import dataclass

import filetype
from PIL import Image as Picture
from PIL import ImageOps
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from bot.channels.wechat.api.account import instant
from bot.channels.wechat.api.client import Client
from bot.channels.wechat.api.errors import Refusal
from bot.channels.wechat.api.transport import Answer, File, Transport
from bot.errors import NotFound, NotSendable
from bot.store.database import Database
from bot.store.models import WeChatMedium

UPLOAD, GET = "/cgi-bin/media/upload", "/cgi-bin/media/get"
LIVES_SECONDS = 3 * 24 * 3600.0
MARGIN_SECONDS = 6 * 3600.0
"""So long before its end a file is uploaded anew: a message that waits may be sent a little later."""
LARGEST_PICTURE, LARGEST_FILM = 2 * 1024 * 1024, 10 * 1024 * 1024
SIDES = (4096, 2560, 1600, 1080)
"""Longest sides in pixels, tried in this order until a picture is small enough."""
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "video/mp4": "mp4"}


@dataclass(frozen=True)
class Medium:
    """A file at WeChat's; `kind` is image or video."""

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
        """The file at WeChat's, uploaded now where it is not there. Raises NotSendable: of a kind it does not take."""
        kind, sha256 = _kind(content), hashlib.sha256(content).hexdigest()
        known = await self._known(kind, sha256)
        if known:
            return Medium(kind, known)
        file = await asyncio.get_running_loop().run_in_executor(None, _acceptable, content)
        try:
            told = await self._client.upload(UPLOAD, file, type=kind)
        except Refusal as refusal:
            raise NotSendable(f"a file that WeChat refuses: {refusal.errcode}") from None
        media_id = str(told["media_id"])
        await self._keep(kind, sha256, media_id)
        return Medium(kind, media_id)

    async def forget(self, media_id: str) -> None:
        """WeChat does not have it any more (40007)."""
        await self._delete(WeChatMedium.media_id == media_id)

    async def fetched(self, media_id: str, largest: int) -> bytes:
        """A file that a customer sent; of a film WeChat tells the address first.

        Raises NotFound where it is not there (any more), TooLarge beyond `largest` bytes, WeChatError, DeliveryUnknown.
        """
        try:
            answer = await self._client.download(GET, largest, media_id=media_id)
        except Refusal as refusal:
            raise NotFound(f"no such file at WeChat's: {refusal.errcode}") from None
        address = _address(answer)
        return (await self._transport.fetch(address, largest)).body if address else answer.body

    async def _known(self, kind: str, sha256: str) -> str:
        query = select(WeChatMedium.media_id).where(
            *self._is(kind, sha256), WeChatMedium.expires_at > instant(self._clock())
        )
        async with self._database.session() as session:
            return (await session.execute(query)).scalar() or ""

    async def _keep(self, kind: str, sha256: str, media_id: str) -> None:
        """Remember it; what has expired is forgotten on the way, and of two who upload the same the later one."""
        now = self._clock()
        await self._delete(WeChatMedium.expires_at <= instant(now))
        row = WeChatMedium(appid=self._appid, kind=kind, sha256=sha256, media_id=media_id)
        row.expires_at = instant(now + LIVES_SECONDS - MARGIN_SECONDS)
        async with self._database.session() as session:
            session.add(row)
            try:
                await session.commit()
            except IntegrityError:
                await session.rollback()

    async def _delete(self, which: object) -> None:
        forgotten = delete(WeChatMedium).where(WeChatMedium.appid == self._appid, which)
        async with self._database.session() as session:
            await session.execute(forgotten.execution_options(synchronize_session=False))
            await session.commit()

    def _is(self, kind: str, sha256: str) -> list[object]:
        return [WeChatMedium.appid == self._appid, WeChatMedium.kind == kind, WeChatMedium.sha256 == sha256]


def _media_type(content: bytes) -> str:
    guessed = filetype.guess(content[:8192])
    return guessed.mime if guessed else ""


def _kind(content: bytes) -> str:
    media_type = _media_type(content)
    if media_type.startswith("image/"):
        return "image"
    if media_type == "video/mp4":
        if len(content) > LARGEST_FILM:
            raise NotSendable(f"a film of {len(content)} bytes, {LARGEST_FILM} are allowed")
        return "video"
    raise NotSendable(f"a file of type {media_type or 'unknown'}")


def _acceptable(content: bytes) -> File:
    """The file in a form that WeChat takes: a picture of another format, or too large a one, becomes a JPEG."""
    media_type = _media_type(content)
    fits = media_type == "video/mp4" or len(content) <= LARGEST_PICTURE
    if not fits or media_type not in ENDINGS:
        content, media_type = _smaller(content), "image/jpeg"
    return File(f"{hashlib.sha256(content).hexdigest()[:16]}.{ENDINGS[media_type]}", media_type, content)


def _smaller(content: bytes) -> bytes:
    try:
        with Picture.open(io.BytesIO(content)) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except Exception as error:  # Pillow raises almost anything on a broken file
        raise NotSendable("a picture that cannot be read") from error
    picture = Picture.new("RGB", upright.size, "white")
    picture.paste(upright, mask=upright)  # where it is transparent it is shown on white
    for side in SIDES:
        picture.thumbnail((side, side))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=85)
        if out.tell() <= LARGEST_PICTURE:
            return out.getvalue()
    raise NotSendable("a picture too large, however small it is made")


def _address(answer: Answer) -> str:
    """Where a film is to be fetched; empty for what is the file itself."""
    told = answer.as_json() if answer.body[:1] == b"{" else None
    return str(told.get("video_url", "")) if told else ""
