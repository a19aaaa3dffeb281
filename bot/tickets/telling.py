"""What a customer hears of tickets: each change that matters once, in order, and not at night if the shop says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot import cards, mood
from bot.clocks import cases
from bot.conversation import transcript
from bot.conversation.hub import Hub
from bot.desk.work import Work, transact
from bot.model import Button, Card
from bot.policy.outcome import GOODS_COME_BACK
from bot.services import Services
from bot.store.models import Conversation, Ticket, TicketEvent, TicketNews
from bot.tickets.shown import when

log = structlog.get_logger(__name__)

AT_ONCE = 50
SOLVED, NOT_SOLVED = "/ticket_solved", "/ticket_unsolved"
DONE = "utter_ticket_done"
MERGED, LATE = "merged", "late"
GOODS_BACK = "utter_ticket_goods_back_"
SENDS_BACK = ("utter_ticket_approved_return_refund", "utter_ticket_approved_exchange", "utter_ticket_approved_repair")
OF_MONEY = ("utter_ticket_approved_", "utter_ticket_refund_applied", GOODS_BACK)


async def announce(work: Work, ticket: Any, event: Any, key: str, **fields: str) -> None:
    """The customer is to hear of an event. It is told now, or after what waits already, or when people are back."""
    session, now = work.session, work.now
    await session.flush()
    told = {"reason": "", "amount": "" if ticket.amount is None else f"{ticket.amount:.2f}"}
    told |= {"due": ticket.due_at.isoformat() if ticket.due_at else "", **fields}
    piece = TicketNews(event_id=event.id, ticket_id=ticket.id, key=key, fields=told, due_at=_due(work.services, now))
    session.add(piece)
    await session.flush()
    for waiting in await _waiting(session, ticket):
        if waiting.due_at > now or not await _tell(work, waiting):
            break


async def decided(work: Work, ticket: Any, event: Any) -> None:
    """News of a decision: its words by what was decided and by the remedy."""
    texts, detail = work.services.texts, event.detail
    key, reason = f"utter_ticket_{event.kind}", detail.get("reason", "")
    if event.kind == "rejected" and not reason:
        key = f"{key}_plain"
    elif detail.get("goods_back") and f"{GOODS_BACK}{ticket.type}" in texts:
        key = f"{GOODS_BACK}{ticket.type}"
    elif f"{key}_{ticket.type}" in texts:
        key = f"{key}_{ticket.type}"
    await announce(work, ticket, event, key, reason=reason)


async def tell_due(services: Services, hub: Hub) -> int:
    """Tell what is due, oldest first; how many pieces. With several nodes each is told once.

    What cannot be told keeps back only what comes after it in the same ticket.
    """
    async with services.database.session() as session:
        query = select(TicketNews.id, TicketNews.ticket_id).where(
            TicketNews.told_at.is_(None), TicketNews.due_at <= services.clock.now()
        )
        due = (await session.execute(query.order_by(TicketNews.id).limit(AT_ONCE))).all()
    told, stuck = 0, set()
    for news_id, ticket_id in due:
        if ticket_id in stuck:
            continue

        async def do(work: Work, news_id: int = news_id) -> bool:
            return await _tell(work, await work.session.get(TicketNews, news_id))

        try:
            told += await transact(services, hub, do)
        except Exception:
            log.exception("news of a ticket", ticket=ticket_id)
            stuck.add(ticket_id)
    return told


def _due(services: Services, now: datetime) -> datetime:
    shop = services.shop
    return shop.opens_at(now) if shop.quiet_news and not shop.is_open(now) else now


async def _waiting(session: AsyncSession, ticket: Any) -> list[Any]:
    """What is not told yet of this ticket, in order."""
    query = select(TicketNews).where(TicketNews.ticket_id == ticket.id, TicketNews.told_at.is_(None))
    return list((await session.execute(query.order_by(TicketNews.id))).scalars().all())


async def _tell(work: Work, piece: Any) -> bool:
    """Write one piece into the conversation; False where another node did, or is doing so."""
    session, now = work.session, work.now
    if piece is None:
        return False
    claim = update(TicketNews).where(TicketNews.id == piece.id, TicketNews.told_at.is_(None)).values(told_at=now)
    claimed: Any = await session.execute(claim.execution_options(synchronize_session=False))
    if not claimed.rowcount:
        return False
    ticket = await session.get(Ticket, piece.ticket_id)
    event = await session.get(TicketEvent, piece.event_id)
    if ticket.parent_id is not None and event.kind != MERGED:
        return True  # the one that it was merged into goes on telling
    conversation = await same_sender_now(session, ticket.conversation_id)
    fields = _fields(ticket, piece.fields, now)
    feeling = await mood.of_talk(session, conversation.id, None, now)
    message = await work.say(
        conversation,
        piece.key,
        fields,
        role="bot",
        mood=feeling.level,
        buttons=_buttons(work.services, ticket, piece.key),
        cards=_cards(work.services, ticket, piece.key),
    )
    if message is not None:
        if event.kind != LATE:
            await cases.told(session, work.services, ticket, now)
        values = update(TicketNews).where(TicketNews.id == piece.id).values(message_id=message.id)
        await session.execute(values.execution_options(synchronize_session=False))
    return True


def _fields(ticket: Any, told: Mapping[str, str], now: datetime) -> dict[str, str]:
    due = when(datetime.fromisoformat(told["due"]).astimezone(now.tzinfo), now) if told["due"] else ""
    return {**told, "due": due, "ticket": ticket.id}


def _buttons(services: Services, ticket: Any, key: str) -> tuple[Button, ...]:
    """Whether it is solved is asked when it is done."""
    if not key.startswith(DONE):
        return ()
    label = services.texts.label
    payloads = ((payload, f'{payload}{{"ticket": "{ticket.id}"}}') for payload in (SOLVED, NOT_SOLVED))
    return tuple(Button(label(f"label{payload.replace('/', '_')}"), told) for payload, told in payloads)


def _cards(services: Services, ticket: Any, key: str) -> tuple[Card, ...]:
    """How far the money is; where the goods go."""
    label = services.texts.label
    shown: list[Card] = []
    if ticket.amount is not None and ticket.order_no and ticket.type != "order_note" and key.startswith(OF_MONEY):
        shown.append(
            cards.refund(
                label,
                number=ticket.id,
                amount=ticket.amount,
                order_tail=ticket.order_no[-4:],
                status=ticket.status,
                applied_at=ticket.created_at,
                goods_back=ticket.type in GOODS_COME_BACK,
            )
        )
    if key in SENDS_BACK and ticket.status in ("waiting_customer", "approved"):
        shown.append(cards.returning(label, services.shop.return_address, ticket.id))
    return tuple(shown)


async def same_sender_now(session: AsyncSession, conversation_id: str) -> Any:
    """The conversation to speak in: the ticket's own, or the sender's newer one after it was closed."""
    own = await session.get(Conversation, conversation_id)
    query = transcript.open_conversation(own.channel, own.sender)
    present = (await session.execute(query)).scalars().first()
    return present if present and present.customer_id == own.customer_id else own
