"""Promises that were made: kept when what was promised arises, broken when the time is over, counted either way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import ledger as clocks
from bot.desk import news
from bot.metrics import PROMISES
from bot.promises.carrying import MONEY, SOLUTIONS_OF
from bot.promises.facts import PromiseFacts
from bot.promises.promise import Kind
from bot.promises.verdict import Verdict
from bot.services import Services
from bot.store.database import after_commit
from bot.store.models import Conversation, MadePromise, Order, Ticket
from bot.tickets import numbers

OPEN, KEPT, BROKEN, WITHDRAWN = "open", "kept", "broken", "withdrawn"
STATES = (OPEN, KEPT, BROKEN, WITHDRAWN)
BOT, AGENT = "bot", "agent"
AT_ONCE = 200
ANSWERED: tuple[Kind, ...] = ("answer_by",)
OF_TALK: tuple[Kind, ...] = ("answer_by", "gift")
"""What may be owed to somebody without an order."""


async def record(
    session: AsyncSession,
    services: Services,
    verdicts: Iterable[Verdict],
    facts: PromiseFacts,
    message: Any,
    made_by: str,
) -> list[Any]:
    """Store what was promised for sure with a time, in the unit of work of its message, and start its clock.

    What is only offered, expected or tried binds nobody to a time. The same promise for the same time is stored once.
    """
    binding = [v for v in verdicts if v.outcome != "block" and v.due_at is not None and v.promise.certainty == "firm"]
    order_no = facts.order.order_no if facts.order else None
    made: list[Any] = []
    for verdict in binding:
        kind = verdict.promise.kind
        ticket = facts.open_ticket(*SOLUTIONS_OF.get(kind, ()))
        own_ticket = ticket.ticket_id if ticket and await session.get(Ticket, ticket.ticket_id) else None
        if kind in ANSWERED:
            own_ticket = await _named_ticket(session, message)
        if order_no is None and own_ticket is None and kind not in OF_TALK:
            continue
        entry = MadePromise(
            conversation_id=message.conversation_id,
            message_id=message.id,
            ticket_id=own_ticket,
            order_no=None if kind in ANSWERED else order_no,
            kind=kind,
            text=verdict.promise.clause,
            amount=verdict.promise.amount,
            due_at=verdict.due_at,
            made_by=made_by,
            state=OPEN,
            rule_id=verdict.rule_id,
            at=message.at,
        )
        if not await _stands_already(session, entry):
            session.add(entry)
            await session.flush()
            await _start_clock(session, services, entry)
            _tell(session, entry)
            made.append(entry)
    return made


async def _named_ticket(session: AsyncSession, message: Any) -> str | None:
    """The ticket of this talk that the message names by its number."""
    for number in numbers.named_in(message.text):
        ticket = await session.get(Ticket, number)
        if ticket is not None and ticket.conversation_id == message.conversation_id:
            return number
    return None


async def ticket_moved(session: AsyncSession, services: Services, ticket: Any, status: str, now: datetime) -> None:
    """A ticket was approved, done, rejected or withdrawn: what was promised of it is settled.

    Money counts as given with the approval, its arrival and goods when the ticket is done.
    """
    kinds = tuple(kind for kind, solutions in SOLUTIONS_OF.items() if ticket.type in solutions)
    of_ticket = MadePromise.ticket_id == ticket.id
    if ticket.order_no and status in ("approved", "done"):
        same_matter = and_(
            MadePromise.ticket_id.is_(None), MadePromise.order_no == ticket.order_no, MadePromise.kind.in_(kinds)
        )
        of_ticket = or_(of_ticket, same_matter)
    if status == "done":
        await settle(session, services, [of_ticket], KEPT, now)
    elif status == "approved":
        await settle(session, services, [of_ticket, MadePromise.kind.in_((*MONEY, *ANSWERED))], KEPT, now)
    elif status == "rejected":
        await settle(session, services, [of_ticket, MadePromise.kind.in_(ANSWERED)], KEPT, now)
        await settle(session, services, [of_ticket], BROKEN, now)
    elif status == WITHDRAWN:
        await settle(session, services, [of_ticket], WITHDRAWN, now)


async def answered(
    session: AsyncSession, services: Services, conversation: Any, message: Any, made: Collection[Any]
) -> None:
    """A person answered: the answers promised before have come, unless this one promises another."""
    if any(entry.kind in ANSWERED for entry in made):
        return
    talks = select(Conversation.id).where(
        Conversation.channel == conversation.channel, Conversation.sender == conversation.sender
    )
    earlier = or_(MadePromise.message_id.is_(None), MadePromise.message_id < message.id)
    where = [MadePromise.conversation_id.in_(talks), MadePromise.kind.in_(ANSWERED), earlier]
    await settle(session, services, where, KEPT, message.at)


async def overdue(session: AsyncSession, services: Services, clock: Any, now: datetime) -> None:
    """The clock of a promise has run out: the promise is broken, and the clock goes with it."""
    await settle(session, services, [of_clock(clock), MadePromise.due_at < now], BROKEN, now)
    if clock.ended_at is None:  # the promise went with its message, or was settled by who did not know of the clock
        await clocks.cancel_of(session, services, clock.subject, "settled", now=now, actor=clocks.SYSTEM)


async def merged(session: AsyncSession, ticket: Any, into: Any) -> None:
    """What was promised of a duplicate is owed by the ticket that it went into, and so are the deadlines of that."""
    await session.flush()
    query = select(MadePromise).where(MadePromise.ticket_id == ticket.id, MadePromise.state == OPEN)
    for entry in (await session.execute(query)).scalars().all():
        entry.ticket_id = into.id
        await clocks.hand_over(session, clocks.of_promise(entry.id), into)


async def kept(
    session: AsyncSession, services: Services, kinds: Sequence[Kind], now: datetime, *, order_no: str
) -> int:
    """What was promised of an order came true (sent, delivered, given); how many promises that were."""
    return await settle(session, services, [MadePromise.kind.in_(kinds), MadePromise.order_no == order_no], KEPT, now)


async def settle(session: AsyncSession, services: Services, where: Sequence[Any], state: str, now: datetime) -> int:
    """Settle open promises, each once. What comes after its time was not kept: `settle_overdue` finds it."""
    in_time = [MadePromise.due_at >= now] if state == KEPT else []
    query = select(MadePromise).where(MadePromise.state == OPEN, *where, *in_time).order_by(MadePromise.id)
    settled = 0
    for entry in (await session.execute(query.limit(AT_ONCE))).scalars().all():
        settled += await _settle(session, services, entry, state, now)
    return settled


async def settle_orders(session: AsyncSession, services: Services, *where: Any) -> int:
    """What the orders' own state tells: a parcel that left or came in time. `where`: of which promises only."""
    settled = 0
    for kind, fact in (("ship_by", Order.shipped_at), ("deliver_by", Order.signed_at)):
        query = (
            select(MadePromise, fact)
            .join(Order, Order.order_no == MadePromise.order_no)
            .where(
                *where,
                MadePromise.state == OPEN,
                MadePromise.kind == kind,
                MadePromise.ticket_id.is_(None),
                fact.isnot(None),
                fact <= MadePromise.due_at,
            )
        )
        for entry, at in (await session.execute(query.limit(AT_ONCE))).all():
            settled += await _settle(session, services, entry, KEPT, max(at, entry.at))
    return settled


async def settle_overdue(session: AsyncSession, services: Services, now: datetime) -> int:
    """What was not kept in time is broken."""
    return await settle(session, services, [MadePromise.due_at < now], BROKEN, now)


def of_clock(clock: Any) -> Any:
    """The condition that a promise is the one of a clock."""
    return MadePromise.id == int(clock.promise_id)


def open_in(conversation_id: Any) -> Any:
    """The condition that something is still promised in a conversation."""
    return exists().where(MadePromise.conversation_id == conversation_id, MadePromise.state == OPEN)


def as_json(entry: Any) -> dict[str, Any]:
    """A promise as the HTTP interface shows it."""
    return {
        "id": entry.id,
        "conversation_id": entry.conversation_id,
        "message": entry.message_id,
        "ticket_id": entry.ticket_id,
        "order_no": entry.order_no,
        "kind": entry.kind,
        "text": entry.text,
        "amount": None if entry.amount is None else f"{entry.amount:.2f}",
        "due_at": entry.due_at.isoformat(),
        "made_by": entry.made_by,
        "state": entry.state,
        "rule_id": entry.rule_id,
        "at": entry.at.isoformat(),
        "settled_at": entry.settled_at and entry.settled_at.isoformat(),
    }


async def _settle(session: AsyncSession, services: Services, entry: Any, state: str, now: datetime) -> bool:
    """Settle one and its clock, unless another node was faster."""
    open_still = update(MadePromise).where(MadePromise.id == entry.id, MadePromise.state == OPEN)
    done = await session.execute(
        open_still.values(state=state, settled_at=now).execution_options(synchronize_session=False)
    )
    if not done.rowcount:
        return False
    await session.refresh(entry)
    await _settle_clock(session, services, entry, now)
    after_commit(session, PROMISES.labels(entry.kind, entry.made_by.partition(":")[0], state).inc)
    _tell(session, entry)
    return True


async def _start_clock(session: AsyncSession, services: Services, entry: Any) -> None:
    """What was promised is a deadline like all others: warned about, shown at the desk."""
    await clocks.signal(
        session,
        services,
        "promise_made",
        promise=str(entry.id),
        conversation=entry.conversation_id,
        ticket=entry.ticket_id,
        order=entry.order_no,
        now=entry.at,
        due_at=entry.due_at,
        actor=entry.made_by,
        detail={"promise": entry.text},
    )


async def _settle_clock(session: AsyncSession, services: Services, entry: Any, now: datetime) -> None:
    about = clocks.of_promise(entry.id)
    if entry.state == KEPT:
        await clocks.signal(session, services, "promise_kept", promise=str(entry.id), now=now, actor=clocks.SYSTEM)
    elif entry.state == BROKEN:
        await clocks.breach_of(session, services, about, "broken", now=now, actor=clocks.SYSTEM)
    else:
        await clocks.cancel_of(session, services, about, WITHDRAWN, now=now, actor=clocks.SYSTEM)


def _tell(session: AsyncSession, entry: Any) -> None:
    news.later(session, "promise", entry.conversation_id, lambda: {"promise": as_json(entry)}, once=str(entry.id))


async def _stands_already(session: AsyncSession, entry: Any) -> bool:
    """Whether the same is promised in this conversation, for the same time."""
    alike = ["conversation_id", "kind", "due_at", "order_no", "amount"]
    alike += [] if entry.kind in ANSWERED else ["ticket_id"]  # an answer for that time is one, whatever it is about
    same = [getattr(MadePromise, name) == getattr(entry, name) for name in alike]
    query = select(MadePromise.id).where(MadePromise.state == OPEN, *same).limit(1)
    return (await session.execute(query)).first() is not None
