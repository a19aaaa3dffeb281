"""QR codes with a scene: made with what a scan is to mean, which comes back as the scene alone.

Source: https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import delete, or_, select

from bot.channels.wechat.api.account import Account, instant
from bot.channels.wechat.api.client import Client
from bot.conversation.outbox import DeliveryUnknown
from bot.errors import BadInput
from bot.store.database import Database
from bot.store.models import WeChatScene
from bot.store.upsert import upsert

CREATE = "/cgi-bin/qrcode/create"
PICTURE = "/cgi-bin/showqrcode"
SHORTEST_SECONDS, LONGEST_SECONDS = 60, 30 * 24 * 3600
SCENE = re.compile(r"[!-~]{1,64}")


@dataclass(frozen=True)
class QrCode:
    """A code. `url` is what it says; `picture` the address of a PNG, for anybody; `seconds` is None: for ever."""

    ticket: str
    url: str
    picture: str
    seconds: int | None


class Scenes:
    """The codes of one account."""

    def __init__(
        self, account: Account, client: Client, database: Database, clock: Callable[[], float] = time.time
    ) -> None:
        """`clock`: seconds since 1970, the true time."""
        self._account = account
        self._client = client
        self._database = database
        self._clock = clock

    async def create(self, scene: str, payload: str, seconds: int | None = None) -> QrCode:
        """A code whose scan means `payload`, such as "/ask_coupon". `seconds`: how long it is good; None: for ever.

        Of those that last an account may have 100,000. The same scene again takes the new meaning.
        Raises BadInput, WeChatError; DeliveryUnknown: a code more may have been made, which harms nobody.
        """
        if not SCENE.fullmatch(scene):
            raise BadInput("a scene has 1 to 64 letters, digits or marks")
        if seconds is not None and not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
            raise BadInput(f"a code is good for {SHORTEST_SECONDS} to {LONGEST_SECONDS} seconds, or for ever")
        await self._keep(scene, payload, seconds)
        kind = "QR_LIMIT_STR_SCENE" if seconds is None else "QR_STR_SCENE"
        body = {"action_name": kind, "action_info": {"scene": {"scene_str": scene}}}
        told = await self._client.post(CREATE, body if seconds is None else {**body, "expire_seconds": seconds})
        ticket = str(told.get("ticket", ""))
        if not ticket:
            raise DeliveryUnknown(f"{CREATE}: unreadable")
        picture = f"{self._account.web('https://mp.weixin.qq.com')}{PICTURE}?{urlencode({'ticket': ticket})}"
        return QrCode(ticket, str(told.get("url", "")), picture, seconds)

    async def payload_of(self, scene: str | None) -> str | None:
        """What a scan means; None for a scene that is none of ours or whose time is over: anybody can write one."""
        if not scene:
            return None
        lasting = or_(WeChatScene.expires_at.is_(None), WeChatScene.expires_at > instant(self._clock()))
        async with self._database.session() as session:
            query = select(WeChatScene.payload).where(WeChatScene.scene == scene, lasting)
            found: str | None = (await session.execute(query)).scalar()
        return found

    async def _keep(self, scene: str, payload: str, seconds: int | None) -> None:
        now = self._clock()
        until = instant(now + seconds) if seconds is not None else None
        told = {"payload": payload, "created_at": instant(now), "expires_at": until}
        async with self._database.session() as session:
            await session.execute(delete(WeChatScene).where(WeChatScene.expires_at <= instant(now)))
            await upsert(session, WeChatScene, {"scene": scene}, told)
            await session.commit()
