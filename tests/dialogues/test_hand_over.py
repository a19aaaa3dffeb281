"""What the agent reads when a talk is handed over, and what somebody who waits hears about the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.store.models import Handoff, TicketEvent
from tests.conftest import Customer, Shop


async def summary_of(customer: Customer) -> dict[str, Any]:
    handoff = (await customer.conversation())["handoff"]
    assert handoff
    return dict(handoff["summary"])


async def test_the_agent_reads_wish_order_offers_and_the_customer_s_lines(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    for text in ("尾号0101的马克杯碎了两个", "没有照片", "转人工"):
        await customer.say(text)
    told = await summary_of(customer)
    assert told["order"]["order_no"] == told["order_no"] == "2026000000000101"
    assert (told["order"]["status"], told["order"]["paid"]) == ("signed", "79.80")
    assert told["order"]["items"] == [{"sku": "MUG", "name": "手绘陶瓷马克杯", "quantity": 2}]
    assert [offer["solution"] for offer in told["offered"]] == ["reship", "refund", "compensation"]
    assert all(offer["terms"] for offer in told["offered"])
    assert (told["matter"], told["mood"], told["asked"]) == ("收到有破损", "calm", "solution")
    assert told["last_lines"] == ["尾号0101的马克杯碎了两个", "没有照片", "转人工"]
    for part in ("林小夏", "收到有破损", "0101", "79.80", "手绘陶瓷马克杯×2", "仅退款", "平静"):
        assert part in told["text"]


async def test_the_agent_reads_what_policy_refused(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    await customer.say("尾号0104的裙子不喜欢想退")
    assert "utter_refused" in customer.keys
    await customer.press("/request_human")
    told = await summary_of(customer)
    assert told["refused"]["reason"] == "window_over"
    assert told["refused"]["text"] in told["text"]
    assert told["before"]["flow"] == "refund"
    assert told["before"]["outcome"] == "refused"
    assert told["order"]["order_no"] == "2026000000000104"


async def test_the_agent_reads_what_was_offered_and_given_up(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    for text in ("尾号0101的马克杯碎了两个", "没有照片", "算了不弄了", "转人工"):
        await customer.say(text)
    told = await summary_of(customer)
    assert told["declined"] == ["reship", "refund", "compensation"]
    assert told["before"]["outcome"] == "cancelled"


async def test_the_agent_reads_open_promises_and_pending_approvals(shop: Shop) -> None:
    customer = shop.customer("cust-003")
    for text in ("尾号0122的鞋子有质量问题要退货退款", "没有照片", "对的", "转人工"):
        await customer.say(text)
    [ticket] = await customer.tickets()
    told = await summary_of(customer)
    assert told["promises"] == [
        {
            "ticket": ticket["id"],
            "type": "return_refund",
            "status": "open",
            "order_no": "2026000000000122",
            "amount": "259.00",
            "due_at": ticket["due_at"],
        }
    ]
    assert told["approvals"] == [{"kind": "refund", "ticket": ticket["id"], "amount": "259.00"}]
    assert ticket["id"] in told["text"]
    assert "refused" not in told


async def test_what_is_not_known_is_left_out(shop: Shop) -> None:
    customer = shop.customer()
    await customer.say("转人工")
    told = await summary_of(customer)
    assert set(told) == {"text", "reason", "mood", "intent", "order_no", "last_lines"}
    assert told["text"] == "【客户要人工】情绪：平静"


async def test_the_second_complaint_stands_in_the_first_ticket_s_log(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    for text in ("我要投诉你们", "取消排队", "我要投诉，三天了没人理我"):
        await customer.say(text)
    [ticket] = await customer.tickets()
    async with shop.services.database.session() as session:
        query = select(TicketEvent.detail).where(TicketEvent.ticket_id == ticket["id"], TicketEvent.kind == "note")
        noted = (await session.execute(query)).scalars().all()
    assert noted == [{"text": "我要投诉，三天了没人理我", "talk": (await customer.conversation())["id"]}]


async def test_complaints_about_two_orders_are_two_matters(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    for text in ("尾号0101的马克杯碎了一个", "我要投诉", "取消排队", "尾号0103的T恤想退", "我要投诉"):
        await customer.say(text)
    assert [ticket["order_no"][-4:] for ticket in await customer.tickets()] == ["0101", "0103"]


@pytest.mark.parametrize(
    ("at", "key", "opens"),
    [
        ("2026-03-04T12:29:00+08:00", "utter_queued_late", "13:30"),
        ("2026-03-04T12:45:00+08:00", "utter_queued_closed", "13:30"),
        ("2026-03-04T21:58:00+08:00", "utter_queued_late_tomorrow", "09:00"),
        ("2026-03-04T23:58:00+08:00", "utter_queued_closed_tomorrow", "09:00"),
        ("2026-03-05T07:00:00+08:00", "utter_queued_closed", "09:00"),
    ],
)
async def test_who_asks_for_a_person_hears_honestly_when_one_is_there(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, at: str, key: str, opens: str
) -> None:
    now = datetime.fromisoformat(at)
    monkeypatch.setattr(type(shop.services.clock), "now", lambda _: now)
    customer = shop.customer("cust-001")
    for text in ("转人工", "还要多久"):
        assert await customer.say(text) == [key]
        assert opens in customer.seen[0].text


async def test_who_waits_longer_than_was_foreseen_hears_how_long_it_was(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    await customer.say("转人工")
    async with shop.services.database.session() as session:
        await session.execute(update(Handoff).values(requested_at=shop.services.clock.now() - timedelta(minutes=25)))
        await session.commit()
    assert await customer.say("还要多久") == ["utter_queue_slow"]
    assert "25分钟" in customer.seen[0].text


async def test_a_message_left_in_a_burst_of_the_widget_is_taken(open_shop: Callable[[datetime], Shop]) -> None:
    shop = open_shop(datetime.fromisoformat("2026-03-04T15:00:00+08:00"))
    customer = shop.customer("cust-001")
    customer.channel = "web"
    await customer.say("转人工")
    await customer.say("留言\n鞋子想换大一码，麻烦明天答复")
    assert customer.keys == ["utter_message_left"]
    [ticket] = await customer.tickets()
    assert ticket["reason"] == "鞋子想换大一码，麻烦明天答复"
    await shop.worker.drain()
    await shop.services.database.dispose()
