"""Talks that fell silent: asked once whether somebody is still there, then closed. What is under way is left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import aliased

from bot.conversation.hub import Hub
from bot.conversation.turn import runs_flow
from bot.desk import closing, states, tickets
from bot.desk.work import Work, transact
from bot.promises import ledger
from bot.services import Services
from bot.store.models import Approval, Conversation, Message, Ticket, TrackerState

CHANNELS = ("web",)
WARNING, CLOSED = "utter_idle_warning", "utter_idle_closed"
LET_BE = timedelta(days=1)  # who left a flow unfinished so long ago is not looked at again and again


@dataclass(frozen=True)
class Silent:
    """A conversation in which nothing is said any more, as it was found."""

    conversation_id: str
    last: int
    warned_at: datetime | None
    is_warned: bool


async def sweep(services: Services, hub: Hub) -> int:
    """Warn and close what is silent; how many conversations that were."""
    done = 0
    for silent in await find(services):

        async def do(work: Work, silent: Silent = silent) -> bool:
            return await act(work, silent)

        done += await transact(services, hub, do)
    return done


async def find(services: Services) -> list[Silent]:
    """Where the house spoke last, long enough ago, and nothing is open."""
    now, idle = services.clock.now(), services.shop.idle
    lines = select(func.max(Message.id)).where(Message.conversation_id == Conversation.id)
    newest = lines.correlate(Conversation).scalar_subquery()
    line = aliased(Message)
    of_customer = aliased(Message)
    long_ago, asked_ago = now - timedelta(minutes=idle.warn_minutes), now - idle.grace
    quiet = or_(line.at <= long_ago, Conversation.warned_at <= asked_ago)
    owed = or_(Ticket.conversation_id == Conversation.id, Ticket.customer_id == Conversation.customer_id)
    query = (
        select(Conversation.id, Conversation.warned_at, line.id, line.keys, line.at)
        .join(line, line.id == newest)
        .where(
            Conversation.owner != states.CLOSED,
            Conversation.owner.in_((states.BOT, states.AGENT)),
            Conversation.channel.in_(CHANNELS),
            line.role != "customer",
            line.at > now - LET_BE,
            quiet,
            exists().where(of_customer.conversation_id == Conversation.id, of_customer.role == "customer"),
            ~exists().where(Ticket.status.in_(tickets.UNSETTLED), owed),
            ~exists().where(Approval.conversation_id == Conversation.id, Approval.status == "pending"),
            ~ledger.open_in(Conversation.id),
        )
    )
    async with services.database.session() as session:
        rows = (await session.execute(query)).all()
    found = []
    for talk, asked, last, keys, at in rows:
        is_warned = asked is not None and WARNING in keys  # where somebody spoke since, the silence began anew
        if asked <= asked_ago if is_warned else at <= long_ago:
            found.append(Silent(talk, last, asked, is_warned))
    return found


async def act(work: Work, silent: Silent) -> bool:
    """Warn or close, unless a flow waits for an answer; False where somebody spoke, or was faster."""
    tracker = await work.session.get(TrackerState, silent.conversation_id)
    if tracker and runs_flow(tracker.events):
        return False
    conversation = await work.session.get(Conversation, silent.conversation_id)
    if not await _claim(work, silent):
        return False
    idle = work.services.shop.idle
    if silent.is_warned:
        await closing.close(work, conversation, CLOSED)
    else:
        await work.say(conversation, WARNING, {"minutes": idle.close_minutes - idle.warn_minutes})
    return True


async def _claim(work: Work, silent: Silent) -> bool:
    """Mark the conversation, if it still is as it was found: of several nodes one is first, and a customer before all.

    Without a new version: a turn that runs meanwhile need not be done again.
    """
    table, newer = Conversation.__table__, aliased(Message)
    as_found = (
        table.c.id == silent.conversation_id,
        table.c.owner.in_((states.BOT, states.AGENT)),
        table.c.warned_at.is_(None) if silent.warned_at is None else table.c.warned_at == silent.warned_at,
        ~exists().where(newer.conversation_id == silent.conversation_id, newer.id > silent.last),
    )
    marked = None if silent.is_warned else work.now
    claimed: Any = await work.session.execute(update(table).where(*as_found).values(warned_at=marked))
    return bool(claimed.rowcount)
