"""Clocks and jobs on two nodes and one PostgreSQL: each warning, breach, penalty and job once, and none lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.clocks.jobs import Task
from bot.clocks.scheduler import CLAIM_SECONDS, Scheduler
from bot.desk.work import Work
from bot.services import build_services
from bot.store.models import Job, Setting
from tests.clocks import FRIDAY, HandClock, Node
from tests.conftest import settings_for

MANY = 30


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def nodes(seeded_postgres: Callable[[], str], tmp_path: Path, clock: HandClock) -> AsyncIterator[list[Node]]:
    services = build_services(settings_for(tmp_path, database_url=seeded_postgres()))
    made = [Node(services, clock).on("wechat"), Node(services.for_another_loop(), clock).on("wechat")]
    yield made
    for node in made:
        await node.services.database.dispose()


async def all_at_once(nodes: list[Node]) -> None:
    await asyncio.gather(*(node.rounds() for node in nodes for _ in range(3)))


async def start_many(node: Node) -> list[str]:
    """Complaints from a platform, each its own ticket."""
    talk = await node.conversation()
    tickets = [await node.ticket(talk) for _ in range(MANY)]
    return [clock for ticket in tickets for clock in await node.signal("platform_complaint", ticket=ticket)]


async def test_each_warning_and_breach_comes_once_from_two_nodes(nodes: list[Node], clock: HandClock) -> None:
    started = await start_many(nodes[0])
    for hours in (24, 36, 44, 49):
        clock.at = FRIDAY + timedelta(hours=hours)
        await all_at_once(nodes)
    warned, breached = await nodes[0].happened("warned"), await nodes[0].happened("breached")
    assert sorted(warned) == sorted((each, share) for each in started for share in ("0.50", "0.75", "0.90"))
    assert sorted(breached) == sorted((each, "") for each in started)
    penalties = await nodes[1].penalties()
    assert sorted(entry.clock_id for entry in penalties) == sorted(started)
    assert {entry.points for entry in penalties} == {3}
    await asyncio.sleep(0.1)
    told = Counter(each["id"] for node in nodes for each in node.told if each["state"] == "breached")
    assert set(told) <= set(started)
    assert max(told.values()) == 1


async def test_an_answer_in_the_last_moment_and_the_breach_do_not_both_win(nodes: list[Node], clock: HandClock) -> None:
    talk = await nodes[0].conversation()
    tickets = [await nodes[0].ticket(talk) for _ in range(10)]
    started = [each for ticket in tickets for each in await nodes[0].signal("platform_complaint", ticket=ticket)]
    clock.pass_by(hours=48)
    answers = (nodes[n % 2].signal("merchant_replied", ticket=ticket) for n, ticket in enumerate(tickets))
    await asyncio.gather(*answers, *(node.rounds() for node in nodes))
    clock.pass_by(hours=1)
    await all_at_once(nodes)
    assert {(await nodes[0].clock(each)).state for each in started} == {"kept"}
    assert await nodes[0].happened("breached") == []


async def test_the_same_wait_begun_at_two_nodes_is_one_clock(nodes: list[Node]) -> None:
    talk = await nodes[0].conversation(owner="agent")
    begun = await asyncio.gather(*(nodes[n % 2].signal("customer_waits", conversation=talk) for n in range(8)))
    assert sorted(map(len, begun)) == [0] * 7 + [1]


async def test_a_node_that_dies_after_claiming_loses_nothing(nodes: list[Node], clock: HandClock) -> None:
    async def write_down(work: Work, task: Task) -> None:
        work.session.add(Setting(key=f"did {task.key}", value=1))

    dying, living = (Scheduler(node.services, node.hub, {"write": write_down}) for node in nodes)
    started = await start_many(nodes[0])
    clock.pass_by(hours=24)
    for number in range(MANY):
        assert await nodes[0].schedule("write", f"k{number}", clock.now())
    claimed = await dying.claim()
    assert claimed
    await dying.handle(claimed[0])
    while await living.round():
        pass
    assert len(await nodes[1].happened("warned")) < MANY, "what the other one took is left to it"
    await nodes[0].services.database.dispose()
    clock.pass_by(seconds=CLAIM_SECONDS)
    while await living.round():
        pass
    assert sorted(await nodes[1].happened("warned")) == sorted((each, "0.50") for each in started)
    async with nodes[1].services.database.session() as session:
        left = (await session.execute(select(Job).where(Job.done_at.is_(None)))).scalars().all()
        did = (await session.execute(select(Setting.key).where(Setting.key.like("did %")))).scalars().all()
    assert left == []
    assert sorted(did) == sorted(f"did k{number}" for number in range(MANY))


async def test_jobs_are_done_once_by_two_nodes(nodes: list[Node], clock: HandClock) -> None:
    did: list[str] = []

    async def count(work: Work, task: Task) -> None:
        await asyncio.sleep(0.01)
        work.session.add(Setting(key=f"did {task.key}", value=1))
        did.append(task.key)

    asked = (nodes[n % 2].schedule("count", f"k{n // 2}", clock.now()) for n in range(2 * MANY))
    assert sum(await asyncio.gather(*asked)) == MANY

    async def rounds(node: Node) -> None:
        scheduler = Scheduler(node.services, node.hub, {"count": count})
        while await scheduler.round():
            pass

    await asyncio.gather(*(rounds(node) for node in nodes for _ in range(2)))
    assert sorted(did) == sorted(f"k{number}" for number in range(MANY))
