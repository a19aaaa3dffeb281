"""Clocks start, stop, stand and end by what happens; the names of the signals are those of the rule pack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import breaches
from bot.clocks.log import events_of, state_of, write
from bot.clocks.rules import rule_of
from bot.clocks.subject import About
from bot.orders.gateway import Viewer
from bot.orders.sql import SqlOrders
from bot.policy.duties import Clock, Event
from bot.policy.facts import OrderFacts
from bot.policy.pack import RulePack
from bot.policy.penalties import NOTHING, Risk, at_risk
from bot.services import Services
from bot.store.models import DutyClock, Order, new_id

SYSTEM = "system"
SAME = (
    "rule", "pack_version", "subject", "ticket_id", "conversation_id", "order_no", "promise_id", "platform", "points",
    "yuan", "label",
)  # fmt: skip
"""What stays the same in a clock that begins anew."""


async def signal(
    session: AsyncSession,
    services: Services,
    name: Event,
    *,
    ticket: Any = None,
    conversation: Any = None,
    order: str | OrderFacts | None = None,
    promise: Any = None,
    subject: str | None = None,
    now: datetime,
    actor: str,
    rules: RulePack | None = None,
    due_at: datetime | None = None,
    detail: Mapping[str, Any] | None = None,
) -> list[Any]:
    """Something happened: stop what it stops, then start what it starts; the clocks that it started.

    `ticket`, `conversation`, `promise`: rows or ids. A clock of a ticket (a row) also knows its talk and order, but the
    signal means only what is named. `subject` is one of the caller's own, where all these are too wide. `due_at`: until
    when, where the rule has no time of its own. `rules`: without it the pack of the order's payment where the order's
    facts are given, else that of now. What runs already is not started again.
    """
    await session.flush()
    order_no = order.order_no if isinstance(order, OrderFacts) else order
    named = About(_id(ticket), _id(conversation), order_no, _id(promise), subject)
    again = await _stop(session, services, name, named, now, actor)
    await session.flush()  # what ended must be stored as ended before the same begins anew
    pack = rules or services.packs.for_payment(order.paid_at if isinstance(order, OrderFacts) else now)
    starting = [rule for rule in pack.clocks if rule.enabled and rule.starts_on == name]
    if not starting and not again:
        return []
    about = About(
        named.ticket_id,
        named.conversation_id or getattr(ticket, "conversation_id", None),
        order_no or getattr(ticket, "order_no", None),
        named.promise_id,
        subject,
    )
    owner, started = named.subject, []
    running = await _open_rules(session, owner)
    for rule in starting:
        if rule.id in running:
            continue
        risk = await _risk(session, services, rule, pack, order or about.order_no)
        own = {"due_at": due_at.isoformat()} if due_at is not None and rule.span is None else {}
        fields = {
            "rule": rule.id,
            "pack_version": pack.version,
            "subject": owner,
            "ticket_id": about.ticket_id,
            "conversation_id": about.conversation_id,
            "order_no": about.order_no,
            "promise_id": about.promise_id,
            "platform": services.shop.platform,
            "points": risk.points,
            "yuan": risk.yuan,
            "label": ", ".join(risk.labels),
        }
        started.append(_start(session, services, fields, now, actor, {**(detail or {}), **own}))
    for ended in again:
        same = {name: getattr(ended, name) for name in SAME}
        started.append(_start(session, services, same, now, actor, {"after": ended.id}))
    await session.flush()
    return started


async def stop(
    session: AsyncSession, services: Services, clock: Any, name: Event, *, now: datetime, actor: str
) -> None:
    """What this one clock waits for has happened."""
    await session.flush()
    entries = (await events_of(session, [clock.id]))[clock.id]
    write(session, services, clock, entries, "stopped", name, at=now, actor=actor)
    await session.flush()


async def pause(
    session: AsyncSession,
    services: Services,
    which: Any,
    reason: str,
    *,
    now: datetime,
    actor: str,
) -> int:
    """Let a clock, or all those of a ticket, stand; how many did. What is over already does not stand any more."""
    stood = 0
    for clock, entries in await _chosen(session, which):
        state = state_of(services, clock, entries, now)
        if state.standing == "running" and now <= state.due_at:
            number = sum(1 for entry in entries if entry.kind == "paused") + 1
            write(
                session, services, clock, entries, "paused", str(number), at=now, actor=actor, detail={"reason": reason}
            )
            stood += 1
    return stood


async def resume(session: AsyncSession, services: Services, which: Any, *, now: datetime, actor: str) -> int:
    """Let a clock, or all those of a ticket, go on; how many did."""
    went = 0
    for clock, entries in await _chosen(session, which):
        if state_of(services, clock, entries, now).standing == "paused":
            number = sum(1 for entry in entries if entry.kind == "paused")
            write(session, services, clock, entries, "resumed", str(number), at=now, actor=actor)
            went += 1
    return went


async def cancel(
    session: AsyncSession, services: Services, which: Any, reason: str, *, now: datetime, actor: str
) -> int:
    """End a clock, or all those of a ticket that was withdrawn or merged, without their having been kept; how many."""
    chosen = await _chosen(session, which)
    for clock, entries in chosen:
        write(session, services, clock, entries, "cancelled", "", at=now, actor=actor, detail={"reason": reason})
    return len(chosen)


async def nobody_waits(
    session: AsyncSession, services: Services, conversation: Any, reason: str, *, now: datetime, actor: str = SYSTEM
) -> None:
    """The talk ended, or the bot answers again: the clocks of the talk itself end; those of its tickets go on."""
    await cancel_of(session, services, f"conversation:{_id(conversation)}", reason, now=now, actor=actor)


async def cancel_of(
    session: AsyncSession, services: Services, subject: str, reason: str, *, now: datetime, actor: str
) -> None:
    """End what runs about a subject, which is no matter any more."""
    for clock, entries in await _of_subject(session, subject):
        write(session, services, clock, entries, "cancelled", "", at=now, actor=actor, detail={"reason": reason})


async def breach_of(
    session: AsyncSession, services: Services, subject: str, reason: str, *, now: datetime, actor: str
) -> None:
    """What runs about a subject will not be kept any more, be its time over or not: it is missed, and it is over."""
    for clock, entries in await _of_subject(session, subject):
        if clock.state != "breached":
            write(session, services, clock, entries, "breached", "", at=now, actor=actor, detail={"reason": reason})
            breaches.charge(session, clock, min(now, clock.due_at))
        write(session, services, clock, entries, "cancelled", "", at=now, actor=actor, detail={"reason": reason})


async def hand_over(session: AsyncSession, subject: str, ticket: Any) -> None:
    """What runs about a subject belongs to another ticket now."""
    for clock, _entries in await _of_subject(session, subject):
        clock.ticket_id = ticket.id


def of_promise(promise_id: Any) -> str:
    """What the clock of a promise is about."""
    return About(promise_id=str(promise_id)).subject


async def _of_subject(session: AsyncSession, subject: str) -> list[tuple[Any, list[Any]]]:
    """The clocks about a subject that have not ended, with their logs."""
    await session.flush()
    query = select(DutyClock).where(DutyClock.subject == subject, DutyClock.ended_at.is_(None))
    clocks = (await session.execute(query)).scalars().all()
    logs = await events_of(session, [clock.id for clock in clocks])
    return [(clock, logs[clock.id]) for clock in clocks]


async def _stop(
    session: AsyncSession, services: Services, name: Event, named: About, now: datetime, actor: str
) -> list[Any]:
    """Stop what this stops; the clocks that ended by it and begin anew."""
    about = await named.open_clocks(session)
    stopping = [clock for clock in about if name in rule_of(services, clock).stops_on]
    logs = await events_of(session, [clock.id for clock in stopping])
    again = []
    for clock in stopping:
        entries = logs[clock.id]
        if any(entry.kind == "stopped" and entry.marker == name for entry in entries):
            continue  # it waits for something else
        state = write(session, services, clock, entries, "stopped", name, at=now, actor=actor)
        if state.ended_at is not None and rule_of(services, clock).repeats:
            again.append(clock)
    return again


def _start(
    session: AsyncSession,
    services: Services,
    fields: Mapping[str, Any],
    now: datetime,
    actor: str,
    detail: Mapping[str, Any],
) -> Any:
    clock = DutyClock(id=new_id(), started_at=now, **fields)
    session.add(clock)
    write(session, services, clock, [], "started", "", at=now, actor=actor, detail=detail)
    return clock


async def _open_rules(session: AsyncSession, subject: str) -> set[str]:
    query = select(DutyClock.rule).where(DutyClock.subject == subject, DutyClock.ended_at.is_(None))
    return set((await session.execute(query)).scalars().all())


async def _risk(
    session: AsyncSession, services: Services, rule: Clock, pack: RulePack, order: str | OrderFacts | None
) -> Risk:
    """What a breach costs; what it costs in yuan depends on the order."""
    if rule.offence is None:
        return NOTHING
    facts = await facts_of(session, services, order) if isinstance(order, str) else order
    return at_risk(rule.offence, services.shop.platform, pack, facts)


async def facts_of(session: AsyncSession, services: Services, order_no: str) -> OrderFacts | None:
    """What is known of an order, whoever asks; None where there is none."""
    order = await session.get(Order, order_no)
    if order is None:
        return None
    owner = Viewer("", "", "", order.customer_id)
    found = await SqlOrders(session, services.clock, services.shop.gift_values).find(order_no, owner)
    return found.facts if found else None


async def _chosen(session: AsyncSession, which: Any) -> list[tuple[Any, list[Any]]]:
    """A clock, or those of a ticket, that have not ended, with their logs."""
    await session.flush()
    if isinstance(which, DutyClock):
        clocks = [which] if which.ended_at is None else []
    else:
        query = select(DutyClock).where(DutyClock.ticket_id == _id(which), DutyClock.ended_at.is_(None))
        clocks = list((await session.execute(query.order_by(DutyClock.started_at, DutyClock.id))).scalars().all())
    logs = await events_of(session, [clock.id for clock in clocks])
    return [(clock, logs[clock.id]) for clock in clocks]


def _id(of: Any) -> str | None:
    """The id of a row, or the id itself."""
    return of if of is None or isinstance(of, str) else str(of.id)
