"""A message for people who are not there: a ticket with the contact, and the conversation is the bot's again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import ledger
from bot.conversation import present, transcript
from bot.conversation.hub import Hub
from bot.desk import handoffs, states, tickets
from bot.desk.work import Work, transact
from bot.errors import BadInput, TooLarge
from bot.model import Attachment
from bot.services import Services
from bot.store.models import InboxEntry, Message, Ticket

CONTACT = range(3, 61)
MAX_TEXT = 1000
REACHABLE = re.compile(r"(?:.*?[A-Za-z0-9]){3}")
"""A phone number, a WeChat id, an e-mail address, in whatever words around it."""


@dataclass(frozen=True)
class Left:
    """What somebody leaves: how to reach them, and what it is about. `message_id` makes it come only once."""

    channel: str
    sender: str
    customer_id: str | None
    message_id: str
    contact: str
    text: str
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True)
class Taken:
    """What became of it: its place in the transcript, its ticket."""

    seq: int
    at: datetime
    ticket: str
    due_at: datetime


def check(contact: str, text: str) -> None:
    """Refuse what nobody could answer. Raises BadInput, TooLarge."""
    if len(contact) not in CONTACT or not contact.isprintable() or not REACHABLE.match(contact):
        raise BadInput("contact: a phone number, WeChat id or e-mail address", "bad_contact")
    if not text.strip():
        raise BadInput("the message is empty", "empty")
    if len(text) > MAX_TEXT:
        raise TooLarge(f"a message may have {MAX_TEXT} characters")


async def take(services: Services, hub: Hub, left: Left) -> Taken:
    """Store the message and its ticket, and confirm; again, the same receipt. Raises BadInput, TooLarge."""
    check(left.contact, left.text)

    async def do(work: Work) -> Taken:
        return await _known(work.session, left) or await _take(work, left)

    return await transact(services, hub, do)


async def _known(session: AsyncSession, left: Left) -> Taken | None:
    """The receipt of a message that was taken before. Raises BadInput when that was no message left."""
    query = select(InboxEntry).where(
        InboxEntry.channel == left.channel,
        InboxEntry.sender == left.sender,
        InboxEntry.message_id == left.message_id,
    )
    entry = (await session.execute(query)).scalars().first()
    if entry is None:
        return None
    here = Ticket.conversation_id == entry.conversation_id
    opened = select(Ticket).where(here, Ticket.type == "message", Ticket.created_at == entry.received_at)
    ticket = (await session.execute(opened)).scalars().first()
    seq = await transcript.last_of(session, entry.conversation_id, [left.message_id])
    if ticket is None:
        raise BadInput("this client_id was another message's")
    return Taken(seq, entry.received_at, ticket.id, ticket.due_at)


async def _take(work: Work, left: Left) -> Taken:
    session, now = work.session, work.now
    talk = await present.open_or_new(session, work.services, left.channel, left.sender, left.customer_id, now)
    message = await _write(work, left, talk, now)
    handoff = await handoffs.open_handoff(session, talk.id)
    evidence = [attachment.as_dict() for attachment in left.attachments]
    ticket = await tickets.open_ticket(
        session,
        work.services,
        talk,
        type="message",
        status="open",
        reason=f"{left.contact} {left.text}",
        contact=left.contact,
        order_no=handoff.summary.get("order_no") if handoff else None,
        evidence=evidence,
        now=now,
    )
    await tickets.note(session, ticket, f"{left.contact}\n{left.text}", (), now)
    if talk.owner == states.QUEUE:
        await handoffs.give_back(session, talk, now, states.MESSAGE_LEFT)
        await ledger.nobody_waits(session, work.services, talk, states.MESSAGE_LEFT, now=now)
        work.moved(talk.id)
    fields = {"ticket": ticket.id, "due": tickets.when(ticket.due_at, now)}
    await work.say(talk, "utter_message_left", fields, role="bot")
    talk.staff_seen = message.id
    work.tell("seen", talk.id, {"by": "staff", "seq": message.id})
    work.tell("ticket", talk.id, {"ticket": tickets.as_json(ticket)})
    return Taken(message.id, now, ticket.id, ticket.due_at)


async def _write(work: Work, left: Left, talk: Any, now: datetime) -> Message:
    """The customer's own line; in the inbox it is done, since the house answers it here."""
    text = work.services.texts.label("label_message_left", contact=left.contact, text=left.text)
    attachments = [attachment.as_dict() for attachment in left.attachments]
    message: Message = await transcript.append(
        work.session,
        talk.id,
        "customer",
        text,
        now,
        content={"attachments": attachments} if attachments else {},
        client_id=left.message_id,
    )
    entry = InboxEntry(
        channel=left.channel,
        sender=left.sender,
        message_id=left.message_id,
        conversation_id=talk.id,
        text=text,
        attachments=attachments,
        received_at=now,
        status="done",
    )
    work.session.add(entry)
    await work.session.flush()
    entry.turn_id = entry.id
    work.show(talk, message)
    return message
