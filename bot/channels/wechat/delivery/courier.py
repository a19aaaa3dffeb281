"""Sends by the API what no request carries: in order for each customer, customers side by side, each message once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.channels.wechat import custom
from bot.channels.wechat.content import Content, Media
from bot.channels.wechat.custom import Active
from bot.channels.wechat.delivery.claims import Claimed, Claims, Outcome, deliverable
from bot.channels.wechat.outgoing import Image
from bot.channels.wechat.ports import Client, Refused
from bot.conversation.outbox import DeliveryUnknown, NotDelivered
from bot.errors import NotSendable
from bot.services import Services

log = structlog.get_logger(__name__)

IDLE_SECONDS = 1.0
AT_ONCE = 8
NOTHING_LEFT = (45015, 45047)
LEFT = (43004, 48002)
NOT_AUTHORISED = 48001
LATER = (-1, 45009, 45011)

Read = Callable[[Media], Awaitable[tuple[bytes, str]]]


class Courier:
    """`read` gives a file's content and name. `may_push` is False once WeChat says that the account has no right."""

    def __init__(self, services: Services, claims: Claims, client: Client, read: Read) -> None:
        self._services = services
        self._claims = claims
        self._client = client
        self._read = read
        self._news = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self.may_push = services.settings.wechat_account_kind != "unverified"

    def wake(self) -> None:
        """There is something new; on its own loop only."""
        self._news.set()

    async def run(self) -> None:
        """Send for ever."""
        while True:
            self._news.clear()
            try:
                await self._claims.recover()
                busy = self.may_push and await self.deliver_due()
            except Exception:  # it must outlive a broken database connection
                log.exception("courier")
                busy = False
            if not busy:
                try:
                    await asyncio.wait_for(self._news.wait(), IDLE_SECONDS)
                except asyncio.TimeoutError:
                    continue

    async def deliver_due(self) -> bool:
        """Send everybody's next message, where it may be sent now; whether any was."""
        async with self._services.database.session() as session:
            openids = (await session.execute(deliverable(self._services))).scalars().all()
        tried = await asyncio.gather(*(self._deliver(openid) for openid in openids), return_exceptions=True)
        for outcome in tried:
            if isinstance(outcome, BaseException):
                raise outcome
        return any(tried)

    async def _deliver(self, openid: str) -> bool:
        async with self._slots:
            claimed = await self._claims.take(openid, "api")
            if claimed is None:
                return False
            try:
                outcome = await self._send(claimed)
            except Refused as refused:
                outcome = await self._refused(claimed, refused)
            await self._claims.settle(claimed, outcome)
            return True

    async def _send(self, claimed: Claimed) -> Outcome:
        try:
            told = await self._made(claimed.parcel.told)
            await self._client.send(custom.message(claimed.openid, told))
        except NotDelivered:
            log.warning("not delivered", openid=claimed.openid)
            return "pending"
        except DeliveryUnknown:
            log.warning("delivery unknown", openid=claimed.openid)
            return "unknown"
        except NotSendable as problem:
            log.error("not sendable", openid=claimed.openid, problem=str(problem))
            return "refused"
        return "sent"

    async def _refused(self, claimed: Claimed, refused: Refused) -> Outcome:
        """What a refusal means for the message, and for those behind it."""
        log.warning("refused", openid=claimed.openid, errcode=refused.errcode)
        if refused.errcode in NOTHING_LEFT:
            return "waiting"
        if refused.errcode == NOT_AUTHORISED:
            self.may_push = False
            return "waiting"
        if refused.errcode in LEFT:
            await self._claims.lost(claimed.openid)
            return "refused"
        return "pending" if refused.errcode in LATER else "refused"

    async def _made(self, told: Content) -> Active:
        """The message; a picture is brought to WeChat first."""
        if not isinstance(told, Media):
            return told
        content, name = await self._read(told)
        return Image(await self._client.upload("image", content, name))
