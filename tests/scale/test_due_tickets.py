"""What time brings about tickets, on two nodes and one PostgreSQL: each payment, each piece of news, each end once.

Nodes work at the same moment, and one of them is killed in the middle: what it took is taken up by the other.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot.clock import SHANGHAI
from bot.clocks.handlers import handlers, sweeps
from bot.clocks.scheduler import CLAIM_SECONDS, Scheduler
from bot.desk.service import Desk
from bot.desk.sessions import Sessions
from bot.desk.work import Work
from bot.orders.refunds import Applied, Refused, SqlRefunds
from bot.services import build_services
from bot.store.models import Conversation, Job, Message, Order, Refund, Ticket, TicketEvent
from tests.clocks import HandClock, Node
from tests.conftest import settings_for

TUESDAY = datetime(2026, 3, 17, 14, tzinfo=SHANGHAI)
ORDER = "2026000000000122"
MANY = 12


class Counting:
    """The demo shop's payment side, and how often it was asked for each ticket."""

    def __init__(self, node: Node, asked: Counter[str]) -> None:
        self._side = SqlRefunds(node.services.database, node.services.clock)
        self._asked = asked
        self.dies = False

    async def refund(self, ticket_id: str, order_no: str, amount: Decimal) -> Applied | Refused:
        """Ask, or end in the middle as a process that is killed."""
        self._asked[ticket_id] += 1
        answer = await self._side.refund(ticket_id, order_no, amount)
        if self.dies:
            raise asyncio.CancelledError
        return answer


class Whole:
    """All that the scheduler of one node does."""

    def __init__(self, node: Node, asked: Counter[str]) -> None:
        services, hub = node.services, node.hub
        self.node = node
        self.side = Counting(node, asked)
        self.desk = Desk(services, hub)
        self.sweeps = sweeps(services, hub, self.desk, Sessions(services))
        self.scheduler = Scheduler(services, hub, handlers(hub, self.side), self.sweeps)

    async def work(self) -> None:
        """Everything that is due now."""
        while await self.scheduler.round():
            pass
        for sweep in self.sweeps:
            await sweep.look()


@pytest.fixture
def clock() -> HandClock:
    return HandClock(TUESDAY)


@pytest.fixture
def asked() -> Counter[str]:
    return Counter()


@pytest.fixture
async def nodes(
    seeded_postgres: Callable[[], str], tmp_path: Path, clock: HandClock, asked: Counter[str]
) -> AsyncIterator[list[Whole]]:
    services = build_services(settings_for(tmp_path, database_url=seeded_postgres()))
    made = [Node(services, clock), Node(services.for_another_loop(), clock)]
    yield [Whole(node, asked) for node in made]
    for node in made:
        await node.services.database.dispose()


async def all_at_once(nodes: list[Whole]) -> None:
    await asyncio.gather(*(node.work() for node in nodes for _ in range(2)))


async def open_many(node: Node, **fields: object) -> list[str]:
    """Tickets, each in a talk of its own customer."""

    async def do(work: Work) -> list[str]:
        talks = [
            Conversation(channel="rest", sender=f"s{n}", customer_id="cust-003", owner="bot", created_at=work.now)
            for n in range(MANY)
        ]
        work.session.add_all(talks)
        await work.session.execute(update(Order).where(Order.order_no == ORDER).values(paid=Decimal("5000.00")))
        await work.session.flush()
        return [talk.id for talk in talks]

    return [await node.ticket(talk, order_no=ORDER, **fields) for talk in await node.work(do)]


async def told(node: Node) -> Counter[tuple[str, str]]:
    """How often each talk was told what."""
    async with node.services.database.session() as session:
        query = select(Message.conversation_id, Message.keys).where(Message.role == "bot")
        return Counter((talk, key) for talk, keys in (await session.execute(query)).all() for key in keys)


async def events(node: Node, kind: str) -> Counter[str]:
    """How often something happened to each ticket."""
    async with node.services.database.session() as session:
        query = select(TicketEvent.ticket_id).where(TicketEvent.kind == kind)
        return Counter((await session.execute(query)).scalars().all())


async def test_each_refund_is_asked_for_and_told_once(
    nodes: list[Whole], clock: HandClock, asked: Counter[str]
) -> None:
    tickets = await open_many(nodes[0].node, type="refund", status="open", amount=Decimal("30.00"))
    for ticket in tickets:
        await nodes[0].desk.decide_ticket(ticket, "approved", "service", "")
    await all_at_once(nodes)
    assert asked == Counter(), "it may still be taken back"
    clock.pass_by(minutes=31)
    await all_at_once(nodes)
    once = Counter(dict.fromkeys(tickets, 1))
    assert asked == await events(nodes[0].node, "payment_applied") == once
    counted = await told(nodes[1].node)
    assert {key for _, key in counted} == {"utter_ticket_approved_refund", "utter_ticket_refund_applied"}
    assert set(counted.values()) == {1}
    assert len(counted) == 2 * MANY


async def test_a_node_that_dies_with_a_refund_in_its_hands_loses_and_doubles_nothing(
    nodes: list[Whole], clock: HandClock, asked: Counter[str]
) -> None:
    tickets = await open_many(nodes[0].node, type="refund", status="open", amount=Decimal("30.00"))
    for ticket in tickets:
        await nodes[0].desk.decide_ticket(ticket, "approved", "service", "")
    clock.pass_by(minutes=31)
    dying, living = nodes
    dying.side.dies = True
    with pytest.raises(asyncio.CancelledError):
        await dying.scheduler.round()
    await living.work()
    assert len(await events(living.node, "payment_applied")) < MANY, "what the other one took is left to it"
    clock.pass_by(seconds=CLAIM_SECONDS + 1)
    await living.work()
    assert await events(living.node, "payment_applied") == Counter(dict.fromkeys(tickets, 1))
    assert sorted(asked.values()) == [1] * (MANY - 1) + [2], "the payment side knows a ticket again"
    async with living.node.services.database.session() as session:
        assert (await session.execute(select(func.count()).select_from(Refund))).scalar() == MANY
        assert (await session.execute(select(Job.id).where(Job.done_at.is_(None)))).scalars().all() == []


async def test_who_is_late_and_who_says_nothing_is_told_and_closed_once(nodes: list[Whole], clock: HandClock) -> None:
    tickets = await open_many(nodes[0].node, type="reship", status="approved")
    clock.pass_by(hours=25)
    await all_at_once(nodes)
    once = Counter(dict.fromkeys(tickets, 1))
    assert await events(nodes[0].node, "late") == once
    for ticket in tickets:
        await nodes[1].desk.decide_ticket(ticket, "done", "service", "")
    clock.pass_by(days=3, minutes=1)
    await all_at_once(nodes)
    assert await events(nodes[0].node, "lapsed") == once
    counted = await told(nodes[0].node)
    assert Counter(key for _, key in counted.elements())["utter_ticket_late"] == MANY
    assert set(counted.values()) == {1}
    async with nodes[0].node.services.database.session() as session:
        stages = (await session.execute(select(Ticket.stage))).scalars().all()
    assert set(stages) == {"closed"}


async def test_news_that_waited_for_the_morning_come_once_and_in_order(nodes: list[Whole], clock: HandClock) -> None:
    clock.at = TUESDAY + timedelta(hours=13)
    quiet = [Whole(node.node.quiet(), Counter()) for node in nodes]
    tickets = await open_many(quiet[0].node, type="complaint", status="open")
    for ticket in tickets:
        for status in ("approved", "done"):
            await quiet[0].desk.decide_ticket(ticket, status, "service", "")
    await all_at_once(quiet)
    assert await told(quiet[0].node) == Counter()
    clock.pass_by(hours=9)
    await all_at_once(quiet)
    async with quiet[1].node.services.database.session() as session:
        query = select(Message.conversation_id, Message.keys).where(Message.role == "bot").order_by(Message.id)
        said = (await session.execute(query)).all()
    talks = {talk for talk, _ in said}
    assert len(talks) == MANY
    for talk in talks:
        assert [key for each, keys in said if each == talk for key in keys] == [
            "utter_ticket_approved",
            "utter_ticket_done",
        ]
