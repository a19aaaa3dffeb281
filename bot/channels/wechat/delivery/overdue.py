"""People's words that cannot be sent any more become a ticket: somebody has to reach the customer in another way."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.channels.wechat.delivery import grants
from bot.channels.wechat.delivery.claims import AGENT, CHANNEL
from bot.conversation.hub import Hub
from bot.desk import tickets
from bot.desk.work import Work, transact
from bot.services import Services
from bot.store.models import Conversation, Message, OutboxEntry, WeChatUser

TOO_LONG = timedelta(hours=12)
"""So long a person's words may wait for the customer to write, while they still could be sent then."""
LABEL = "label_wechat_unsent"
AT_ONCE = 200


async def sweep(services: Services, hub: Hub) -> int:
    """Open a `message` ticket for each talk with such words; how many. They still go out when the customer writes."""

    async def do(work: Work) -> int:
        await _give_up(work)
        found: dict[str, list[Any]] = defaultdict(list)
        for entry, message, user in (await work.session.execute(_unsent())).all():
            late = message.at < work.now - TOO_LONG
            if entry.status == "failed" or late or user is None or grants.is_over(user, work.now):
                found[entry.conversation_id].append((entry, message))
        for conversation_id, lines in found.items():
            await _open(work, conversation_id, lines)
        return len(found)

    return await transact(services, hub, do)


async def _give_up(work: Work) -> None:
    """To who does not follow any more nothing can be sent."""
    left = (
        select(OutboxEntry)
        .join(Conversation, Conversation.id == OutboxEntry.conversation_id)
        .join(WeChatUser, WeChatUser.openid == Conversation.sender)
        .where(
            OutboxEntry.channel == CHANNEL,
            OutboxEntry.status.in_(("pending", "waiting")),
            WeChatUser.follows.is_(False),
        )
        .limit(AT_ONCE)
    )
    for entry in (await work.session.execute(left)).scalars().all():
        entry.status = "failed"
    await work.session.flush()


def _unsent() -> Any:
    return (
        select(OutboxEntry, Message, WeChatUser)
        .join(Message, Message.id == OutboxEntry.message_id)
        .join(Conversation, Conversation.id == OutboxEntry.conversation_id)
        .outerjoin(WeChatUser, WeChatUser.openid == Conversation.sender)
        .where(
            OutboxEntry.channel == CHANNEL,
            OutboxEntry.status.in_(("waiting", "failed")),
            OutboxEntry.ticket_id.is_(None),
            Message.role == AGENT,
        )
        .order_by(OutboxEntry.id)
        .limit(AT_ONCE)
    )


async def _open(work: Work, conversation_id: str, lines: list[Any]) -> None:
    talk = await work.session.get(Conversation, conversation_id)
    text = " / ".join(message.text for _, message in lines)
    ticket = await tickets.open_ticket(
        work.session,
        work.services,
        talk,
        type="message",
        status="open",
        reason=work.services.texts.label(LABEL, text=text),
        contact=talk.sender,
        now=work.now,
    )
    for entry, _ in lines:
        entry.ticket_id = ticket.id
    work.tell("ticket", talk.id, {"ticket": tickets.as_json(ticket)})
