"""A customer wants to be forgotten: people do it, within the promised time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.conversation import present
from bot.conversation.hub import Hub
from bot.desk import standing, tickets
from bot.desk.work import Work, transact
from bot.services import Services
from bot.store.models import Message, Ticket

CAUSE = "delete_request"
NOTED = "utter_delete_noted"


async def request(services: Services, hub: Hub, channel: str, sender: str, customer_id: str | None) -> str:
    """Open a ticket, or find the one that is open, and confirm it; its number."""

    async def do(work: Work) -> str:
        session, now = work.session, work.now
        talk = await present.open_or_new(session, work.services, channel, sender, customer_id, now)
        ticket = await _open_one(work, talk)
        if ticket is None:
            ticket = await tickets.open_ticket(
                session,
                services,
                talk,
                type="message",
                status="open",
                cause=CAUSE,
                reason=services.texts.plain("label_delete_reason"),
                now=now,
            )
            work.tell("ticket", talk.id, {"ticket": tickets.as_json(ticket)})
        elif await _was_confirmed_just_now(work, talk):
            return str(ticket.id)
        await work.say(talk, NOTED, {"ticket": ticket.id, "due": tickets.when(ticket.due_at, now)}, role="bot")
        return str(ticket.id)

    return await transact(services, hub, do)


async def _open_one(work: Work, talk: Any) -> Any:
    query = select(Ticket).where(standing.owed_to(talk), Ticket.cause == CAUSE, Ticket.status.in_(tickets.UNSETTLED))
    return (await work.session.execute(query)).scalars().first()


async def _was_confirmed_just_now(work: Work, talk: Any) -> bool:
    """Whether the confirmation is the last that was said: who presses twice reads it once."""
    query = select(Message).where(Message.conversation_id == talk.id).order_by(Message.id.desc()).limit(1)
    last = (await work.session.execute(query)).scalars().first()
    return last is not None and NOTED in last.keys
