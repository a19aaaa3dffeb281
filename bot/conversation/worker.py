"""Takes stored messages through their turns: one at a time per conversation, conversations side by side."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from bot.clocks import talk
from bot.conversation import inbox, outbox, transcript
from bot.conversation.gate import Gate
from bot.conversation.hub import Hub
from bot.conversation.turn import Turn, in_turn
from bot.desk import news, states
from bot.lexicon import lexicon
from bot.metrics import REPLIES, TURN_SECONDS, TURNS_FAILED
from bot.model import Attachment
from bot.services import Services
from bot.store.database import is_locked
from bot.store.models import Conversation, Customer, InboxEntry, IssuedButton, TrackerState

log = structlog.get_logger(__name__)

BURST_CHANNELS = ("web",)
LONGEST_BURST = 3  # windows: somebody who never stops typing is answered after this many
CONFLICTS = 6
ATTEMPTS = 3
SWEEP_SECONDS = 5.0
LOCKED_SECONDS = 0.1
# Rasa computes on one core, so more turns at once only share it, and SQLite's write lock as well; PostgreSQL's waits
# are worth filling.
TURNS_AT_ONCE = {"sqlite": 2, "postgresql": 8}


class Engine(Protocol):
    """What understands a turn and fills in its replies."""

    async def respond(self, turn: Turn) -> None:
        """Answer the turn."""


def _is_conflict(error: BaseException) -> bool:
    """Whether another writer was faster, or would not let go of the lock, here or inside an action."""
    return any(
        isinstance(found, StaleDataError | IntegrityError) or (found is not None and is_locked(found))
        for found in (error, error.__cause__)
    )


class _HeldElsewhere(Exception):
    """Another node is at work on the conversation."""


class Worker:
    """Lives on the engine's loop. `wake` says that a conversation has something stored and unanswered."""

    def __init__(self, services: Services, engine: Engine, hub: Hub) -> None:
        self._services = services
        self._gate = Gate(engine)
        self._hub = hub
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._lines: dict[str, asyncio.Event] = {}  # set when another line comes while a burst is waited for
        self._draining = False
        self._slots = asyncio.Semaphore(TURNS_AT_ONCE[services.database.engine.dialect.name])

    def wake(self, conversation_id: str) -> None:
        """Work on this conversation; on the engine's loop only."""
        if self._draining:
            return
        if conversation_id in self._tasks:
            self._again.add(conversation_id)
            if conversation_id in self._lines:
                self._lines[conversation_id].set()
            return
        task = asyncio.ensure_future(self._work(conversation_id))
        self._tasks[conversation_id] = task
        task.add_done_callback(lambda _: self._rest(conversation_id))

    def _rest(self, conversation_id: str) -> None:
        self._tasks.pop(conversation_id, None)
        self._lines.pop(conversation_id, None)
        if conversation_id in self._again:
            self._again.discard(conversation_id)
            self.wake(conversation_id)

    async def take_up(self) -> int:
        """Wake every conversation with unanswered messages, such as those of before a crash; their number."""
        async with self._services.database.session() as session:
            query = select(InboxEntry.conversation_id).where(InboxEntry.status == "pending").distinct()
            waiting = (await session.execute(query)).scalars().all()
        for conversation_id in waiting:
            self.wake(conversation_id)
        return len(waiting)

    async def sweep(self) -> None:
        """Look for what nobody was woken for (a turn that failed, another node's), for ever."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self.take_up()
            except Exception:  # the sweep must outlive a database that is away for a while
                log.exception("sweep")

    async def drain(self) -> None:
        """Take nothing new and let running turns end."""
        self._draining = True
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=self._services.settings.turn_timeout)

    async def _work(self, conversation_id: str) -> None:
        failures = 0
        while not self._draining:
            try:
                await self._burst(conversation_id)
                async with self._slots:
                    if not await self._turn(conversation_id):
                        return
                failures = 0
            except _HeldElsewhere:
                await asyncio.sleep(LOCKED_SECONDS)
            except Exception as error:  # one conversation's trouble must not end the worker
                failures += 1
                log.exception("turn failed", conversation=conversation_id, attempt=failures, error=type(error).__name__)
                if failures >= ATTEMPTS:
                    await self._give_up(conversation_id)
                    return
                await asyncio.sleep(0.2 * failures)

    async def _burst(self, conversation_id: str) -> None:
        """Wait until the customer has stopped typing lines; a button, or the wish for a person, needs no waiting."""
        services, came = self._services, asyncio.Event()
        window = timedelta(seconds=services.settings.web_burst)
        latest_end = services.clock.now() + LONGEST_BURST * window
        self._lines[conversation_id] = came
        is_told = False
        while True:
            came.clear()
            async with services.database.session() as session:
                query = (
                    select(InboxEntry, Conversation.owner)
                    .join(Conversation, Conversation.id == InboxEntry.conversation_id)
                    .where(InboxEntry.conversation_id == conversation_id, InboxEntry.status == "pending")
                    .order_by(InboxEntry.id.desc())
                )
                found = (await session.execute(query.limit(1))).first()
            if found is None or found.owner in (states.AGENT, states.CLOSED):
                return
            latest = found.InboxEntry
            if latest.channel not in BURST_CHANNELS or latest.payload or lexicon().has("human", latest.text):
                return
            rest = min(latest.received_at + window, latest_end) - services.clock.now()
            if rest <= timedelta():
                return
            if found.owner == states.BOT and not is_told:
                self._hub.tell("typing", conversation_id, {"on": True})
                is_told = True
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(came.wait(), rest.total_seconds())

    async def _turn(self, conversation_id: str) -> bool:
        """Run one turn on all that is pending; False when nothing is. A conflict with another writer runs it again."""
        for _ in range(CONFLICTS):
            async with self._services.database.session() as session:
                conversation = await self._take(session, conversation_id)
                entries = await self._pending(session, conversation_id) if conversation else []
                if not entries:
                    return False
                if conversation.owner == states.CLOSED and await self._move_on(session, conversation, entries):
                    return True
                with TURN_SECONDS.time():
                    turn = await self._begin(session, conversation, entries)
                    owner = conversation.owner
                    try:
                        with in_turn(turn):
                            await asyncio.wait_for(self._gate.answer(turn), self._services.settings.turn_timeout)
                        told = await self._write(turn, entries)
                    except Exception as error:
                        if not _is_conflict(error):
                            raise
                        log.info("turn again", conversation=conversation_id, reason=type(error).__name__)
                        continue
            self._announce(turn, entries, told, owner)
            return True
        raise StaleDataError(f"conversation {conversation_id} kept changing")

    async def _move_on(self, session: AsyncSession, closed: Any, entries: list[Any]) -> bool:
        """What came just as the conversation was closed is answered in the sender's new one; False if it cannot."""
        present = await inbox.move_on(session, closed, entries, self._services.clock.now())
        if present is None:
            return False
        await session.commit()
        self._hub.tell("moved", present.id, {"from": closed.id})
        self.wake(present.id)
        return True

    async def _take(self, session: AsyncSession, conversation_id: str) -> Any:
        """The conversation, held until the unit of work ends (on PostgreSQL); None when nothing is pending.

        Another node may hold it. It is waited for outside, and not in the database, where it would take a connection.
        New messages refer to the row, which `key_share` lets them do meanwhile.
        """
        hold = {"skip_locked": True, "key_share": True}
        conversation = await session.get(Conversation, conversation_id, with_for_update=hold, populate_existing=True)
        if conversation is None and await self._anything_pending(session, conversation_id):
            raise _HeldElsewhere(conversation_id)
        return conversation

    async def _anything_pending(self, session: AsyncSession, conversation_id: str) -> bool:
        pending = exists().where(InboxEntry.conversation_id == conversation_id, InboxEntry.status == "pending")
        return bool((await session.execute(select(pending))).scalar())

    async def _pending(self, session: AsyncSession, conversation_id: str) -> list[Any]:
        """The oldest pending messages that make one turn: lines of text together, a button by itself."""
        query = (
            select(InboxEntry)
            .where(InboxEntry.conversation_id == conversation_id, InboxEntry.status == "pending")
            .order_by(InboxEntry.id)
            .limit(20)
        )
        entries = list((await session.execute(query)).scalars().all())
        if not entries or entries[0].payload or entries[0].channel not in BURST_CHANNELS:
            return entries[:1]
        taken = []
        for entry in entries:
            if entry.payload:
                break
            taken.append(entry)
        return taken

    async def _begin(self, session: AsyncSession, conversation: Any, entries: list[Any]) -> Turn:
        now = self._services.clock.now()
        tracker = await session.get(TrackerState, conversation.id)
        customer = await session.get(Customer, conversation.customer_id) if conversation.customer_id else None
        last: datetime | None = conversation.answered_at
        turn = Turn(
            services=self._services,
            session=session,
            conversation=conversation,
            text="\n".join(entry.text for entry in entries if entry.text),
            now=now,
            customer=customer,
            away=(now - last).total_seconds() if last else 0.0,
            attachments=tuple(Attachment(**a) for entry in entries for a in entry.attachments),
            tracker_events=list(tracker.events) if tracker else None,
            phrases=dict(tracker.phrases) if tracker else {},
        )
        turn.button = await self._button(session, entries[0], now)
        return turn

    async def _button(self, session: AsyncSession, entry: Any, now: datetime) -> Any:
        """The button that was pressed, if it is still good."""
        button = await session.get(IssuedButton, entry.payload) if entry.payload else None
        return button if button and button.expires_at > now else None

    async def _write(self, turn: Turn, entries: list[Any]) -> list[Any]:
        """Everything of this turn at once: replies, tracker, tickets and handoffs of the actions, inbox done."""
        session, conversation = turn.session, turn.conversation
        turn_id = entries[0].id
        conversation.answered_at = turn.now
        if turn.replies:
            conversation.staff_seen = await transcript.last_of(
                session, conversation.id, [e.message_id for e in entries]
            )
        for entry in entries:
            entry.status, entry.turn_id = "done", turn_id
        tracker = await session.get(TrackerState, conversation.id)
        if turn.tracker_events is not None:
            state = {"events": turn.tracker_events, "phrases": turn.remember_phrases(), "updated_at": turn.now}
            if tracker is None:
                session.add(TrackerState(conversation_id=conversation.id, **state))
            else:
                for name, value in state.items():
                    setattr(tracker, name, value)
        await session.flush()
        await talk.customer_wrote(turn, entries)
        written = [await outbox.write_reply(turn, reply, turn_id) for reply in turn.replies]
        await session.commit()
        return written

    def _announce(self, turn: Turn, entries: list[Any], written: list[Any], owner_before: str) -> None:
        conversation_id = turn.conversation.id
        self._hub.tell("typing", conversation_id, {"on": False})
        for message in written:
            for key in message.keys:
                REPLIES.labels(key).inc()
            self._hub.tell("message", conversation_id, {"message": transcript.as_transcript(message)})
        if written:
            self._hub.tell("seen", conversation_id, {"by": "staff", "seq": turn.conversation.staff_seen})
        news.tell(self._hub, turn.session)
        if turn.conversation.owner != owner_before:
            self._hub.tell("state", conversation_id)
        if turn.conversation.owner == states.QUEUE or owner_before == states.QUEUE:
            self._hub.tell("queue", conversation_id)
        self._hub.turn_ended([entry.id for entry in entries])

    async def _give_up(self, conversation_id: str) -> None:
        """After repeated failure: keep what was written, say so, and offer a person."""
        try:
            async with self._services.database.session() as session:
                conversation = await self._take(session, conversation_id)
                entries = await self._pending(session, conversation_id) if conversation else []
                if not entries:
                    return
                turn = await self._begin(session, conversation, entries)
                with in_turn(turn):
                    await self._gate.apologise(turn)
                for entry in entries:
                    entry.attempts += ATTEMPTS
                written = await self._write(turn, entries)
        except Exception:  # it stays pending; the sweep comes back to it
            log.exception("could not even apologise", conversation=conversation_id)
            return
        TURNS_FAILED.inc()
        self._announce(turn, entries, written, turn.conversation.owner)
