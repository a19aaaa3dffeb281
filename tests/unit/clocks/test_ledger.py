"""Signals start and stop clocks: several on one case, each by its own rule, each only for its own subject."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.clocks import ledger, listing
from bot.desk.work import Work
from bot.store.models import DutyClock
from tests.clocks import FRIDAY, HandClock, Node


async def rules(node: Node, *clock_ids: str) -> dict[str, str]:
    return {(clock := await node.clock(clock_id)).rule: clock.state for clock_id in clock_ids}


async def test_several_clocks_run_on_one_case_and_each_has_its_own_stop(node: Node) -> None:
    talk = await node.conversation()
    ticket = await node.ticket(talk)
    started = [
        *await node.signal("platform_complaint", ticket=ticket, conversation=talk),
        *await node.signal("complaint_received", ticket=ticket, conversation=talk),
        *await node.signal("complaint_2", ticket=ticket, conversation=talk),
    ]
    await node.signal("agent_replied", conversation=talk)
    assert await rules(node, *started) == {
        "platform_reply": "running",
        "complaint_reply": "kept",
        "complaint_2": "running",
    }
    await node.signal("merchant_replied", ticket=ticket)
    await node.signal("written_reply_sent", ticket=ticket)
    assert set((await rules(node, *started)).values()) == {"kept"}


async def test_what_runs_already_is_not_started_again_and_starts_anew_after_its_end(node: Node) -> None:
    talk = await node.conversation()
    (first,) = await node.signal("customer_waits", conversation=talk)
    assert await node.signal("customer_waits", conversation=talk) == []
    await node.signal("agent_replied", conversation=talk)
    (second,) = await node.signal("customer_waits", conversation=talk)
    assert [(await node.clock(each)).state for each in (first, second)] == ["kept", "running"]


async def test_a_signal_of_another_matter_stops_nothing(node: Node) -> None:
    talk, other = await node.conversation(), await node.conversation("other")
    one, two = await node.ticket(talk), await node.ticket(talk)
    (clock,) = await node.signal("complaint_2", ticket=one, conversation=talk)
    (waits,) = await node.signal("customer_waits", conversation=talk)
    await node.signal("written_reply_sent", ticket=two, conversation=talk)
    await node.signal("agent_replied", conversation=other)
    assert await rules(node, clock, waits) == {"complaint_2": "running", "chat_reply": "running"}


async def test_a_complaint_of_a_closed_talk_is_answered_in_the_next(node: Node) -> None:
    old = await node.conversation("same", owner="closed")
    new = await node.conversation("same", owner="agent")
    ticket = await node.ticket(old)
    (clock,) = await node.signal("complaint_received", ticket=ticket, conversation=old)
    await node.signal("agent_replied", conversation=new)
    assert (await node.clock(clock)).state == "kept"


async def test_a_level_one_complaint_is_done_when_it_is_closed_and_archived(node: Node) -> None:
    ticket = await node.ticket(await node.conversation())
    (clock,) = await node.signal("complaint_1", ticket=ticket)
    await node.signal("closed", ticket=ticket)
    await node.signal("closed", ticket=ticket)
    assert (await node.clock(clock)).state == "running"
    await node.signal("archived", ticket=ticket)
    assert (await node.clock(clock)).state == "kept"
    assert await node.log(clock) == ["started", "stopped closed", "stopped archived"]


async def test_a_report_that_repeats_begins_anew_when_it_was_given(node: Node, clock: HandClock) -> None:
    ticket = await node.ticket(await node.conversation())
    (first,) = await node.signal("vendor_asked", ticket=ticket)
    clock.pass_by(days=3)
    (second,) = await node.signal("vendor_reported", ticket=ticket)
    assert (await node.clock(first)).state == "kept"
    again = await node.clock(second)
    assert (again.rule, again.ticket_id, again.due_at) == ("vendor_report", ticket, FRIDAY + timedelta(days=10))


async def test_a_promise_is_due_when_it_was_promised_and_only_its_own_keeping_stops_it(node: Node) -> None:
    talk = await node.conversation()
    due = FRIDAY + timedelta(hours=5)
    (one,) = await node.signal("promise_made", promise="p1", conversation=talk, due_at=due)
    (two,) = await node.signal("promise_made", promise="p2", conversation=talk, due_at=due)
    await node.signal("promise_kept", promise="p1")
    assert [(await node.clock(each)).state for each in (one, two)] == ["kept", "running"]
    assert (await node.clock(two)).due_at == due


async def test_a_ticket_stands_and_goes_on_with_all_its_clocks(node: Node, clock: HandClock) -> None:
    ticket = await node.ticket(await node.conversation())
    started = [
        *await node.signal("complaint_2", ticket=ticket),
        *await node.signal("platform_complaint", ticket=ticket),
    ]
    clock.pass_by(hours=10)

    async def stand(work: Work) -> int:
        return await ledger.pause(work.session, work.services, ticket, "evidence asked", now=work.now, actor="a")

    async def go_on(work: Work) -> int:
        return await ledger.resume(work.session, work.services, ticket, now=work.now, actor="a")

    assert (await node.work(stand), await node.work(stand)) == (2, 0)
    assert [(await node.clock(each)).next_at for each in started] == [None, None]
    clock.pass_by(days=30)
    await node.rounds()
    assert (await node.work(go_on), await node.work(go_on)) == (2, 0)
    for each in started:
        assert (await node.clock(each)).due_at == FRIDAY + timedelta(days=32)
    assert await node.log(started[0]) == ["started", "paused 1", "resumed 1"]


async def test_a_withdrawn_ticket_has_no_clocks_any_more(node: Node) -> None:
    ticket = await node.ticket(await node.conversation())
    (clock,) = await node.signal("complaint_2", ticket=ticket)

    async def end(work: Work) -> int:
        return await ledger.cancel(work.session, work.services, ticket, "merged", now=work.now, actor="a")

    assert (await node.work(end), await node.work(end)) == (1, 0)
    assert (await node.clock(clock)).state == "cancelled"
    await node.signal("written_reply_sent", ticket=ticket)
    assert await node.log(clock) == ["started", "cancelled"]


@pytest.mark.parametrize(
    ("platform", "name", "about", "points", "yuan", "label"),
    [
        ("wechat", "platform_complaint", {"subject": "case:1"}, 3, "0.00", "响应不及时"),
        ("shop", "platform_complaint", {"subject": "case:1"}, 0, "0.00", ""),
        ("wechat", "promise_made", {"promise": "p"}, 5, "0.00", ""),
        ("taobao", "paid", {"order": "2026000000000105"}, 3, "6.95", ""),  # 5 % of 139.00
        ("taobao", "paid", {"order": "2026000000000112"}, 0, "0.00", ""),  # sold in advance
        ("wechat", "paid", {"order": "2026000000000105"}, 0, "0.00", ""),
    ],
)
async def test_what_is_at_risk_is_what_the_platform_takes(
    node: Node, platform: str, name: str, about: dict[str, str], points: int, yuan: str, label: str
) -> None:
    node.on(platform)
    (clock_id,) = await node.signal(name, due_at=FRIDAY + timedelta(hours=1), **about)
    clock = await node.clock(clock_id)
    assert (clock.points, clock.yuan, clock.label) == (points, Decimal(yuan), label)


async def overdue(node: Node, clock: HandClock, talk: str) -> list[tuple[str, str]]:
    """What a list shows of a talk days later, when everything in it is over and a customer waits for an answer."""
    then, clock.at = clock.at, clock.at + timedelta(days=4)
    await node.signal("customer_waits", conversation=talk)
    await node.signal("complaint_special", conversation=talk)
    await node.rounds()
    async with node.services.database.session() as session:
        nearest = await listing.nearest(session, node.services, [talk])
    clock.at = then
    return [(each["rule"], each["state"]) for each in nearest.values()]


async def test_the_list_shows_the_nearest_first_with_rule_risk_and_citation(node: Node, clock: HandClock) -> None:
    node.on("wechat")
    talk = await node.conversation()
    ticket = await node.ticket(talk)
    await node.signal("platform_complaint", ticket=ticket, conversation=talk)
    await node.signal("complaint_1", ticket=ticket, conversation=talk)
    await node.signal("customer_waits", conversation=talk)
    await node.signal("agent_replied", conversation=talk)
    clock.pass_by(hours=12)
    async with node.services.database.session() as session:
        of_ticket = await listing.of_ticket(session, node.services, ticket)
        of_talk = await listing.of_conversation(session, node.services, talk)
        nearest = await listing.nearest(session, node.services, [talk, "none"])
    assert [each["rule"] for each in of_ticket] == ["complaint_1", "platform_reply"]
    assert [each["rule"] for each in of_talk] == ["complaint_1", "platform_reply", "chat_reply"]
    assert {name: each["rule"] for name, each in nearest.items()} == {talk: "complaint_1"}
    assert list(await overdue(node, clock, talk)) == [("complaint_1", "breached")]
    shown = of_ticket[1]
    assert (shown["state"], shown["elapsed_share"], shown["paused"], shown["warned"]) == ("running", 0.25, False, [])
    assert shown["title"] == node.services.packs.packs[-1].clause("platform_reply")
    assert shown["title"] in shown["citation"]
    risk = shown["at_risk"]
    assert (risk["points"], risk["yuan"], risk["label"]) == (3, "0.00", "响应不及时")
    assert len(risk["effects"]) == 1


async def test_the_row_can_be_made_again_from_the_log(node: Node, clock: HandClock) -> None:
    talk = await node.conversation()
    for hours in (3, 30, 60, 90):
        ticket = await node.ticket(talk)
        for name in ("complaint_1", "complaint_2", "complaint_3", "complaint_special", "platform_complaint"):
            await node.signal(name, ticket=ticket)
        clock.pass_by(hours=hours)
        await node.rounds()
        await node.signal("closed", ticket=ticket)
        await node.signal("written_reply_sent", ticket=ticket)
    async with node.services.database.session() as session:
        ids = (await session.execute(DutyClock.__table__.select())).scalars().all()
    assert len(ids) == 20
    for clock_id in ids:
        await node.clock(clock_id)
