"""What was promised, as people ask for it: by sender, by state, in figures."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.promises.ledger import OPEN, STATES
from bot.promises.promise import KINDS
from bot.store.models import Conversation, MadePromise


async def of_talk(session: AsyncSession, conversation: Any) -> list[Any]:
    """What is still promised to whoever has this conversation, the first due first."""
    query = _with_sender(conversation.sender).where(
        Conversation.channel == conversation.channel, MadePromise.state == OPEN
    )
    return list((await session.execute(query.order_by(MadePromise.due_at, MadePromise.id))).scalars().all())


async def listed(session: AsyncSession, sender: str | None, state: str | None, most: int) -> list[Any]:
    """The promises to a sender, or those in a state: open ones by their time, others with the newest first."""
    query = _with_sender(sender) if sender else select(MadePromise)
    if state:
        query = query.where(MadePromise.state == state)
    order = (MadePromise.due_at, MadePromise.id) if state == OPEN else (MadePromise.id.desc(),)
    return list((await session.execute(query.order_by(*order).limit(most))).scalars().all())


async def figures(session: AsyncSession) -> list[dict[str, Any]]:
    """How many promises of each kind, by whom, are open, kept, broken, withdrawn."""
    query = select(MadePromise.kind, MadePromise.made_by, MadePromise.state, func.count())
    rows = (await session.execute(query.group_by(MadePromise.kind, MadePromise.made_by, MadePromise.state))).all()
    counted: dict[tuple[str, str], dict[str, int]] = {}
    for kind, made_by, state, count in rows:
        counted.setdefault((kind, made_by), dict.fromkeys(STATES, 0))[state] = count
    order = {kind: place for place, kind in enumerate(KINDS)}
    keys = sorted(counted, key=lambda key: (order.get(key[0], len(order)), key[1]))  # type: ignore[call-overload]
    return [{"kind": kind, "made_by": made_by, **counted[(kind, made_by)]} for kind, made_by in keys]


def _with_sender(sender: str) -> Any:
    return (
        select(MadePromise)
        .join(Conversation, Conversation.id == MadePromise.conversation_id)
        .where(Conversation.sender == sender)
    )
