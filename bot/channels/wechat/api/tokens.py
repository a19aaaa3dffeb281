"""The access token: one for all nodes, fetched by one of them at a time, renewed early, refreshed once when refused.

The stable token is asked for: it is the same for everybody who asks until its last five minutes, so that nobody ends
another's. Source: https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence

import structlog

from bot.channels.wechat.api.account import Account
from bot.channels.wechat.api.errors import Alarm, Busy, Unreachable, WeChatError, error_of
from bot.channels.wechat.api.store import Token, TokenStore
from bot.channels.wechat.api.transport import Request, Transport
from bot.conversation.outbox import DeliveryUnknown
from bot.store.database import uninterrupted

log = structlog.get_logger(__name__)

STABLE_TOKEN = "/cgi-bin/stable_token"
EARLY_SECONDS = 240.0
"""Within the last 300 s a call gives the next token, and the old one stays good until its time is over."""
LEASE_SECONDS = 30.0
"""Longer than a fetch may take; after it another node tries."""
POLL_SECONDS = 0.1
FORCE_SECONDS = 2 * 3600.0
"""A forced token ends those of all who share the account, and WeChat allows 20 a day."""
ALARM_SECONDS = 10.0
"""So long a refusal that somebody must mend is told again without asking WeChat again."""
BUSY_PAUSES = (0.3, 0.8, 2.0)
"""Seconds before each new try when WeChat is busy (-1)."""


class Tokens:
    """Gives the token of an account."""

    def __init__(
        self,
        account: Account,
        transport: Transport,
        store: TokenStore,
        *,
        clock: Callable[[], float] = time.time,
        pauses: Sequence[float] = BUSY_PAUSES,
    ) -> None:
        """`clock`: seconds since 1970, the true time."""
        self._account = account
        self._transport = transport
        self._store = store
        self._clock = clock
        self._pauses = pauses
        self._running: asyncio.Task[Token] | None = None
        self._alarm: tuple[Alarm, float] | None = None

    async def current(self) -> Token:
        """A token that is good. Raises WeChatError; while the old one is good, a failed renewal waits."""
        kept = await self._store.load()
        now = self._clock()
        if kept.value and now < kept.renew_at:
            return kept
        try:
            return await self._newer_than(kept)
        except WeChatError as error:
            if kept.value and now < kept.expires_at:
                log.warning("wechat token not renewed yet", error=type(error).__name__, errcode=error.errcode)
                return kept
            raise

    async def after_refusal(self, refused: Token) -> Token:
        """The token to try once more with: another node's newer one, else one that is fetched. Raises WeChatError."""
        kept = await self._store.load()
        return kept if kept.version > refused.version else await self._newer_than(refused, refused=True)

    async def _newer_than(self, old: Token, *, refused: bool = False) -> Token:
        """Join the fetch that runs in this process, or begin one; who waits may go away without ending it."""
        while True:
            if self._alarm and self._clock() < self._alarm[1]:
                raise self._alarm[0].with_traceback(None)
            task = self._running
            if task is None or task.done():
                task = self._running = asyncio.ensure_future(self._renew(old, refused))
                task.add_done_callback(_look)
            token = await asyncio.shield(task)
            if token.version > old.version:
                return token

    async def _renew(self, old: Token, refused: bool) -> Token:
        """Fetch where no other node does; else wait for what it fetches."""
        while True:
            lease = await self._store.claim(old.version, self._clock(), LEASE_SECONDS)
            if lease:
                return await uninterrupted(self._fetch(old, refused, lease))
            kept = await self._store.load()
            if kept.version > old.version:
                return kept
            await asyncio.sleep(POLL_SECONDS)

    async def _fetch(self, old: Token, refused: bool, lease: str) -> Token:
        now = self._clock()
        force = refused and old.doubtful and now - old.forced_at >= FORCE_SECONDS
        try:
            value, seconds = await fetch_token(self._account, self._transport, force=force, pauses=self._pauses)
        except BaseException as error:
            await self._store.release(lease)
            if isinstance(error, Alarm):
                self._alarm = error, now + ALARM_SECONDS
            raise
        token = Token(
            value=value,
            version=old.version + 1,
            renew_at=now + max(seconds - EARLY_SECONDS, seconds / 2),
            expires_at=now + seconds,
            doubtful=refused and value == old.value,
            forced_at=now if force else old.forced_at,
        )
        await self._store.save(token, lease)
        log.info("wechat token fetched", seconds=int(seconds), after_refusal=refused, forced=force)
        return token


async def fetch_token(
    account: Account, transport: Transport, *, force: bool = False, pauses: Sequence[float] = BUSY_PAUSES
) -> tuple[str, float]:
    """A stable token and its seconds of life. Raises WeChatError; never DeliveryUnknown, as asking changes nothing."""
    told = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret, "force_refresh": force}
    request = Request("POST", STABLE_TOKEN, body=json.dumps(told).encode())
    for pause in pauses:
        try:
            return await _asked(transport, request)
        except Busy:
            await asyncio.sleep(pause)
    return await _asked(transport, request)


async def _asked(transport: Transport, request: Request) -> tuple[str, float]:
    try:
        answer = (await transport.ask(request)).as_json() or {}
    except DeliveryUnknown as lost:
        raise Unreachable(str(lost)) from None
    value, seconds = answer.get("access_token"), answer.get("expires_in")
    if isinstance(value, str) and value and isinstance(seconds, int) and seconds > 0:
        return value, float(seconds)
    errcode = answer.get("errcode")
    if not isinstance(errcode, int):
        raise Unreachable(f"{STABLE_TOKEN}: unreadable")
    raise error_of(STABLE_TOKEN, errcode, str(answer.get("errmsg", "")), for_token=True)


def _look(task: asyncio.Task[Token]) -> None:
    """A failure that nobody waits for any more is no unhandled one."""
    if not task.cancelled():
        task.exception()
