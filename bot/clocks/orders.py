"""What the orders' own state tells the clocks: ordered, paid, sent, closed. The shop's system changes it, not we."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import ledger
from bot.clocks.rules import pack_of, rule_of
from bot.conversation.hub import Hub
from bot.desk.work import Work, transact
from bot.policy.duties import Event
from bot.policy.late_shipping import is_exempt
from bot.services import Services
from bot.store.models import DutyClock, Order

AT_ONCE = 50
OF_ORDER = "order:"
CLOSED = "closed"
BEGINS: tuple[tuple[Event, str, Any], ...] = (
    ("ordered", "unpaid", Order.created_at),
    ("paid", "paid", Order.paid_at),
)
"""What an order tells in a status, and the column that says since when."""


async def follow(services: Services, hub: Hub) -> int:
    """Start the clocks of new orders and end those of orders that went on; how many. Each order's clock starts once."""
    done = 0
    for name, status, since in BEGINS:
        for order_no in await _unwatched(services, name, status, since):

            async def begin(work: Work, order_no: str = order_no, name: Event = name) -> bool:
                return await _begin(work, name, order_no)

            done += await transact(services, hub, begin)
    for clock_id in await _moved(services):

        async def end(work: Work, clock_id: str = clock_id) -> bool:
            clock = await work.session.get(DutyClock, clock_id)
            return clock is not None and await settle(work, clock)

        done += await transact(services, hub, end)
    return done


async def settle(work: Work, clock: Any) -> bool:
    """End the clock of an order, if the order says so: at the time at which that happened. False where it goes on."""
    order = await work.session.get(Order, clock.order_no)
    if order is None or clock.ended_at is not None:
        return False
    for name, at in _told(order):
        if name in rule_of(work.services, clock).stops_on and clock.ended_at is None:
            since = max(at or work.now, clock.started_at)
            await ledger.stop(work.session, work.services, clock, name, now=since, actor=ledger.SYSTEM)
    if order.status == CLOSED and clock.ended_at is None:
        await ledger.cancel(work.session, work.services, clock, CLOSED, now=work.now, actor=ledger.SYSTEM)
    return clock.ended_at is not None


def _told(order: Any) -> list[tuple[Event, datetime | None]]:
    """What is over with an order, and since when where that is known."""
    found: list[tuple[Event, datetime | None]] = []
    if order.paid_at is not None:
        found.append(("paid", order.paid_at))
    if order.shipped_at is not None:
        found.append(("courier_scanned", order.shipped_at))
    if order.status == CLOSED:
        found.append(("cancelled", None))
    return found


async def tell(
    session: AsyncSession, services: Services, name: Event, order_no: str, *, now: datetime, actor: str
) -> list[Any]:
    """Something happened to an order; the clocks that it started. Those of goods that are exempt end at once."""
    facts = await ledger.facts_of(session, services, order_no)
    started = await ledger.signal(session, services, name, order=facts or order_no, now=now, actor=actor)
    for clock in started:
        is_late = rule_of(services, clock).offence == "late_shipping"
        if facts is not None and is_late and is_exempt(facts, pack_of(services, clock)):
            await ledger.cancel(session, services, clock, "exempt", now=now, actor=actor)
    return started


async def _begin(work: Work, name: Event, order_no: str) -> bool:
    """Start what is to be watched; what ended at once marks the order as looked at."""
    order = await work.session.get(Order, order_no)
    since = next((getattr(order, column.key) for each, _, column in BEGINS if each == name), None)
    if order is None or since is None or await _is_watched(work, name, order_no):
        return False
    return bool(await tell(work.session, work.services, name, order_no, now=since, actor=ledger.SYSTEM))


def _rules(services: Services, name: Event) -> list[str]:
    return [rule.id for pack in services.packs.packs for rule in pack.clocks if rule.enabled and rule.starts_on == name]


async def _is_watched(work: Work, name: Event, order_no: str) -> bool:
    own = DutyClock.subject == f"{OF_ORDER}{order_no}", DutyClock.rule.in_(_rules(work.services, name))
    return bool((await work.session.execute(select(exists().where(*own)))).scalar())


async def _unwatched(services: Services, name: Event, status: str, since: Any) -> list[str]:
    """The orders of which no clock knows yet, the oldest first."""
    own = DutyClock.subject == literal(OF_ORDER) + Order.order_no, DutyClock.rule.in_(_rules(services, name))
    query = select(Order.order_no).where(Order.status == status, since.isnot(None), ~exists().where(*own))
    async with services.database.session() as session:
        found = await session.execute(query.order_by(since, Order.order_no).limit(AT_ONCE))
        return list(found.scalars().all())


async def _moved(services: Services) -> list[str]:
    """The clocks whose orders went on."""
    of_payment = and_(DutyClock.rule.in_(_rules(services, "ordered")), Order.paid_at.isnot(None))
    went_on = or_(of_payment, Order.shipped_at.isnot(None), Order.status == CLOSED)
    query = select(DutyClock.id).join(Order, Order.order_no == DutyClock.order_no)
    query = query.where(DutyClock.ended_at.is_(None), DutyClock.subject.like(f"{OF_ORDER}%"), went_on)
    async with services.database.session() as session:
        return list((await session.execute(query.order_by(DutyClock.id).limit(AT_ONCE))).scalars().all())
