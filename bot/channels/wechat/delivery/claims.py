"""Takes what waits for somebody, so that nobody else sends it too: no other request, no courier, no other node.

A claim holds the follower's row for the moment in which it is made. It is settled by what became of the sending; one
that nobody settled, since its process died, is of unknown outcome after LEASE.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.wechat.delivery import grants
from bot.channels.wechat.delivery.lines import Line, Packing, Parcel
from bot.channels.wechat.delivery.pushes import true_now
from bot.channels.wechat.outgoing import Text
from bot.conversation.hub import Hub
from bot.conversation.outbox import BACKOFF_SECONDS
from bot.errors import BotError
from bot.services import Services
from bot.store.models import Conversation, Message, OutboxEntry, WeChatUser

CHANNEL = "wechat"
LEASE = timedelta(seconds=20)
MOST_LINES = 50
MOST_TRIES = 2 * len(BACKOFF_SECONDS)
AGENT = "agent"

How = Literal["request", "api"]
Outcome = Literal["sent", "unknown", "refused", "pending", "waiting"]
"""What became of a sending; refused: never to be tried again, waiting: until the customer writes."""


class Busy(BotError):
    """Something is just being sent to the same customer: what comes after it has to wait."""


@dataclass(frozen=True)
class Claimed:
    """A parcel that is ours to send. `counted`: it was taken from what the API may send; `more`: others wait behind."""

    openid: str
    parcel: Parcel
    counted: bool
    more: bool


class Claims:
    """Claims and settles. `packing` says how lines become messages."""

    def __init__(self, services: Services, hub: Hub, packing: Packing) -> None:
        self._services = services
        self._hub = hub
        self._packing = packing
        self._only_requests = services.settings.wechat_account_kind == "unverified"

    @property
    def may_push(self) -> bool:
        """Whether the API sends messages of this account at all."""
        return not self._only_requests

    async def take(self, openid: str, how: How) -> Claimed | None:
        """The next message for somebody; None where nothing waits, or nothing may be sent. Raises Busy.

        With a request everything may go that is text. By the API what no open request is about to carry, as far as
        it is allowed; what is not allowed is marked as waiting.
        """
        async with self._services.database.session() as session:
            if not await self._anything(session, openid):
                return None
            hold = update(WeChatUser).where(WeChatUser.openid == openid).values(changes=WeChatUser.changes + 1)
            if not (await session.execute(hold.execution_options(synchronize_session=False))).rowcount:
                return None
            user = await session.get(WeChatUser, openid, populate_existing=True)
            rows = await self._waiting(session, openid)
            if any(entry.status == "sending" for entry, _ in rows):
                raise Busy(openid)
            parcel = self._packing.next_of([_line(entry, message) for entry, message in rows])
            if parcel is None or (how == "api" and not self._allowed(user, rows)):
                await session.commit()
                self._tell([entry for entry, _ in rows if entry.status == "waiting"])
                return None
            if how == "request" and not isinstance(parcel.told, Text):
                return None
            if parcel.told == Text(""):  # nothing in it that could be shown
                self._mark(parcel, rows, "sent")
                await session.commit()
                return None
            covered = {covers.entry_id for covers in parcel.covers if covers.is_all}
            more = any(entry.id not in covered and entry.status != "unknown" for entry, _ in rows)
            self._mark(parcel, rows, "sending")
            if how == "api":
                grants.take(user, self._services.clock.now())
            else:
                user.awaits = False
            await session.commit()
        return Claimed(openid, parcel, how == "api", more)

    async def settle(self, claimed: Claimed, outcome: Outcome) -> None:
        """Write down what became of it."""
        now = self._services.clock.now()
        async with self._services.database.session() as session:
            hold = update(WeChatUser).where(WeChatUser.openid == claimed.openid)
            hold = hold.values(changes=WeChatUser.changes + 1)
            await session.execute(hold.execution_options(synchronize_session=False))
            user = await session.get(WeChatUser, claimed.openid, populate_existing=True)
            settled = []
            for covered in claimed.parcel.covers:
                entry = await session.get(OutboxEntry, covered.entry_id, populate_existing=True)
                if entry is None:
                    continue
                entry.claimed_at = None
                if outcome == "sent":
                    entry.status, entry.progress = ("sent" if covered.is_all else "pending"), covered.gone
                    entry.attempts = 0
                elif outcome == "pending":
                    wait = BACKOFF_SECONDS[min(max(entry.attempts, 1), len(BACKOFF_SECONDS)) - 1]
                    entry.due_at = now + timedelta(seconds=wait)
                    entry.status = "pending" if entry.attempts < MOST_TRIES else "failed"
                else:
                    entry.status = {"refused": "failed"}.get(outcome, outcome)
                if covered.is_doubtful and outcome != "sent":
                    entry.status = "unknown"
                settled.append(entry)
            if claimed.counted and user is not None and outcome in ("pending", "refused"):
                grants.give_back(user, now)
            if outcome == "waiting" and user is not None:
                grants.used_up(user)
            await session.commit()
        self._tell(settled)

    async def untake(self, claimed: Claimed) -> None:
        """Nothing was sent: it is there for whoever comes next, at once."""
        for was in ("pending", "unknown"):
            covers = [each.entry_id for each in claimed.parcel.covers if each.is_doubtful == (was == "unknown")]
            await self._set(covers, status=was, claimed_at=None)

    async def lost(self, openid: str) -> None:
        """Nothing can be sent to somebody any more: the desk sees what they never got."""
        async with self._services.database.session() as session:
            rows = await self._waiting(session, openid)
        unsent = [entry for entry, _ in rows if entry.status in ("pending", "waiting")]
        await self._set([entry.id for entry in unsent], status="failed")
        self._tell(unsent, "failed")

    def only_requests(self) -> None:
        """It turned out that the API sends nothing of this account: files would keep back what comes after them."""
        self._only_requests = True
        self._packing.without_media()

    async def ask_to_write(self, openid: str) -> None:
        """They are asked to write anything, which then fetches what waits."""
        async with self._services.database.session() as session:
            asked = update(WeChatUser).where(WeChatUser.openid == openid).values(awaits=True)
            await session.execute(asked.execution_options(synchronize_session=False))
            await session.commit()

    async def due(self) -> list[str]:
        """The openids for which something is to be sent by the API now, or to be marked as waiting."""
        async with self._services.database.session() as session:
            query = deliverable(self._services, pushes=self.may_push)
            return list((await session.execute(query)).scalars().all())

    async def recover(self) -> int:
        """What was claimed too long ago may have arrived: nobody knows. How many entries."""
        async with self._services.database.session() as session:
            left = OutboxEntry.channel == CHANNEL, OutboxEntry.status == "sending"
            dead = select(OutboxEntry).where(*left, OutboxEntry.claimed_at < true_now() - LEASE)
            found = (await session.execute(dead.with_for_update(skip_locked=True))).scalars().all()
            for entry in found:
                entry.status, entry.claimed_at = "unknown", None
            await session.commit()
        self._tell(found)
        return len(found)

    def _tell(self, entries: Sequence[Any], status: str = "") -> None:
        """Show people how far messages have come."""
        for entry in entries:
            told = {"seq": entry.message_id, "status": status or entry.status}
            self._hub.tell("delivery", entry.conversation_id, told)

    async def _set(self, entry_ids: Sequence[int], **values: Any) -> None:
        async with self._services.database.session() as session:
            those = update(OutboxEntry).where(OutboxEntry.id.in_(list(entry_ids))).values(**values)
            await session.execute(those.execution_options(synchronize_session=False))
            await session.commit()

    async def _anything(self, session: AsyncSession, openid: str) -> bool:
        """Without holding anything: most looks find nothing."""
        query = _of(openid).where(OutboxEntry.status.in_(("pending", "waiting"))).limit(1)
        return (await session.execute(query)).first() is not None

    async def _waiting(self, session: AsyncSession, openid: str) -> list[Any]:
        unsent = OutboxEntry.status.in_(("pending", "waiting", "sending", "unknown"))
        query = _of(openid).where(unsent).order_by(OutboxEntry.id).limit(MOST_LINES)
        return list((await session.execute(query.execution_options(populate_existing=True))).all())

    def _allowed(self, user: Any, rows: Sequence[Any]) -> bool:
        """Whether the API may send to somebody now; where it is used up, the desk sees that it waits."""
        now = self._services.clock.now()
        if user.held_until is not None and user.held_until > true_now():
            return False
        if any(entry.attempts and entry.due_at > now for entry, _ in rows if entry.status == "pending"):
            return False
        if self.may_push and grants.may_send(user, now, for_people=any(message.role == AGENT for _, message in rows)):
            return True
        for entry, _ in rows:
            if entry.status == "pending":
                entry.status = "waiting"
        return False

    def _mark(self, parcel: Parcel, rows: Sequence[Any], status: str) -> None:
        covered = {covers.entry_id for covers in parcel.covers}
        for entry, _ in rows:
            if entry.id in covered:
                entry.status, entry.claimed_at, entry.attempts = status, true_now(), entry.attempts + 1


def _of(openid: str) -> Any:
    """Entries on their way to somebody, with their messages."""
    return (
        select(OutboxEntry, Message)
        .join(Message, Message.id == OutboxEntry.message_id)
        .join(Conversation, Conversation.id == OutboxEntry.conversation_id)
        .where(OutboxEntry.channel == CHANNEL, Conversation.channel == CHANNEL, Conversation.sender == openid)
    )


def _line(entry: Any, message: Any) -> Line:
    return Line(entry.id, entry.progress, message.role, message.text, message.content, entry.status == "unknown")


def deliverable(services: Services, *, pushes: bool) -> Any:
    """The query for openids to which the API may send something now; where it `pushes` nothing, what is new."""
    now, true = services.clock.now(), true_now()
    least = case((Message.role == AGENT, 0), else_=grants.RESERVED)
    open_message = (WeChatUser.message_left > least) & (WeChatUser.message_until > now)
    open_action = (WeChatUser.action_left > 0) & (WeChatUser.action_until > now)
    due = or_(OutboxEntry.attempts == 0, OutboxEntry.due_at <= now)
    pending = (OutboxEntry.status == "pending") & due
    waiting = (OutboxEntry.status == "waiting") & (open_message | open_action)
    return (
        select(Conversation.sender)
        .join(OutboxEntry, OutboxEntry.conversation_id == Conversation.id)
        .join(Message, Message.id == OutboxEntry.message_id)
        .join(WeChatUser, WeChatUser.openid == Conversation.sender)
        .where(
            OutboxEntry.channel == CHANNEL,
            or_(pending, waiting) if pushes else pending,
            WeChatUser.follows.is_(True),
            or_(WeChatUser.held_until.is_(None), WeChatUser.held_until <= true),
        )
        .distinct()
    )
