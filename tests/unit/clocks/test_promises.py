"""What people promise is a deadline like all others: its clock starts with the message and goes with the promise."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.clock import SHANGHAI
from bot.clocks import listing
from bot.clocks.scheduler import Scheduler
from bot.desk.actors import service
from bot.desk.promises import settle_due
from bot.desk.service import Desk
from bot.desk.work import Work
from bot.store.models import Conversation, DutyClock, MadePromise, Order
from tests.clocks import HandClock, Node

MORNING = datetime(2026, 3, 17, 10, tzinfo=SHANGHAI)
LAMP = "2026000000000106"
ANSWER, PARCEL = "一小时内给您答复", "今晚十点前给您发出"
WARNED = ["started", "warned 0.50", "warned 0.75", "warned 0.90"]


@pytest.fixture
async def desk(node: Node, clock: HandClock) -> Desk:
    """A customer with whom a person talks."""
    node.on("wechat")
    clock.at = MORNING

    async def begin(work: Work) -> None:
        work.session.add(
            Conversation(channel="rest", sender="s", customer_id="cust-001", owner="queue", created_at=work.now)
        )

    await node.work(begin)
    made = Desk(node.services, node.hub)
    await made.accept("s", None)
    return made


async def the_clock(node: Node) -> Any:
    """The clock of the first promise, after a check that its log tells the same."""
    about = str((await promise(node)).id)
    async with node.services.database.session() as session:
        clock_id = (await session.execute(select(DutyClock.id).where(DutyClock.promise_id == about))).scalars().one()
    return await node.clock(clock_id)


async def promise(node: Node) -> Any:
    """The first that was made; news of tickets may promise more, as they are worded."""
    async with node.services.database.session() as session:
        return (await session.execute(select(MadePromise).order_by(MadePromise.id))).scalars().first()


async def ship(node: Node, at: datetime) -> None:
    async def do(work: Work) -> None:
        sent = update(Order).where(Order.order_no == LAMP).values(shipped_at=at, status="shipped")
        await work.session.execute(sent)

    await node.work(do)


async def test_a_promise_starts_a_clock_that_tells_what_was_promised(node: Node, desk: Desk) -> None:
    await desk.send("s", ANSWER, None)
    made, clock = await promise(node), await the_clock(node)
    assert (clock.due_at, clock.promise_id, clock.points) == (made.due_at, str(made.id), 5)
    async with node.services.database.session() as session:
        (shown,) = await listing.of_conversation(session, node.services, clock.conversation_id)
    assert (shown["rule"], shown["promise"], shown["state"]) == ("promise", made.text, "running")


async def test_a_kept_promise_keeps_its_clock(node: Node, desk: Desk, clock: HandClock) -> None:
    await desk.send("s", ANSWER, None)
    clock.pass_by(minutes=31)
    await node.rounds()
    assert [each["warned"] for each in node.told] == [[], ["0.50"]], "the desk is warned"
    await desk.send("s", "问到了，是中通的快递", None)
    kept = await the_clock(node)
    assert (kept.state, (await promise(node)).state) == ("kept", "kept")
    clock.pass_by(days=1)
    await node.rounds()
    assert (await the_clock(node)).state == "kept"
    assert await node.penalties() == []


async def test_an_answer_that_does_not_come_is_warned_of_breached_and_counted_once(
    node: Node, desk: Desk, clock: HandClock
) -> None:
    await desk.send("s", ANSWER, None)
    for minutes in (31, 15, 9, 6, 60):
        clock.pass_by(minutes=minutes)
        await node.rounds()
        await settle_due(node.services, node.hub)
    broken = await the_clock(node)
    assert await node.log(broken.id) == [*WARNED, "breached", "cancelled"]
    assert (broken.state, (await promise(node)).state) == ("breached", "broken")
    (entry,) = await node.penalties()
    assert (entry.clock_id, entry.points) == (broken.id, 5)
    (figures,) = await desk.promises.figures()
    assert (figures["kind"], figures["kept"], figures["broken"], figures["open"]) == ("answer_by", 0, 1, 0)


async def test_whoever_notices_first_breaks_both(node: Node, desk: Desk, clock: HandClock) -> None:
    await desk.send("s", ANSWER, None)
    clock.pass_by(hours=2)
    assert await settle_due(node.services, node.hub) == 1
    await node.rounds()
    assert await node.happened("breached") == [((await the_clock(node)).id, "")]
    assert len(await node.penalties()) == 1


async def test_a_parcel_that_left_in_time_keeps_its_promise_though_nobody_was_there_to_see(
    node: Node, desk: Desk, clock: HandClock
) -> None:
    await desk.send("s", PARCEL, None)
    await ship(node, MORNING + timedelta(hours=11))
    clock.pass_by(days=2)
    await Scheduler(node.services, node.hub, {}).round()
    kept = await the_clock(node)
    assert (kept.state, kept.ended_at) == ("kept", MORNING + timedelta(hours=11))
    assert (await promise(node)).state == "kept"
    assert await node.happened("breached") == []


async def owed_by_ticket(node: Node, desk: Desk) -> tuple[str, str]:
    """Two tickets about one matter, and a promise about the older one."""
    talk = (await desk.conversation("s"))["id"]
    items = [{"sku": "LAMP", "quantity": 1}]
    first = await node.ticket(talk, type="reship", status="approved", order_no=LAMP, items=items)
    await desk.send("s", "今晚十点前给您补发", None)
    assert (await promise(node)).ticket_id == first
    return first, await node.ticket(talk, type="reship", status="approved", order_no=LAMP, items=items)


@pytest.mark.parametrize(("status", "became", "points"), [("done", "kept", []), ("rejected", "breached", [5])])
async def test_what_was_promised_of_a_ticket_ends_with_it(
    node: Node, desk: Desk, status: str, became: str, points: list[int]
) -> None:
    ticket, _ = await owed_by_ticket(node, desk)
    await desk.decide_ticket(ticket, status, "boss", "")
    ended = await the_clock(node)
    assert (ended.state, ended.ended_at) == (became, MORNING)
    assert [entry.points for entry in await node.penalties()] == points


async def test_what_was_promised_of_a_duplicate_is_owed_by_the_other_ticket(node: Node, desk: Desk) -> None:
    ticket, other = await owed_by_ticket(node, desk)
    await desk.one.merge(ticket, other, service())
    clock = await the_clock(node)
    assert (clock.state, clock.ticket_id, (await promise(node)).ticket_id) == ("running", other, other)
    await desk.decide_ticket(other, "done", "boss", "")
    assert ((await the_clock(node)).state, (await promise(node)).state) == ("kept", "kept")
