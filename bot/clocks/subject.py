"""What a clock is about, and which clocks a signal means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.store.models import Conversation, DutyClock


@dataclass(frozen=True)
class About:
    """The ids that a signal names; `name` is a subject of its own, such as one of several approvals of a talk."""

    ticket_id: str | None = None
    conversation_id: str | None = None
    order_no: str | None = None
    promise_id: str | None = None
    name: str | None = None

    @property
    def subject(self) -> str:
        """What a clock that starts now is about: the narrowest thing that is named."""
        for kind, found in (
            ("promise", self.promise_id),
            ("ticket", self.ticket_id),
            ("order", self.order_no),
            ("conversation", self.conversation_id),
        ):
            if self.name is None and found is not None:
                return f"{kind}:{found}"
        if self.name is None:
            raise ValueError("a clock is about something")
        return self.name

    async def open_clocks(self, session: AsyncSession) -> list[Any]:
        """The clocks that have not ended and are about this, oldest first.

        A talk stands for all talks of the same customer under the same sender: a complaint of the last one is answered
        in the next. Where signal and clock name a ticket (or else an order), that alone decides.
        """
        own = DutyClock.ended_at.is_(None)
        if self.name is not None or self.promise_id is not None:
            query = select(DutyClock).where(own, DutyClock.subject == self.subject)
            return list((await session.execute(query.order_by(DutyClock.started_at))).scalars().all())
        talks = await _talks(session, self.conversation_id) if self.conversation_id else []
        named = [
            *([DutyClock.ticket_id == self.ticket_id] if self.ticket_id else []),
            *([DutyClock.order_no == self.order_no] if self.order_no else []),
            *([DutyClock.conversation_id.in_(talks)] if talks else []),
        ]
        query = select(DutyClock).where(own, or_(*named)).order_by(DutyClock.started_at, DutyClock.id)
        found = (await session.execute(query)).scalars().all()
        return [clock for clock in found if self._means(clock)]

    def _means(self, clock: Any) -> bool:
        if self.ticket_id and clock.ticket_id:
            return bool(clock.ticket_id == self.ticket_id)
        if self.order_no and clock.order_no:
            return bool(clock.order_no == self.order_no)
        return True


async def _talks(session: AsyncSession, conversation_id: str) -> list[str]:
    talk = aliased(Conversation)
    one = or_(
        talk.customer_id == Conversation.customer_id,
        and_(talk.customer_id.is_(None), Conversation.customer_id.is_(None)),
    )
    same = and_(talk.channel == Conversation.channel, talk.sender == Conversation.sender, one)
    query = select(Conversation.id).join(talk, same).where(talk.id == conversation_id)
    return list((await session.execute(query)).scalars().all())
