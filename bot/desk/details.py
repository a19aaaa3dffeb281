"""All that somebody wants to see beside a conversation, in one call; and who else is at the desk."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import cards
from bot.conversation import outbox, transcript
from bot.desk import approvals, handoffs, masking, notes, rows, tickets
from bot.desk.units import named
from bot.model import Card, Transcript
from bot.orders.gateway import Viewer
from bot.orders.sql import SqlOrders
from bot.services import Services
from bot.store.models import Account, Conversation, Customer, Product

LINES = 50
MOST_LINES = 200


async def of_conversation(session: AsyncSession, services: Services, conversation_id: str) -> dict[str, Any]:
    """The row, the hand-over summary, profile, orders, and what was agreed in all talks of this sender."""
    conversation = await named(conversation_id)(session)
    row = (await rows.of(session, services, [conversation_id]))[conversation_id]
    customer = await session.get(Customer, conversation.customer_id) if conversation.customer_id else None
    handoff = await handoffs.last_handoff(session, conversation_id)
    talks = list((await session.execute(select(Conversation.id).where(_same_sender(conversation)))).scalars().all())
    claims = await tickets.of_conversation(session, talks)
    doubtful = await outbox.doubtful(session, talks)
    return {
        **row,
        "summary": handoff.summary if handoff else None,
        "profile": _profile(customer) if customer else None,
        "orders": [card.as_dict("") for card in await order_cards(session, services, conversation)],
        "tickets": [tickets.as_json(ticket) for ticket in claims],
        "goods": await _names(session, {item["sku"] for ticket in claims for item in ticket.items}),
        "approvals": [approvals.as_json(entry) for entry in await approvals.of_conversations(session, talks)],
        "notes": await notes.of_conversations(session, talks),
        "customer_seen": conversation.customer_seen,
        "staff_seen": conversation.staff_seen,
        "undelivered": await outbox.undelivered(session, conversation_id),
        "delivery": {str(seq): status for seq, status in doubtful.items()},
    }


async def messages(
    session: AsyncSession, conversation_id: str, *, before: int | None, after: int | None, limit: int
) -> dict[str, Any]:
    """A page of all that was ever said with this sender, oldest first."""
    conversation = await named(conversation_id)(session)
    found, more = await transcript.page(session, _same_sender(conversation), before=before, after=after, limit=limit)
    return {"messages": [as_line(message) for message in found], "has_more": more}


def as_line(message: Transcript) -> dict[str, Any]:
    """A message as the console shows it."""
    line: dict[str, Any] = {
        "seq": message.seq,
        "role": message.role,
        "text": message.text,
        "at": message.at.isoformat(),
    }
    if message.author:
        line["name"] = message.author
    if message.client_id:
        line["client_id"] = message.client_id
    return line | message.content


async def colleagues(session: AsyncSession, online: Collection[int]) -> list[dict[str, Any]]:
    """All accounts, with how many conversations each has."""
    counted = await rows.counts(session)
    accounts = (await session.execute(select(Account).order_by(Account.name, Account.id))).scalars().all()
    return [
        {"id": a.id, "name": a.name, "role": a.role, "online": a.id in online, "load": counted.load(a.id)}
        for a in accounts
    ]


async def order_cards(session: AsyncSession, services: Services, conversation: Any) -> list[Card]:
    """The orders that this customer may see themselves, newest first."""
    viewer = Viewer(conversation.id, conversation.channel, conversation.sender, conversation.customer_id)
    views = await SqlOrders(session, services.clock, services.shop.gift_values).recent(viewer)
    return [cards.order(services.texts.label, view) for view in views]


async def _names(session: AsyncSession, skus: Collection[str]) -> dict[str, str]:
    """What the goods of tickets are called; the tickets themselves tell their numbers only."""
    found = await session.execute(select(Product.sku, Product.name).where(Product.sku.in_(skus)))
    return {row.sku: row.name for row in found}


def _profile(customer: Any) -> dict[str, Any]:
    return {
        "name": customer.name,
        "level": customer.level,
        "phone": masking.phone(customer.phone),
        "address": masking.address(customer.address),
    }


def _same_sender(conversation: Any) -> Any:
    return (Conversation.channel == conversation.channel) & (Conversation.sender == conversation.sender)
