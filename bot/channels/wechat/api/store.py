"""The access token in the database, where all nodes find it; one of them at a time fetches the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.channels.wechat.api.account import Account, instant
from bot.store.database import Database
from bot.store.models import WeChatToken, new_id


@dataclass(frozen=True)
class Token:
    """An access token; `version` tells an older one from a newer one. Times in seconds since 1970."""

    value: str = field(default="", repr=False)
    version: int = 0
    renew_at: float = 0.0
    expires_at: float = 0.0
    doubtful: bool = False
    forced_at: float = 0.0


class TokenStore:
    """The row of one account."""

    def __init__(self, database: Database, account: Account) -> None:
        self._database = database
        self._key = {"api_base": account.base, "appid": account.appid}
        self._mine = [WeChatToken.api_base == account.base, WeChatToken.appid == account.appid]

    async def load(self) -> Token:
        """The latest token; one without value and of version 0 where none was fetched yet."""
        async with self._database.session() as session:
            row = (await session.execute(select(WeChatToken).where(*self._mine))).scalars().first()
        if row is None:
            return Token()
        return Token(
            value=row.token,
            version=row.version,
            renew_at=row.renew_at.timestamp(),
            expires_at=row.expires_at.timestamp(),
            doubtful=row.doubtful,
            forced_at=row.forced_at.timestamp() if row.forced_at else 0.0,
        )

    async def claim(self, version: int, now: float, seconds: float) -> str:
        """The name of a lease to fetch the successor of that version; empty where another node has it, or has been."""
        lease, free = new_id(), or_(WeChatToken.lease.is_(None), WeChatToken.leased_until <= instant(now))
        claim = update(WeChatToken).where(*self._mine, WeChatToken.version == version, free)
        claim = claim.values(lease=lease, leased_until=instant(now + seconds))
        if await self._changed(claim):
            return lease
        if version == 0:
            await self._begin(now)
            return lease if await self._changed(claim) else ""
        return ""

    async def save(self, token: Token, lease: str) -> None:
        """Keep a token that was fetched under a lease, unless another node took over meanwhile."""
        kept = update(WeChatToken).where(*self._mine, WeChatToken.lease == lease)
        await self._changed(
            kept.values(
                token=token.value,
                version=token.version,
                renew_at=instant(token.renew_at),
                expires_at=instant(token.expires_at),
                doubtful=token.doubtful,
                forced_at=instant(token.forced_at) if token.forced_at else None,
                lease=None,
                leased_until=None,
            )
        )

    async def release(self, lease: str) -> None:
        """Let others try; nothing was fetched."""
        mine = update(WeChatToken).where(*self._mine, WeChatToken.lease == lease)
        await self._changed(mine.values(lease=None, leased_until=None))

    async def _begin(self, now: float) -> None:
        """The row, where no node has made it yet."""
        row = WeChatToken(**self._key, renew_at=instant(now), expires_at=instant(now))
        async with self._database.session() as session:
            session.add(row)
            try:
                await session.commit()
            except IntegrityError:
                await session.rollback()

    async def _changed(self, statement: Any) -> bool:
        async with self._database.session() as session:
            done = await session.execute(statement.execution_options(synchronize_session=False))
            await session.commit()
            return bool(done.rowcount)
