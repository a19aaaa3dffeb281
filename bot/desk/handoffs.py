"""From bot to person and back: request, place in the queue, accept, return, close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk import states
from bot.errors import WrongState
from bot.metrics import HANDOFFS
from bot.store.database import after_commit
from bot.store.models import Handoff

MINUTES_PER_CUSTOMER = 3
PRIORITY = {"legal": 30, "complaint": 20, "angry": 10}
VIP = 5


@dataclass(frozen=True)
class Place:
    """Where somebody stands in the queue: 1 is next."""

    position: int
    minutes: int


async def request(
    session: AsyncSession, conversation: Any, reason: str, summary: dict[str, Any], now: datetime, *, vip: bool = False
) -> Any:
    """Put the conversation into the queue, with the summary for the agent. Once: a second wish finds the first."""
    current = await open_handoff(session, conversation.id)
    if current:
        return current
    handoff = Handoff(
        conversation_id=conversation.id,
        reason=reason,
        priority=PRIORITY.get(reason, 0) + (VIP if vip else 0),
        summary=summary,
        requested_at=now,
    )
    session.add(handoff)
    conversation.owner = states.QUEUE
    await session.flush()
    after_commit(session, HANDOFFS.labels(reason).inc)
    return handoff


def urge(handoff: Any, reason: str) -> None:
    """Who waits has a more urgent reason now: the place changes with it."""
    more = PRIORITY[reason] - PRIORITY.get(handoff.reason, 0)
    if handoff.status == states.QUEUED and more > 0:
        handoff.reason, handoff.priority = reason, handoff.priority + more


async def open_handoff(session: AsyncSession, conversation_id: str) -> Any:
    """The handoff that is waiting or being served, or None."""
    query = select(Handoff).where(Handoff.conversation_id == conversation_id, Handoff.status.in_(states.OPEN_HANDOFFS))
    return (await session.execute(query.order_by(Handoff.id.desc()))).scalars().first()


async def last_handoff(session: AsyncSession, conversation_id: str) -> Any:
    """The newest handoff of a conversation, however it ended; None without one."""
    query = select(Handoff).where(Handoff.conversation_id == conversation_id).order_by(Handoff.id.desc())
    return (await session.execute(query.limit(1))).scalars().first()


async def place(session: AsyncSession, handoff: Any) -> Place:
    """The place of a queued handoff: more urgent ones and older ones of the same urgency stand before it."""
    before = or_(
        Handoff.priority > handoff.priority, and_(Handoff.priority == handoff.priority, Handoff.id < handoff.id)
    )
    query = select(func.count()).select_from(Handoff).where(Handoff.status == states.QUEUED, before)
    ahead = int((await session.execute(query)).scalar_one())
    return Place(ahead + 1, (ahead + 1) * MINUTES_PER_CUSTOMER)


async def line(session: AsyncSession) -> list[str]:
    """The conversations that wait, the next one first."""
    query = select(Handoff.conversation_id).where(Handoff.status == states.QUEUED)
    return list((await session.execute(query.order_by(Handoff.priority.desc(), Handoff.id))).scalars().all())


async def accept(session: AsyncSession, conversation: Any, account: Any, now: datetime, *, bound: bool = False) -> Any:
    """A person takes the conversation; also straight from the bot (an agent may step in). Raises WrongState.

    `bound`: an offer to a colleague holds for this one too.
    """
    if conversation.owner in (states.AGENT, states.CLOSED):
        raise WrongState(f"the conversation is with: {conversation.owner}", "not_waiting")
    handoff = await open_handoff(session, conversation.id)
    if handoff is None:
        handoff = Handoff(conversation_id=conversation.id, reason="stepped_in", summary={}, requested_at=now)
        session.add(handoff)
    if bound and handoff.reserved_for not in (None, account.id) and handoff.reserved_until > now:
        raise WrongState("it is offered to a colleague", "reserved")
    handoff.status, handoff.agent_id, handoff.accepted_at = states.ACCEPTED, account.id, now
    handoff.reserved_for, handoff.reserved_until = None, None
    conversation.owner, conversation.agent_id = states.AGENT, account.id
    return handoff


def offer(conversation: Any, handoff: Any, to: int | None, until: datetime | None, now: datetime) -> None:
    """Into the queue again, at the old priority and before who came later; kept for a colleague until then."""
    handoff.status, handoff.agent_id, handoff.accepted_at, handoff.requested_at = states.QUEUED, None, None, now
    handoff.reserved_for, handoff.reserved_until = to, until
    conversation.owner, conversation.agent_id = states.QUEUE, None


async def give_back(session: AsyncSession, conversation: Any, now: datetime, status: str = states.RETURNED) -> None:
    """The bot answers again. Raises WrongState when no person has, or is asked for, the conversation."""
    if conversation.owner not in (states.AGENT, states.QUEUE):
        raise WrongState(f"the conversation is with: {conversation.owner}", "not_with_people")
    await _end(session, conversation.id, status, now)
    conversation.owner, conversation.agent_id = states.BOT, None


async def close(session: AsyncSession, conversation: Any, now: datetime) -> None:
    """End the conversation; the customer's next message begins a new one. Raises WrongState when it is closed."""
    if conversation.owner == states.CLOSED:
        raise WrongState("the conversation is closed", "closed")
    await _end(session, conversation.id, states.CLOSED, now)
    conversation.owner, conversation.closed_at = states.CLOSED, now


async def _end(session: AsyncSession, conversation_id: str, status: str, now: datetime) -> None:
    handoff: Any | None = await open_handoff(session, conversation_id)
    if handoff:
        handoff.status, handoff.ended_at, handoff.awaits_message = status, now, 0
        handoff.reserved_for, handoff.reserved_until = None, None
