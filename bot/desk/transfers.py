"""Handing a conversation on: to a colleague, who has half a minute to take it, or back into the queue."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk import handoffs, news, notes, states
from bot.desk.actors import Actor
from bot.desk.units import Units, Which
from bot.errors import NotAllowed, NotFound, WrongState
from bot.store.models import Account, Conversation, Handoff

OFFER = timedelta(seconds=30)


class Transfers:
    """Offers conversations and takes offers back."""

    def __init__(self, work: Units) -> None:
        self._work = work

    async def transfer(self, which: Which, actor: Actor, to: int | None, reason: str) -> str:
        """Hand on to a colleague, or to whoever comes next. The reason stays as a note. Raises NotFound, WrongState."""

        async def work(session: AsyncSession, conversation: Any) -> str:
            actor.must_have(conversation)
            handoff = await handoffs.open_handoff(session, conversation.id)
            if handoff is None or conversation.owner not in (states.AGENT, states.QUEUE):
                raise WrongState(f"the conversation is with: {conversation.owner}", "not_with_people")
            if to is not None and await session.get(Account, to) is None:
                raise NotFound("no such colleague")
            now, sender = self._work.now(), await actor.account(session)
            until = now + OFFER if to is not None else None
            handoffs.offer(conversation, handoff, to, until, now)
            if reason:
                await notes.write(session, conversation, sender, reason, None, now)
            await self._work.say(session, conversation, "utter_transferring", {})
            if until:
                offered = {
                    "to": to,
                    "from": {"id": sender.id, "name": sender.name},
                    "reason": reason or None,
                    "until": until.isoformat(),
                }
                news.later(session, "offered", conversation.id, lambda: offered)
            return str(conversation.id)

        return await self._work.on(which, work)

    async def decline(self, which: Which, actor: Actor) -> str:
        """The colleague cannot: it is for whoever comes next. Raises WrongState, NotAllowed."""

        async def work(session: AsyncSession, conversation: Any) -> str:
            handoff = await handoffs.open_handoff(session, conversation.id)
            if handoff is None or handoff.reserved_for is None:
                raise WrongState("nothing is offered", "not_offered")
            if handoff.reserved_for != actor.account_id and not actor.leads:
                raise NotAllowed("it is offered to somebody else", "not_yours")
            if await self._release(session, handoff.id):
                await self._work.say(session, conversation, "utter_handoff_waits", {})
            return str(conversation.id)

        return await self._work.on(which, work)

    async def expire(self) -> int:
        """Take back the offers that nobody took in time, and tell the customers; their number.

        Whoever writes the row first tells: with several nodes each is told of once.
        """
        async with self._work.services.database.session() as session:
            over = Handoff.status == states.QUEUED, Handoff.reserved_until <= self._work.now()
            found = (await session.execute(select(Handoff.id, Handoff.conversation_id).where(*over))).all()
        return sum([await self._expire(handoff_id, conversation_id) for handoff_id, conversation_id in found])

    async def _expire(self, handoff_id: int, conversation_id: str) -> bool:
        async def work(session: AsyncSession) -> bool:
            if not await self._release(session, handoff_id):
                return False
            conversation = await session.get(Conversation, conversation_id)
            await self._work.say(session, conversation, "utter_handoff_waits", {})
            for kind in ("state", "queue"):
                news.later(session, kind, conversation_id, dict, once=conversation_id)
            return True

        return await self._work.run(work)

    async def _release(self, session: AsyncSession, handoff_id: int) -> bool:
        """Free an offer that still stands; past its time on whoever's clock it was seen to be over."""
        free = update(Handoff).where(
            Handoff.id == handoff_id, Handoff.status == states.QUEUED, Handoff.reserved_for.isnot(None)
        )
        free = free.values(reserved_for=None, reserved_until=None).execution_options(synchronize_session=False)
        return bool((await session.execute(free)).rowcount)
