"""Every signal that the rule packs wait for is given somewhere: when the thing happens, or when somebody reports it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import select, update

from bot.clocks import listing, orders
from bot.desk.actors import Actor, service
from bot.desk.service import Desk
from bot.desk.work import Work
from bot.errors import BadInput, NotAllowed, NotFound, WrongState
from bot.policy.duties import Event
from bot.policy.pack import Packs
from bot.store.models import DutyClock, Order
from bot.tickets import changes, levels
from bot.tickets.milestones import MILESTONES
from tests.clocks import FRIDAY, HandClock, Node

ROOT = Path(__file__).resolve().parents[3]
NOWHERE = ("bot/policy",)
AGENT = Actor("agent", 1, "a@shop.local", "小周")


def given() -> set[str]:
    """The names of signals that the code of the house gives, beside the one place that lists them."""
    found: set[str] = set()
    for path in sorted((ROOT / "bot").rglob("*.py")):
        if not str(path.relative_to(ROOT)).startswith(NOWHERE):
            found |= set(_strings(ast.parse(path.read_text(encoding="utf-8"))))
    return found & set(get_args(Event))


def _strings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_signal_that_the_packs_wait_for_is_given() -> None:
    packs = Packs.load(ROOT / "shop" / "policies").packs
    awaited = {name for pack in packs for rule in pack.clocks for name in (rule.starts_on, *rule.stops_on)}
    assert awaited - given() == set()


@pytest.fixture
def desk(node: Node) -> Desk:
    return Desk(node.services, node.hub)


async def clocks(node: Node, ticket: str) -> dict[str, str]:
    """How the clocks of a ticket stand, by rule; what the wording promised aside."""
    async with node.services.database.session() as session:
        shown: list[dict[str, Any]] = await listing.of_ticket(session, node.services, ticket)
    return {clock["rule"]: clock["state"] for clock in shown if clock["rule"] != "promise"}


async def complaint(node: Node, sender: str = "s", **fields: Any) -> str:
    return await node.ticket(await node.conversation(sender), reason="灯不亮", **fields)


WAYS = [
    ("platform_complaint", "merchant_replied", "platform_reply"),
    ("specialist_asked", "specialist_replied", "specialist_reply"),
    ("technically_solved", "followed_up", "technical_follow_up"),
]


@pytest.mark.parametrize(("begins", "ends", "rule"), WAYS)
async def test_what_is_reported_of_a_ticket_starts_and_stops_its_clock(
    node: Node, desk: Desk, begins: str, ends: str, rule: str
) -> None:
    ticket = await complaint(node)
    await desk.one.reach(ticket, begins, "看一下主板", AGENT)
    assert await clocks(node, ticket) == {rule: "running"}
    shown = await desk.one.reach(ticket, ends, "换一个灯头就好", AGENT)
    assert await clocks(node, ticket) == {rule: "kept"}
    assert [event["kind"] for event in shown["events"]][-2:] == [begins, ends]


async def test_the_maker_reports_every_week_and_the_customer_hears_of_it(
    node: Node, desk: Desk, clock: HandClock
) -> None:
    ticket = await complaint(node)
    await desk.one.reach(ticket, "vendor_asked", "灯头接触不良", AGENT)
    for _ in range(2):
        clock.pass_by(days=6)
        await desk.one.reach(ticket, "vendor_reported", "还在检测", AGENT)
    async with node.services.database.session() as session:
        states = [each["state"] for each in await listing.of_ticket(session, node.services, ticket)]
    assert sorted(states) == ["kept", "kept", "running"]
    said = [message for message in (await desk.conversation("s"))["messages"] if message["keys"]]
    assert [message["keys"] for message in said] == [
        ["utter_ticket_vendor_asked"],
        ["utter_ticket_vendor_reported"],
        ["utter_ticket_vendor_reported"],
    ]
    assert "还在检测" in said[-1]["text"]


async def test_a_grave_complaint_is_put_to_a_leader_and_the_customer_is_told(node: Node, desk: Desk) -> None:
    ticket = await complaint(node)
    await node.signal("complaint_3", ticket=ticket)
    await desk.one.reach(ticket, "approval_submitted", "退一赔三", AGENT)
    assert await clocks(node, ticket) == {"complaint_3": "kept"}


async def test_a_written_answer_reaches_the_customer_and_ends_what_waits_for_it(node: Node, desk: Desk) -> None:
    ticket = await complaint(node)
    for name in ("complaint_2", "complaint_received", "platform_complaint"):
        await node.signal(name, ticket=ticket)
    await desk.one.reply(ticket, "灯头是我们的问题，已经登记在案", service())
    assert set((await clocks(node, ticket)).values()) == {"kept"}
    (last,) = (await desk.conversation("s"))["messages"]
    assert (last["role"], last["text"]) == ("agent", "灯头是我们的问题，已经登记在案")
    with pytest.raises(WrongState) as refused:
        await desk.one.reply(ticket, "马上退您九千元", service())
    assert refused.value.code == "promise_refused"
    assert len((await desk.conversation("s"))["messages"]) == 1


async def test_a_complaint_that_gets_graver_has_the_time_of_its_new_level_too(node: Node) -> None:
    ticket = await complaint(node)
    await node.signal("complaint_1", ticket=ticket)

    async def again(work: Work) -> None:
        row = await changes.get(work.session, ticket)
        await levels.grade(work.session, work.services, row, "我要去12315", work.now, "bot")

    for _ in range(2):
        await node.work(again)
    assert await clocks(node, ticket) == {"complaint_1": "running", "complaint_3": "running"}


async def test_thirty_days_of_watching_are_a_minimum(node: Node, desk: Desk, clock: HandClock) -> None:
    early, late = await complaint(node), await complaint(node, "s-2")
    for ticket in (early, late):
        await node.signal("complaint_special", ticket=ticket)
    clock.pass_by(days=10)
    await desk.one.reach(early, "tracking_done", "", AGENT)
    clock.pass_by(days=20)
    await desk.one.reach(late, "tracking_done", "", AGENT)
    await node.rounds()
    assert await clocks(node, early) == {"complaint_special": "breached"}
    assert await clocks(node, late) == {"complaint_special": "kept"}


async def test_money_that_the_bank_reports_has_arrived(node: Node, desk: Desk) -> None:
    ticket = await complaint(node, type="refund", amount=Decimal("30.00"), order_no="2026000000000106")
    await desk.decide_ticket(ticket, "approved", "service", "")
    assert await clocks(node, ticket) == {"refund_arrival": "running"}
    await desk.one.reach(ticket, "refund_arrived", "", service())
    assert await clocks(node, ticket) == {"refund_arrival": "kept"}


async def test_a_repair_that_is_done_is_asked_about_within_the_week(node: Node, desk: Desk) -> None:
    ticket = await complaint(node, type="repair", status="approved")
    await desk.decide_ticket(ticket, "done", "service", "")
    assert await clocks(node, ticket) == {"technical_follow_up": "running", "service_follow_up": "running"}
    await desk.one.reach(ticket, "followed_up", "", AGENT)
    assert set((await clocks(node, ticket)).values()) == {"kept"}


async def test_what_cannot_be_reported_is_refused(node: Node, desk: Desk) -> None:
    ticket = await complaint(node)
    for what, text in (("paid", "x"), ("", "x"), ("specialist_asked", " "), ("specialist_asked", "字" * 501)):
        with pytest.raises(BadInput):
            await desk.one.reach(ticket, what, text, AGENT)
    with pytest.raises(NotFound):
        await desk.one.reach("T000000000000", MILESTONES[0], "x", AGENT)


async def test_a_customer_who_is_assigned_is_written_to_within_the_week(node: Node, desk: Desk) -> None:
    talk = await node.conversation(owner="queue")
    assert await desk.duties.happened("customer_assigned", "sender", "s", None, service()) == 1
    await desk.accept("s", None)
    await desk.send("s", "您好，以后由我来为您服务", None)
    async with node.services.database.session() as session:
        states = {each["rule"]: each["state"] for each in await listing.of_conversation(session, node.services, talk)}
    assert states["first_contact"] == "kept"


async def of_order(node: Node, order_no: str) -> dict[str, str]:
    async with node.services.database.session() as session:
        shown: list[dict[str, Any]] = await listing.of_order(session, node.services, order_no)
    return {clock["rule"]: clock["state"] for clock in shown}


async def change(node: Node, order_no: str, **fields: Any) -> None:
    async def do(work: Work) -> None:
        await work.session.execute(update(Order).where(Order.order_no == order_no).values(**fields))

    await node.work(do)


async def an_order(node: Node, status: str, **fields: Any) -> str:
    """An order in this status, as if it had come just now."""
    async with node.services.database.session() as session:
        query = select(Order.order_no).where(Order.status == status, Order.presale == 0).order_by(Order.order_no)
        order_no = str((await session.execute(query.limit(1))).scalars().one())
    await change(node, order_no, created_at=FRIDAY, **fields)
    return order_no


async def test_an_order_that_is_paid_is_to_leave_in_time(node: Node, clock: HandClock) -> None:
    node.on("taobao")
    order_no = await an_order(node, "paid", paid_at=FRIDAY)
    await orders.follow(node.services, node.hub)
    await orders.follow(node.services, node.hub)
    assert await of_order(node, order_no) == {"late_shipping": "running"}
    clock.pass_by(hours=80)
    await change(node, order_no, status="shipped", shipped_at=FRIDAY + timedelta(hours=72))
    await node.rounds()
    assert await of_order(node, order_no) == {"late_shipping": "kept"}, "at the last moment, and noticed later"
    assert [entry for entry in await node.penalties() if (await node.clock(entry.clock_id)).order_no == order_no] == []


async def test_an_order_that_leaves_late_costs_points_once(node: Node, clock: HandClock) -> None:
    node.on("taobao")
    order_no = await an_order(node, "paid", paid_at=FRIDAY)
    await orders.follow(node.services, node.hub)
    clock.pass_by(hours=73)
    await node.rounds()
    await change(node, order_no, status="shipped", shipped_at=clock.now())
    await orders.follow(node.services, node.hub)
    await node.rounds()
    assert await of_order(node, order_no) == {"late_shipping": "breached"}
    own = [entry for entry in await node.penalties() if (await node.clock(entry.clock_id)).order_no == order_no]
    assert [entry.points for entry in own] == [3]
    assert own[0].yuan > 0


@pytest.mark.parametrize("fields", [{"status": "paid", "paid_at": FRIDAY + timedelta(hours=1)}, {"status": "closed"}])
async def test_an_order_that_is_paid_or_closed_needs_no_reminder(
    node: Node, clock: HandClock, fields: dict[str, Any]
) -> None:
    order_no = await an_order(node, "unpaid")
    await orders.follow(node.services, node.hub)
    assert (await of_order(node, order_no))["unpaid_reminder"] == "running"
    clock.pass_by(hours=2)
    await change(node, order_no, **fields)
    await orders.follow(node.services, node.hub)
    assert (await of_order(node, order_no))["unpaid_reminder"] == "kept"


async def test_presale_goods_have_no_hurry(node: Node) -> None:
    async with node.services.database.session() as session:
        query = select(Order.order_no).where(Order.status == "paid", Order.presale == 1)
        order_no = str((await session.execute(query)).scalars().first())
    await orders.follow(node.services, node.hub)
    await orders.follow(node.services, node.hub)
    assert await of_order(node, order_no) == {"late_shipping": "cancelled"}


async def test_a_shop_system_may_tell_of_orders_itself(node: Node, desk: Desk, clock: HandClock) -> None:
    order_no = await an_order(node, "unpaid")
    assert await desk.duties.happened("paid", "order", order_no, FRIDAY - timedelta(hours=1), service()) == 1
    (known,) = await _clocks_of(node, order_no)
    assert known.started_at == FRIDAY - timedelta(hours=1)
    await desk.duties.happened("courier_scanned", "order", order_no, None, service())
    assert await of_order(node, order_no) == {"late_shipping": "kept"}
    with pytest.raises(BadInput):
        await desk.duties.happened("paid", "order", order_no, clock.now() + timedelta(hours=1), service())
    with pytest.raises(BadInput):
        await desk.duties.happened("customer_assigned", "order", order_no, None, service())
    with pytest.raises(NotFound):
        await desk.duties.happened("paid", "order", "1", None, service())


async def test_leaders_let_a_clock_stand_and_go_on(node: Node, desk: Desk, clock: HandClock) -> None:
    ticket = await complaint(node)
    (clock_id,) = await node.signal("platform_complaint", ticket=ticket)
    boss = Actor("supervisor", 1, "b@shop.local", "主管")
    with pytest.raises(NotAllowed):
        await desk.duties.stand(clock_id, True, "等客户寄回", AGENT)
    with pytest.raises(BadInput):
        await desk.duties.stand(clock_id, True, " ", boss)
    assert (await desk.duties.stand(clock_id, True, "等客户寄回", boss))["paused"] is True
    clock.pass_by(days=10)
    await node.rounds()
    with pytest.raises(WrongState):
        await desk.duties.stand(clock_id, True, "等客户寄回", boss)
    shown = await desk.duties.stand(clock_id, False, "", boss)
    assert (shown["state"], shown["due_at"]) == ("running", (FRIDAY + timedelta(days=12)).isoformat())
    assert await node.happened("breached") == []


async def _clocks_of(node: Node, order_no: str) -> list[Any]:
    async with node.services.database.session() as session:
        return list((await session.execute(select(DutyClock).where(DutyClock.order_no == order_no))).scalars().all())
