"""The scheduler: warnings and breaches once, jobs once, and nothing lost when a process ends in the middle."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.clock import Clock
from bot.clocks import listing
from bot.clocks.jobs import Task
from bot.clocks.scheduler import CLAIM_SECONDS, LONGEST_SLEEP, Scheduler
from bot.desk.work import Work
from bot.services import Services, build_services
from bot.store.models import Job, Setting
from tests.clocks import FRIDAY, HandClock, Node, nothing
from tests.conftest import settings_for

ALL = ["started", "warned 0.50", "warned 0.75", "warned 0.90", "breached"]


def restarted(node: Node, clock: HandClock, **handlers: object) -> Node:
    """Another process on the same database, after the first one is gone."""
    settings = node.services.settings
    fresh: Services = build_services(settings_for(settings.var_dir))
    return Node(fresh, clock, handlers)  # type: ignore[arg-type]


async def test_a_complaint_of_friday_evening_warns_three_times_and_is_breached_on_sunday(
    node: Node, clock: HandClock
) -> None:
    node.on("wechat")
    ticket = await node.ticket(await node.conversation())
    (clock_id,) = await node.signal("platform_complaint", ticket=ticket)
    for hours, known in ((23.9, 1), (24, 2), (36, 3), (43.2, 4), (48, 4), (48.001, 5), (90, 5)):
        clock.at = FRIDAY + timedelta(hours=hours)
        await node.rounds()
        assert await node.log(clock_id) == ALL[:known], hours
    row = await node.clock(clock_id)
    assert (row.state, row.next_at, row.claimed_until) == ("breached", None, None)
    (entry,) = await node.penalties()
    assert (entry.platform, entry.points, entry.label, entry.clock_id) == ("wechat", 3, "响应不及时", clock_id)


async def test_a_process_that_was_away_makes_up_for_it_once(node: Node, clock: HandClock) -> None:
    ticket = await node.ticket(await node.conversation())
    (clock_id,) = await node.signal("platform_complaint", ticket=ticket)
    clock.pass_by(hours=25)
    await node.rounds()
    await node.services.database.dispose()
    later = restarted(node, clock)
    await later.rounds()
    assert await later.log(clock_id) == ALL[:2]
    clock.pass_by(hours=100)
    await later.rounds()
    await later.rounds()
    assert await later.log(clock_id) == ALL
    await asyncio.sleep(0)
    assert [each["state"] for each in later.told] == ["breached"], "the desk hears of it once"
    await later.services.database.dispose()


async def test_who_answers_too_late_has_missed_it_even_where_nobody_noticed_before(
    node: Node, clock: HandClock
) -> None:
    node.on("wechat")
    ticket = await node.ticket(await node.conversation())
    (clock_id,) = await node.signal("platform_complaint", ticket=ticket)
    clock.pass_by(hours=49)
    await node.signal("merchant_replied", ticket=ticket)
    await node.rounds()
    assert (await node.clock(clock_id)).state == "breached"
    assert len(await node.penalties()) == 1
    assert await node.log(clock_id) == ["started", "stopped merchant_replied", "breached"]


async def test_what_a_process_took_and_left_is_taken_up_when_its_claim_is_over(node: Node, clock: HandClock) -> None:
    ticket = await node.ticket(await node.conversation())
    (clock_id,) = await node.signal("platform_complaint", ticket=ticket)
    clock.pass_by(hours=25)
    assert len(await node.scheduler.claim()) == 1
    await node.services.database.dispose()
    later = restarted(node, clock)
    await later.rounds()
    assert await later.log(clock_id) == ALL[:1], "it may still be at work"
    clock.pass_by(seconds=CLAIM_SECONDS)
    await later.rounds()
    assert await later.log(clock_id) == ALL[:2]
    await later.services.database.dispose()


async def test_a_claim_that_came_too_late_changes_nothing(node: Node, clock: HandClock) -> None:
    ticket = await node.ticket(await node.conversation())
    (clock_id,) = await node.signal("platform_complaint", ticket=ticket)
    await node.schedule("nothing", "k", clock.now())
    slow = restarted(node, clock, nothing=nothing)
    clock.pass_by(hours=25)
    claims = await slow.scheduler.claim()
    assert len(claims) == 2
    clock.pass_by(seconds=CLAIM_SECONDS)
    quick = restarted(node, clock, nothing=nothing)
    await quick.rounds()
    for claim in claims:
        await slow.scheduler.handle(claim)
    assert await node.log(clock_id) == ALL[:2]
    await slow.services.database.dispose()
    await quick.services.database.dispose()


async def write_down(work: Work, task: Task) -> None:
    work.session.add(Setting(key=f"did {task.key}", value=dict(task.payload)))


async def done(node: Node) -> dict[str, object]:
    async with node.services.database.session() as session:
        rows = (await session.execute(select(Setting).where(Setting.key.like("did %")))).scalars().all()
    return {row.key: row.value for row in rows}


async def test_a_job_is_done_once_when_its_time_has_come(node: Node, clock: HandClock) -> None:
    scheduler = Scheduler(node.services, node.hub, {"write": write_down})
    due = clock.now() + timedelta(hours=1)
    assert await node.schedule("write", "a", due, ticket="T1")
    assert not await node.schedule("write", "a", due, ticket="T2")
    await scheduler.round()
    assert await done(node) == {}
    clock.pass_by(hours=1)
    assert (await scheduler.round(), await scheduler.round()) == (1, 0)
    assert await done(node) == {"did a": {"ticket": "T1"}}
    assert not await node.schedule("write", "a", due), "what was done is not asked for again"


async def test_a_job_that_fails_leaves_nothing_and_comes_again(node: Node, clock: HandClock) -> None:
    tried: list[str] = []

    async def fails_once(work: Work, task: Task) -> None:
        await write_down(work, task)
        await work.session.flush()
        tried.append(task.key)
        if len(tried) == 1:
            raise RuntimeError("the gateway is away")

    scheduler = Scheduler(node.services, node.hub, {"write": fails_once})
    await node.schedule("write", "a", clock.now())
    await scheduler.round()
    assert await done(node) == {}
    assert await scheduler.round() == 0, "not at once"
    clock.pass_by(seconds=CLAIM_SECONDS)
    await scheduler.round()
    assert list(await done(node)) == ["did a"]
    async with node.services.database.session() as session:
        job = (await session.execute(select(Job))).scalars().one()
    assert (job.attempts, job.done_at, job.claimed_until) == (2, clock.now(), None)


async def test_a_process_that_dies_in_a_job_leaves_it_to_the_next(node: Node, clock: HandClock) -> None:
    async def dies(work: Work, task: Task) -> None:
        await write_down(work, task)
        await work.session.flush()
        raise asyncio.CancelledError

    await node.schedule("write", "a", clock.now())
    with pytest.raises(asyncio.CancelledError):
        await Scheduler(node.services, node.hub, {"write": dies}).round()
    clock.pass_by(seconds=CLAIM_SECONDS)
    later = restarted(node, clock, write=write_down)
    await later.rounds()
    assert list(await done(later)) == ["did a"]
    await later.services.database.dispose()


async def test_a_job_of_an_unknown_kind_waits_for_a_node_that_knows_it(node: Node, clock: HandClock) -> None:
    await node.schedule("write", "a", clock.now())
    assert await node.scheduler.round() == 0
    assert await Scheduler(node.services, node.hub, {"write": write_down}).round() == 1


async def test_it_wakes_for_what_is_new_and_at_the_time_of_what_is_due(node: Node) -> None:
    running = Node(node.services, Clock(), {"write": write_down})
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(running.scheduler.run())
    try:
        await asyncio.sleep(0.2)
        began, now = loop.time(), running.services.clock.now()
        await running.schedule("write", "now", now)
        await running.schedule("write", "soon", now + timedelta(seconds=0.5))
        while len(await done(running)) < 2:
            assert loop.time() - began < LONGEST_SLEEP - 1, "it slept too long"
            await asyncio.sleep(0.05)
    finally:
        task.cancel()


async def test_penalties_are_summed_for_each_platform(node: Node, clock: HandClock) -> None:
    node.on("taobao")
    await node.signal("paid", order="2026000000000105")
    await node.signal("paid", order="2026000000000106")
    node.on("wechat")
    await node.signal("platform_complaint", subject="case:1")
    clock.pass_by(hours=73)
    await node.rounds()
    async with node.services.database.session() as session:
        everywhere, here = await listing.penalties(session, None), await listing.penalties(session, "taobao")
    assert everywhere["totals"] == [
        {"platform": "taobao", "points": 6, "yuan": "14.90"},  # 5 % of 139.00 and of 159.00
        {"platform": "wechat", "points": 3, "yuan": "0.00"},
    ]
    assert here["totals"] == everywhere["totals"][:1]
    assert {(item["rule"], item["order_no"][-3:]) for item in here["items"]} == {
        ("late_shipping", "105"),
        ("late_shipping", "106"),
    }


async def test_one_broken_row_does_not_hold_up_the_others(node: Node, clock: HandClock) -> None:
    talk = await node.conversation()
    broken, sound = await node.ticket(talk), await node.ticket(talk)
    (one,) = await node.signal("platform_complaint", ticket=broken)
    (two,) = await node.signal("platform_complaint", ticket=sound)
    async with node.services.database.session() as session:
        await session.execute(text("UPDATE clocks SET rule = 'gone' WHERE id = :one"), {"one": one})
        await session.commit()
    clock.pass_by(hours=25)
    await node.rounds()
    assert await node.log(two) == ALL[:2]
