"""How a conversation stands: who serves it, the place in the queue, what the shop owes, when people are there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk import accounts, handoffs, states, tickets
from bot.services import Services
from bot.store.models import Account, Conversation, Ticket


async def shown(session: AsyncSession, services: Services, conversation: Any) -> dict[str, Any]:
    """As the widget shows it; also of somebody who has not written yet (None)."""
    now, shop = services.clock.now(), services.shop
    is_open = shop.is_open(now)
    state: dict[str, Any] = {
        "owner": states.BOT,
        "agent_name": None,
        "agent_no": None,
        "position": None,
        "minutes": None,
        "overtaken": False,
        "hours": shop.hours_text(now),
        "open": is_open,
        "opens_at": None if is_open else shop.opens_at(now).isoformat(),
        "staff_seen": 0,
        "promises": 0,
    }
    if conversation is None:
        return state
    agent = await session.get(Account, conversation.agent_id) if conversation.agent_id else None
    handoff = await handoffs.open_handoff(session, conversation.id)
    place = await handoffs.place(session, handoff) if handoff and handoff.status == states.QUEUED else None
    return state | {
        "owner": conversation.owner,
        "agent_name": agent.name if agent else None,
        "agent_no": accounts.number(agent) if agent else None,
        "position": place.position if place else None,
        "minutes": place.minutes if place else None,
        "staff_seen": await _staff_seen(session, conversation),
        "promises": len(await promises(session, conversation)),
    }


def owed_to(conversation: Any) -> Any:
    """The condition on tickets of whoever has this conversation: from this talk, earlier ones, other channels."""
    own = select(Conversation.id).where(
        Conversation.channel == conversation.channel,
        Conversation.sender == conversation.sender,
        Conversation.customer_id.is_(None)
        if conversation.customer_id is None
        else Conversation.customer_id == conversation.customer_id,
    )
    mine = or_(Ticket.conversation_id == conversation.id, Ticket.conversation_id.in_(own))
    return or_(mine, Ticket.customer_id == conversation.customer_id) if conversation.customer_id else mine


async def promises(session: AsyncSession, conversation: Any) -> list[Any]:
    """The tickets that stay in the shop's hand, the one that is due first before the others."""
    query = select(Ticket).where(owed_to(conversation), Ticket.status.in_(tickets.UNSETTLED))
    return list((await session.execute(query.order_by(Ticket.due_at, Ticket.id))).scalars().all())


async def _staff_seen(session: AsyncSession, conversation: Any) -> int:
    """The last number that staff has seen, of this talk and the earlier ones."""
    query = select(func.max(Conversation.staff_seen)).where(
        Conversation.channel == conversation.channel, Conversation.sender == conversation.sender
    )
    return int((await session.execute(query)).scalar() or 0)
