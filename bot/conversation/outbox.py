"""The way out. Replies are stored with their turn; channels that push get them from here, in order, with retries."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import transcript
from bot.conversation.rounds import Rounds, side_by_side
from bot.conversation.turn import Turn
from bot.errors import BotError
from bot.model import Button, Card, Reply, Transcript
from bot.promises import gate, ledger
from bot.services import Services
from bot.store.models import Conversation, IssuedButton, Message, OutboxEntry, new_id

log = structlog.get_logger(__name__)

BUTTONS_LIVE = timedelta(days=7)
BACKOFF_SECONDS = (1, 2, 5, 15, 60, 300)
IDLE_SECONDS = 2.0
ASKED = "utter_ask_confirmed"
"""What is put to the customer before it is done is only offered: agreed to, it is said again, and then promised."""
AT_ONCE = 8  # deliveries; each holds a connection of the pool for a moment


class NotDelivered(BotError):
    """The channel said no, or could not be reached: certainly not delivered, may be tried again."""


class DeliveryUnknown(BotError):
    """The channel may or may not have taken the message: it is not sent again."""


class Pusher(Protocol):
    """A channel to which messages must be sent. Raises NotDelivered or DeliveryUnknown."""

    async def push(self, sender: str, message: Transcript, entry_id: int) -> None:
        """Deliver one message; `entry_id` may serve as idempotency key."""


async def write_reply(turn: Turn, reply: Reply, turn_id: int) -> Any:
    """Store a reply of the bot, its buttons under issued ids, in the turn's unit of work.

    One that promises what cannot be kept is not said: what would be true is said instead.
    """
    session, conversation, now = turn.session, turn.conversation, turn.now
    judgement = await gate.judge(
        session, turn.services, conversation, "bot", reply.text, events=turn.tracker_events or (), orders=turn.orders
    )
    instead = gate.said_instead(turn.services, judgement, reply.key, conversation.id)
    if instead is not None:
        judgement, reply = gate.NOTHING, Reply(*instead)

    def issued(title: str, payload: str) -> str:
        return str(issue(session, conversation.id, title, payload, now).id)

    content = content_of(reply, issued)
    keys = [reply.key] if reply.key else []
    message = await transcript.append(
        session, conversation.id, "bot", reply.text, now, content=content, keys=keys, turn_id=turn_id
    )
    if not reply.key.startswith(ASKED):
        await judgement.record(session, turn.services, message, ledger.BOT)
    if conversation.channel in turn.services.reply_channels:
        enqueue(session, turn.services, conversation, message)
    return message


def issue(session: AsyncSession, conversation_id: str, title: str, payload: str, now: datetime) -> Any:
    """A button that may be pressed in this conversation: outside only its id is known."""
    button = IssuedButton(
        id=new_id(), conversation_id=conversation_id, title=title[:200], payload=payload, expires_at=now + BUTTONS_LIVE
    )
    session.add(button)
    return button


def content_of(reply: Reply, issue: Any) -> dict[str, Any]:
    """Buttons, cards, chips and image as shown; `issue(title, payload)` gives the id that stands for a payload."""

    def shown(choice: Button | Card) -> str:
        return str(issue(choice.title, choice.payload)) if choice.payload else ""

    content: dict[str, Any] = {}
    if reply.buttons:
        content["buttons"] = [{"title": b.title, "payload": shown(b)} for b in reply.buttons]
    if reply.cards:
        content["cards"] = [card.as_dict(shown(card)) for card in reply.cards]
    if reply.chips:
        content["chips"] = [{"title": c.title, "payload": shown(c)} for c in reply.chips]
    if reply.image:
        content["image"] = reply.image
    return content


def enqueue(session: AsyncSession, services: Services, conversation: Any, message: Any) -> None:
    """Put a message that nobody is waiting for on its way, where the channel must push; others fetch it."""
    if conversation.channel in services.push_channels:
        entry = OutboxEntry(conversation_id=conversation.id, message_id=message.id, channel=conversation.channel)
        entry.due_at = services.clock.now()
        session.add(entry)


class Outbox:
    """Delivers what is pending. Per conversation strictly in order: a message waits for the one before it."""

    def __init__(self, services: Services, pushers: Mapping[str, Pusher]) -> None:
        self._services = services
        self._pushers = pushers
        self._rounds = Rounds("outbox", IDLE_SECONDS)
        self._is_settled = False
        self._slots = asyncio.Semaphore(AT_ONCE)

    def wake(self) -> None:
        """There is something new; on the outbox's loop only."""
        self._rounds.wake()

    async def recover(self) -> None:
        """After a crash: what was being sent may have arrived. It is marked, not sent twice.

        Whoever claims for a limited time settles that alone.
        """
        async with self._services.database.session() as session:
            unsettled = OutboxEntry.status == "sending", OutboxEntry.claimed_at.is_(None)
            await session.execute(update(OutboxEntry).where(*unsettled).values(status="unknown"))
            await session.commit()

    async def run(self) -> None:
        """Deliver for ever; what a crash left half done is settled first."""
        await self._rounds.run(self._round)

    async def _round(self) -> bool:
        if not self._is_settled:
            await self.recover()
        self._is_settled = False  # until this round went well
        busy = await self.deliver_due()
        self._is_settled = True
        return busy

    async def deliver_due(self) -> bool:
        """Try the oldest undelivered message of each conversation once, if it is due; whether any was tried."""
        now = self._services.clock.now()
        async with self._services.database.session() as session:
            unsent = OutboxEntry.status.in_(("pending", "sending")), OutboxEntry.channel.in_(list(self._pushers))
            heads = select(func.min(OutboxEntry.id)).where(*unsent).group_by(OutboxEntry.conversation_id)
            query = select(OutboxEntry.id).where(
                OutboxEntry.id.in_(heads), OutboxEntry.status == "pending", OutboxEntry.due_at <= now
            )
            due = (await session.execute(query.order_by(OutboxEntry.id))).scalars().all()
        await side_by_side(self._deliver(entry_id) for entry_id in due)
        return bool(due)

    async def _deliver(self, entry_id: int) -> bool:
        async with self._slots, self._services.database.session() as session:
            claim = update(OutboxEntry).where(OutboxEntry.id == entry_id, OutboxEntry.status == "pending")
            claim = claim.values(status="sending", attempts=OutboxEntry.attempts + 1)
            if not (await session.execute(claim.execution_options(synchronize_session=False))).rowcount:
                return False
            entry = await session.get(OutboxEntry, entry_id)
            message = await session.get(Message, entry.message_id)
            conversation = await session.get(Conversation, entry.conversation_id)
            await session.commit()
            status = await self._send(conversation.sender, entry, message)
            values: dict[str, Any] = {"status": status}
            if status == "pending":
                wait = BACKOFF_SECONDS[min(entry.attempts, len(BACKOFF_SECONDS)) - 1]
                values["due_at"] = self._services.clock.now() + timedelta(seconds=wait)
            await session.execute(update(OutboxEntry).where(OutboxEntry.id == entry_id).values(**values))
            await session.commit()
            return True

    async def _send(self, sender: str, entry: Any, message: Any) -> str:
        try:
            await self._pushers[entry.channel].push(sender, transcript.as_transcript(message), entry.id)
        except NotDelivered:
            log.warning("not delivered", conversation=entry.conversation_id, attempt=entry.attempts)
            return "pending" if entry.attempts < 2 * len(BACKOFF_SECONDS) else "failed"
        except DeliveryUnknown:
            log.warning("delivery unknown", conversation=entry.conversation_id)
            return "unknown"
        return "sent"


async def undelivered(session: AsyncSession, conversation_id: str) -> int | None:
    """How many messages of a conversation may not have arrived."""
    return len(await doubtful(session, [conversation_id]))


async def doubtful(session: AsyncSession, conversation_ids: Sequence[str]) -> dict[int, str]:
    """What may not have arrived, by the message's number: unknown, failed, or waiting for the customer to write."""
    query = select(OutboxEntry.message_id, OutboxEntry.status).where(
        OutboxEntry.conversation_id.in_(conversation_ids), OutboxEntry.status.in_(("unknown", "failed", "waiting"))
    )
    return {row.message_id: row.status for row in await session.execute(query)}
