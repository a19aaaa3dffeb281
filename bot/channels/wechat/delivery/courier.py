"""Sends by the API what no request carries: in order for each customer, customers side by side, each message once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.channels.wechat.api import outcomes
from bot.channels.wechat.api.sending import Sender
from bot.channels.wechat.content import Media
from bot.channels.wechat.delivery.claims import Busy, Claimed, Claims, Outcome
from bot.conversation.outbox import DeliveryUnknown, NotDelivered
from bot.conversation.rounds import Rounds, side_by_side
from bot.errors import NotSendable

log = structlog.get_logger(__name__)

IDLE_SECONDS = 1.0
AT_ONCE = 8

Read = Callable[[Media], Awaitable[tuple[bytes, str]]]


class Courier:
    """`read` gives a file's content and title."""

    def __init__(self, claims: Claims, sender: Sender, read: Read) -> None:
        self._claims = claims
        self._sender = sender
        self._read = read
        self._rounds = Rounds("courier", IDLE_SECONDS)
        self._slots = asyncio.Semaphore(AT_ONCE)

    def wake(self) -> None:
        """There is something new; on its own loop only."""
        self._rounds.wake()

    async def run(self) -> None:
        """Send for ever."""
        await self._rounds.run(self._round)

    async def _round(self) -> bool:
        await self._claims.recover()
        return await self.deliver_due()

    async def deliver_due(self) -> bool:
        """Send everybody's next message, where it may be sent now; whether any was."""
        return await side_by_side(self._deliver(openid) for openid in await self._claims.due())

    async def _deliver(self, openid: str) -> bool:
        async with self._slots:
            try:
                claimed = await self._claims.take(openid, "api")
            except Busy:
                return False
            if claimed is None:
                return False
            outcome = await self._send(claimed)
            await self._claims.settle(claimed, outcome)
            return True

    async def _send(self, claimed: Claimed) -> Outcome:
        openid, told = claimed.openid, claimed.parcel.told
        try:
            if isinstance(told, Media):
                content, title = await self._read(told)
                became = await self._sender.send_file(openid, content, title)
            else:
                became = await self._sender.send(openid, told)
        except NotDelivered as problem:
            log.warning("not delivered", problem=str(problem))
            return "pending"
        except DeliveryUnknown as problem:
            log.warning("delivery unknown", problem=str(problem))
            return "unknown"
        except NotSendable as problem:
            log.error("not sendable", problem=str(problem))
            return "refused"
        return await self._meant(openid, became)

    async def _meant(self, openid: str, became: outcomes.Outcome) -> Outcome:
        """What WeChat's word means for the message, and for those behind it."""
        if isinstance(became, outcomes.Sent | outcomes.Skipped):
            return "sent"
        if isinstance(became, outcomes.PassiveOnly):
            self._claims.only_requests()
        if isinstance(became, outcomes.Gone):
            await self._claims.lost(openid)
        return "waiting" if isinstance(became, outcomes.Parked | outcomes.PassiveOnly) else "refused"
