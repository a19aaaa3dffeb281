"""Files between WeChat's store and ours: a customer's evidence in, a person's picture out."""

from __future__ import annotations

import asyncio

import structlog

from bot.channels.wechat.api.media import MediaLibrary
from bot.channels.wechat.content import Media
from bot.errors import BotError, NotSendable
from bot.http.context import House
from bot.http.uploads import OWN_URL, keep
from bot.model import Attachment
from bot.store.models import Upload

log = structlog.get_logger(__name__)

FETCH_SECONDS = 8.0
"""Longer than WeChat waits for an answer: the next attempt finds the file fetched."""


class Files:
    """Fetches and keeps; reads."""

    def __init__(self, house: House, media: MediaLibrary) -> None:
        self._house = house
        self._media = media

    async def fetch(self, media_id: str) -> bytes | None:
        """What a customer sent; None where it cannot be had in time."""
        largest = self._house.services.settings.max_large_upload_bytes
        try:
            return await asyncio.wait_for(self._media.fetched(media_id, largest), FETCH_SECONDS)
        except (BotError, asyncio.TimeoutError) as error:
            log.warning("not fetched", error=type(error).__name__, told=str(error))
            return None

    async def attachment(self, media_id: str, sender: str, *, address: str | None, kind: str) -> Attachment | None:
        """A customer's file, kept here; where it cannot be had, or is no picture, its address, which is never read."""
        content = await self.fetch(media_id)
        if content is not None:
            try:
                return (await keep(self._house, content, sender))[0]
            except BotError as error:
                log.warning("not kept", told=str(error))
        is_link = address is not None and address.startswith(("http://", "https://")) and address.isprintable()
        return Attachment("", kind, address) if is_link and address else None

    async def read(self, told: Media) -> tuple[bytes, str]:
        """A file of ours, and what it is called. Raises NotSendable where it is none, or is gone."""
        own = OWN_URL.fullmatch(told.source)
        if own is None:
            raise NotSendable("not a file of ours")
        async with self._house.services.database.session() as session:
            row = await session.get(Upload, own[1])
        path = self._house.services.settings.uploads_dir / own[1]
        if row is None or not path.is_file():
            raise NotSendable("the file is gone")
        content = await asyncio.get_running_loop().run_in_executor(None, path.read_bytes)
        return content, told.name
