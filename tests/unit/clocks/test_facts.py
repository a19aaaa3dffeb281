"""Where the facts arise: talks, complaints, money, bargains start and stop their clocks by themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.clocks import listing
from bot.desk import tickets
from bot.store.models import Conversation
from tests.conftest import NIGHT, Customer, Shop


async def clocks(customer: Customer) -> dict[str, str]:
    """How the newest clock of each rule stands, in the customer's talk and tickets; what the wording promised aside."""
    shop = customer.shop
    talk = await customer.conversation()
    async with shop.services.database.session() as session:
        shown: list[dict[str, Any]] = await listing.of_conversation(session, shop.services, talk["id"])
    newest_last = sorted(shown, key=lambda each: each["started_at"])
    return {clock["rule"]: clock["state"] for clock in newest_last if clock["rule"] != "promise"}


async def test_who_asks_for_a_person_waits_until_the_person_writes(shop: Shop) -> None:
    customer = shop.customer("cust-002")
    await customer.say("你们包邮吗")
    assert await clocks(customer) == {}
    await customer.say("转人工")
    assert await clocks(customer) == {"chat_reply": "running"}
    await shop.desk.accept(customer.sender, None)
    assert await clocks(customer) == {"chat_reply": "running"}, "who takes a talk has not answered yet"
    await shop.desk.send(customer.sender, "在的", "c1")
    assert await clocks(customer) == {"chat_reply": "kept"}
    await customer.say("我想问下尺码")
    assert await clocks(customer) == {"chat_reply": "running"}
    await shop.desk.give_back(customer.sender)
    assert await clocks(customer) == {"chat_reply": "cancelled"}


async def test_who_leaves_the_queue_or_the_talk_waits_no_more(shop: Shop) -> None:
    leaves, ends = shop.customer(), shop.customer()
    for customer in (leaves, ends):
        await customer.say("转人工")
    await leaves.say("取消排队")
    await shop.desk.close(ends.sender, "")
    assert await clocks(leaves) == await clocks(ends) == {"chat_reply": "cancelled"}


async def test_somebody_else_under_the_same_sender_ends_the_wait(shop: Shop) -> None:
    first = shop.customer("cust-001", "shared")
    await first.say("转人工")
    talk = (await first.conversation())["id"]
    await shop.customer("cust-003", "shared").say("你好")
    async with shop.services.database.session() as session:
        (clock,) = await listing.of_conversation(session, shop.services, talk)
    assert clock["state"] == "cancelled"


async def test_at_night_nobody_is_late(open_shop: Callable[[datetime], Shop]) -> None:
    shop = open_shop(NIGHT)
    customer = shop.customer()
    await customer.say("转人工")
    assert (await customer.conversation())["owner"] == "queue"
    assert await clocks(customer) == {}
    await shop.worker.drain()
    await shop.services.database.dispose()


async def test_a_complaint_has_its_clocks_until_it_is_answered_and_done(shop: Shop) -> None:
    customer = shop.customer("cust-002")
    await customer.say("我要投诉你们")
    graded = {"complaint_1": "running", "complaint_special": "running"}  # a VIP's
    started = {"complaint_reply": "running", "chat_reply": "running", **graded}
    assert await clocks(customer) == started
    await customer.say("我要投诉")
    assert await clocks(customer) == started, "one complaint, however often it is said"
    await shop.desk.accept(customer.sender, None)
    await shop.desk.send(customer.sender, "非常抱歉，我马上处理", "c1")
    assert await clocks(customer) == {"complaint_reply": "kept", "chat_reply": "kept", **graded}
    (ticket,) = await customer.tickets()
    await shop.desk.decide_ticket(ticket["id"], "done", "boss", "")
    after = {"complaint_reply": "kept", "complaint_1": "kept", "chat_reply": "kept", "service_follow_up": "running"}
    assert await clocks(customer) == after | {"complaint_special": "running"}, "it is tracked on"


@pytest.mark.parametrize(("last", "became"), [("done", "kept"), ("rejected", "cancelled")])
async def test_money_that_was_approved_is_to_arrive(shop: Shop, last: str, became: str) -> None:
    customer = shop.customer("cust-002")
    await customer.say("你好")
    ticket_id = await open_refund(shop, customer)
    assert await clocks(customer) == {}
    await shop.desk.decide_ticket(ticket_id, "approved", "boss", "")
    assert await clocks(customer) == {"refund_arrival": "running"}
    await shop.desk.decide_ticket(ticket_id, last, "boss", "")
    follow_up = {"service_follow_up": "running"} if last == "done" else {}
    assert await clocks(customer) == {"refund_arrival": became, **follow_up}


async def test_a_bargain_is_answered_in_time_or_needed_no_more(shop: Shop) -> None:
    answered, agreed = shop.customer(), shop.customer()
    for customer in (answered, agreed):
        for line in ("台灯能便宜点吗", "再少点", "130行不行"):
            await customer.say(line)
        assert await clocks(customer) == {"bargain_approval": "running"}
    approval = (await shop.desk.approvals())[0]
    await shop.desk.decide_approval(approval["id"], "reject", "", "boss")
    await agreed.say("149就149吧")
    await agreed.say("对的")
    assert len(await agreed.tickets()) == 1
    assert await clocks(answered) == {"bargain_approval": "kept"}
    assert await clocks(agreed) == {"bargain_approval": "cancelled"}


async def open_refund(shop: Shop, customer: Customer) -> str:
    talk = await customer.conversation()
    async with shop.services.database.session() as session:
        conversation = await session.get(Conversation, talk["id"])
        ticket = await tickets.open_ticket(
            session,
            shop.services,
            conversation,
            type="refund",
            status="open",
            amount=Decimal("300.00"),
            now=shop.services.clock.now(),
        )
        await session.commit()
        return str(ticket.id)
