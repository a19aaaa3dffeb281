"""Binds an openid to a customer of the shop: WeChat says who looks at the page, the shop says who is logged in.

The state that goes through WeChat and comes back is signed, ends after ten minutes, is good once and only in the
browser that it was given to; else somebody could have a stranger's openid bound to an account of their own.
Source: https://developers.weixin.qq.com/doc/service/guide/h5/auth (a state: 128 letters and digits; a code: five
minutes, one use).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.wechat.api.account import Account, instant
from bot.channels.wechat.api.errors import Unreachable, error_of
from bot.channels.wechat.api.transport import Request, Transport
from bot.conversation.outbox import DeliveryUnknown
from bot.errors import NotAllowed, NotFound
from bot.store.models import Customer, Identity, WeChatState
from bot.store.upsert import upsert

AUTHORISE = "/connect/oauth2/authorize"
EXCHANGE = "/sns/oauth2/access_token"
BAD_CODES = frozenset({40029, 40163, 41008, 42003})
"""Unknown, used already, lacking, older than five minutes."""
CHANNEL = "wechat"
STATE_SECONDS = 600
STATE = re.compile(r"([0-9a-f]{32})([0-9a-f]{8})([0-9a-f]{64})")


class States:
    """Gives out states and takes each back once."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        """`secret`: IDENTITY_SECRET; `clock`: seconds since 1970, the true time."""
        self._key = hashlib.sha256(f"wechat-state:{secret}".encode()).digest()
        self._clock = clock

    async def issue(self, session: AsyncSession, customer_id: str, browser: str) -> str:
        """A state for a customer who is logged in, in this unit of work. Raises NotFound for an unknown one.

        `browser`: a random value that the page sets as a cookie (HttpOnly, Secure, SameSite=Lax) and brings back.
        """
        if await session.get(Customer, customer_id) is None:
            raise NotFound("no such customer")
        now = int(self._clock())
        await session.execute(delete(WeChatState).where(WeChatState.expires_at <= instant(now)))
        nonce, until = secrets.token_hex(16), now + STATE_SECONDS
        session.add(WeChatState(nonce=nonce, customer_id=customer_id, expires_at=instant(until)))
        return f"{nonce}{until:08x}{self._signed(nonce, f'{until:08x}', browser)}"

    async def redeem(self, session: AsyncSession, state: str, browser: str) -> str:
        """The customer for whom it was given out; used up by this unit of work. Raises NotAllowed."""
        parts = STATE.fullmatch(state)
        if parts is None or not hmac.compare_digest(parts[3], self._signed(parts[1], parts[2], browser)):
            raise NotAllowed("not a state of ours for this browser", "bad_state")
        if self._clock() >= int(parts[2], 16):
            raise NotAllowed("too late: begin again", "stale_state")
        query = select(WeChatState.customer_id).where(WeChatState.nonce == parts[1])
        customer_id = (await session.execute(query)).scalar()
        used = delete(WeChatState).where(WeChatState.nonce == parts[1])
        done = await session.execute(used.execution_options(synchronize_session=False))
        if customer_id is None or not done.rowcount:
            raise NotAllowed("used already: begin again", "used_state")
        return str(customer_id)

    def _signed(self, nonce: str, until: str, browser: str) -> str:
        return hmac.new(self._key, f"{nonce}:{until}:{browser}".encode(), hashlib.sha256).hexdigest()


def page_of(account: Account, back: str, state: str) -> str:
    """The address of WeChat's page that leads to `back` with a code; silent, as only the openid is asked for."""
    query = {
        "appid": account.appid,
        "redirect_uri": back,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": state,
    }
    return f"{account.web('https://open.weixin.qq.com')}{AUTHORISE}?{urlencode(query)}#wechat_redirect"


async def openid_of(account: Account, transport: Transport, code: str) -> str:
    """Whose code it is. Raises NotAllowed for a code that is wrong, old or used; WeChatError."""
    query = {"appid": account.appid, "secret": account.secret, "code": code, "grant_type": "authorization_code"}
    try:
        told = (await transport.ask(Request("GET", EXCHANGE, query))).as_json() or {}
    except DeliveryUnknown as lost:
        raise Unreachable(str(lost)) from None
    openid, errcode = told.get("openid"), told.get("errcode", 0)
    if isinstance(openid, str) and openid and not errcode:
        return openid
    if not isinstance(errcode, int) or not errcode:
        raise Unreachable(f"{EXCHANGE}: unreadable")
    if errcode in BAD_CODES:
        raise NotAllowed("the code is wrong, too old or used", "bad_code")
    raise error_of(EXCHANGE, errcode, str(told.get("errmsg", "")), for_token=True)


async def bind(session: AsyncSession, openid: str, customer_id: str, now: datetime) -> None:
    """Say whose openid it is, in this unit of work; the latest binding counts. Raises NotFound: no such customer."""
    if await session.get(Customer, customer_id) is None:
        raise NotFound("no such customer")
    mine = {"channel": CHANNEL, "external_id": openid}
    await upsert(session, Identity, mine, {"customer_id": customer_id, "bound_at": now})


async def customer_of(session: AsyncSession, openid: str) -> str | None:
    """The customer to whom an openid is bound."""
    mine = Identity.channel == CHANNEL, Identity.external_id == openid
    found: str | None = (await session.execute(select(Identity.customer_id).where(*mine))).scalar()
    return found


async def unbind(session: AsyncSession, openid: str) -> bool:
    """Forget whose openid it is, in this unit of work; whether it was bound."""
    mine = delete(Identity).where(Identity.channel == CHANNEL, Identity.external_id == openid)
    return bool((await session.execute(mine.execution_options(synchronize_session=False))).rowcount)
