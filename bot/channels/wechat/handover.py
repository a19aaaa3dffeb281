"""WeChat's own desk (客服): who is handed over there, and that our bot is silent for as long.

While a session runs WeChat gives the customer's messages to the desk and not to us. What is known of it here ends with
the event that closes it, or after SAFETY, since events get lost.
Source: https://developers.weixin.qq.com/doc/service/guide/product/kf/ (forwarding of messages; events of sessions).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select, update

from bot.channels.wechat.api.desk import WeChatDesk
from bot.channels.wechat.delivery.claims import CHANNEL
from bot.channels.wechat.delivery.pushes import true_now
from bot.channels.wechat.events import KfSession, KfSwitched
from bot.channels.wechat.messages import Message
from bot.channels.wechat.outgoing import Transfer
from bot.channels.wechat.push import Push
from bot.clocks import ledger
from bot.conversation import transcript
from bot.conversation.outbox import DeliveryUnknown, NotDelivered
from bot.desk import handoffs, states
from bot.desk.work import Work, transact
from bot.http.context import House
from bot.store.models import WeChatUser

log = structlog.get_logger(__name__)

SAFETY = timedelta(minutes=30)
ASK_SECONDS = 1.0
BEGINS = "kf_create_session"


class HandOver:
    """Hands over where the shop wants it (`WECHAT_HANDOFF=wechat`); follows sessions in any case."""

    def __init__(self, house: House, desk: WeChatDesk) -> None:
        self._house = house
        self._desk = desk
        self._hands_over = house.services.settings.wechat_handoff == "wechat"

    async def hand_over(self, push: Push) -> Transfer | None:
        """The reply that hands the customer over, once they wait for a person and one is there.

        Where nobody is at WeChat's desk, or it cannot be asked, they wait in our console's queue.
        """
        if not self._hands_over or not isinstance(push, Message):
            return None
        async with self._house.services.database.session() as session:
            query = transcript.open_conversation(CHANNEL, str(push.sender))
            talk = (await session.execute(query)).scalars().first()
        if talk is None or talk.owner != states.QUEUE or not await self._anybody():
            return None
        await self._note(str(push.sender), until=True)
        return Transfer()

    async def _anybody(self) -> bool:
        try:
            return bool(await asyncio.wait_for(self._desk.online(), ASK_SECONDS))
        except (NotDelivered, DeliveryUnknown, asyncio.TimeoutError) as error:
            log.warning("nobody knows who is at WeChat's desk", error=type(error).__name__)
            return False

    async def session(self, push: KfSession) -> None:
        """A session began: the bot is silent. Or it ended: the bot answers again."""
        openid = str(push.sender)
        if push.kind == BEGINS:
            await self._note(openid, until=True)
            await self._mute(openid)
        else:
            await self._end(openid)

    async def switched(self, push: KfSwitched) -> None:
        """Another person has it: it goes on."""
        await self._note(str(push.sender), until=True)

    async def sweep(self) -> int:
        """End what nobody ended; how many."""
        over = select(WeChatUser.openid).where(WeChatUser.kf_until < true_now())
        async with self._house.services.database.session() as session:
            openids = (await session.execute(over)).scalars().all()
        for openid in openids:
            await self._end(openid)
        return len(openids)

    async def _note(self, openid: str, *, until: bool) -> None:
        values = {"kf_until": true_now() + SAFETY if until else None}
        async with self._house.services.database.session() as session:
            known = update(WeChatUser).where(WeChatUser.openid == openid).values(**values)
            if not (await session.execute(known.execution_options(synchronize_session=False))).rowcount:
                session.add(WeChatUser(openid=openid, **values))
            await session.commit()

    async def _mute(self, openid: str) -> None:
        async def do(work: Work) -> None:
            talk = await _talk(work, openid)
            if talk is None or talk.owner == states.AGENT:
                return
            handoff = await handoffs.open_handoff(work.session, talk.id)
            if handoff is None:
                handoff = await handoffs.request(work.session, talk, "stepped_in", {}, work.now)
            handoff.status, handoff.accepted_at = states.ACCEPTED, work.now
            talk.owner, talk.agent_id = states.AGENT, None
            work.moved(talk.id)

        await transact(self._house.services, self._house.hub, do)

    async def _end(self, openid: str) -> None:
        async def do(work: Work) -> None:
            talk = await _talk(work, openid)
            if talk is None or talk.owner not in (states.AGENT, states.QUEUE) or talk.agent_id is not None:
                return
            await handoffs.give_back(work.session, talk, work.now)
            await ledger.nobody_waits(work.session, work.services, talk, states.RETURNED, now=work.now)
            await work.say(talk, "utter_returned_to_bot", {})
            work.moved(talk.id)

        async with self._house.services.database.session() as session:
            user = await session.get(WeChatUser, openid)
        if user is not None and user.kf_until is not None:
            await transact(self._house.services, self._house.hub, do)
            await self._note(openid, until=False)


async def _talk(work: Work, openid: str) -> Any:
    return (await work.session.execute(transcript.open_conversation(CHANNEL, openid))).scalars().first()
