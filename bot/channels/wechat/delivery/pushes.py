"""What WeChat pushed: a retry is known, a forged repetition refused, and what it lets us send is noted, in one step."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.wechat.delivery import grants
from bot.channels.wechat.envelope import REPLAY_SECONDS, Opened
from bot.channels.wechat.events import Unsubscribe
from bot.errors import NotAllowed
from bot.services import Services
from bot.store.models import WeChatPush, WeChatUser

KEPT = timedelta(seconds=REPLAY_SECONDS + 60)
CONFLICTS = 5


def true_now() -> datetime:
    """The true time, which requests, locks and leases go by."""
    return datetime.fromtimestamp(time.time(), timezone.utc)


class Pushes:
    """Kept in the database, so that every node knows them."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def note(self, opened: Opened, held_until: datetime) -> int:
        """Which attempt at this push it is, from 1. What is said to its sender is held back for it until then.

        Raises NotAllowed where another push came under the same signature.
        """
        for attempt in range(CONFLICTS):
            async with self._services.database.session() as session:
                try:
                    number = await self._note(session, opened)
                    await self._grant(session, opened, number, held_until)
                    await session.commit()
                except IntegrityError:  # another attempt, or another push of this sender, was faster
                    if attempt == CONFLICTS - 1:
                        raise
                    continue
                return number
        raise AssertionError("unreachable")

    async def _note(self, session: AsyncSession, opened: Opened) -> int:
        message_id, now = opened.push.message_id, true_now()
        again = update(WeChatPush).where(WeChatPush.replay_key == opened.replay_key)
        again = again.where(WeChatPush.message_id == message_id).values(count=WeChatPush.count + 1)
        if not (await session.execute(again.execution_options(synchronize_session=False))).rowcount:
            if await session.get(WeChatPush, opened.replay_key) is not None:
                raise NotAllowed("this signature was another message's", "replayed")
            session.add(WeChatPush(replay_key=opened.replay_key, message_id=message_id, count=1, seen_at=now))
            await session.flush()
        came = select(func.sum(WeChatPush.count)).where(WeChatPush.message_id == message_id)
        return int((await session.execute(came)).scalar() or 0)

    async def _grant(self, session: AsyncSession, opened: Opened, number: int, held_until: datetime) -> None:
        push = opened.push
        if push.sender is None:
            return
        values: dict[str, Any] = {"changes": WeChatUser.changes + 1}
        granted = grants.of_push(push)
        if isinstance(push, Unsubscribe):
            values |= grants.withdrawn()
        elif granted is not None:
            values |= {"held_until": held_until, "follows": True}
            values |= granted.as_values(self._services.clock.now()) if number == 1 else {}
        known = update(WeChatUser).where(WeChatUser.openid == push.sender).values(**values)
        if not (await session.execute(known.execution_options(synchronize_session=False))).rowcount:
            session.add(WeChatUser(openid=push.sender, **{**values, "changes": 0}))
            await session.flush()

    async def release(self, openid: str, held_until: datetime) -> None:
        """No request of theirs is open any more, unless one came later."""
        async with self._services.database.session() as session:
            mine = update(WeChatUser).where(WeChatUser.openid == openid, WeChatUser.held_until <= held_until)
            await session.execute(mine.values(held_until=None).execution_options(synchronize_session=False))
            await session.commit()

    async def prune(self) -> int:
        """Forget what is too old to be repeated: its signature is refused for its age; how many."""
        async with self._services.database.session() as session:
            old = delete(WeChatPush).where(WeChatPush.seen_at < true_now() - KEPT)
            gone = int((await session.execute(old.execution_options(synchronize_session=False))).rowcount)
            await session.commit()
        return gone
