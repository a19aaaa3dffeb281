"""From bot to person and back: the place in the queue, who may do what when, and what the customer hears."""

from __future__ import annotations

import pytest

from bot.errors import BadInput, NotFound, WrongState
from tests.conftest import Customer, Shop


async def in_queue(shop: Shop, customer_id: str | None = None, wish: str = "转人工") -> Customer:
    customer = shop.customer(customer_id)
    await customer.say(wish)
    assert (await customer.conversation())["owner"] == "queue"
    return customer


async def place(customer: Customer) -> int | None:
    handoff = (await customer.conversation())["handoff"]
    return handoff and handoff["position"]


async def test_the_urgent_stand_before_the_early_and_everybody_moves_up(shop: Shop) -> None:
    first, second, vip = await in_queue(shop), await in_queue(shop), await in_queue(shop, "cust-002")
    legal = await in_queue(shop, wish="再不处理我打12315投诉")
    assert [await place(customer) for customer in (legal, vip, first, second)] == [1, 2, 3, 4]
    await shop.desk.accept(legal.sender, None)
    assert [await place(customer) for customer in (vip, first, second)] == [1, 2, 3]
    await vip.say("取消排队")
    assert [await place(customer) for customer in (first, second)] == [1, 2]
    assert await place(vip) is None


async def test_a_conversation_that_was_closed_takes_no_place(shop: Shop) -> None:
    gone, waiting = await in_queue(shop), await in_queue(shop)
    await shop.desk.close(gone.sender, "")
    assert await place(waiting) == 1


async def test_somebody_else_under_the_same_sender_leaves_the_queue_to_others(shop: Shop) -> None:
    shared, waiting = shop.customer("cust-001", "shared"), shop.customer()
    await shared.say("转人工")
    await waiting.say("转人工")
    other = shop.customer("cust-003", "shared")
    assert await other.say("你们包邮吗") == ["utter_ask_shipping_fee"]
    assert await place(waiting) == 1
    shown = await other.conversation()
    assert (shown["customer_id"], shown["owner"]) == ("cust-003", "bot")
    assert "转人工" not in [message["text"] for message in shown["messages"]]


async def test_the_person_answers_and_the_bot_is_silent_until_it_gets_the_conversation_back(shop: Shop) -> None:
    customer = await in_queue(shop)
    accepted = await shop.desk.accept(customer.sender, None)
    assert (accepted["owner"], accepted["messages"][-1]["role"]) == ("agent", "system")
    assert await customer.say("我的杯子碎了") == []
    await shop.desk.send(customer.sender, "您好，我来看看", "a1")
    await shop.desk.send(customer.sender, "您好，我来看看", "a1")
    returned = await shop.desk.give_back(customer.sender)
    assert (returned["owner"], returned["handoff"]) == ("bot", None)
    roles = [message["role"] for message in returned["messages"]]
    assert roles == ["customer", "bot", "system", "customer", "agent", "system"]
    assert await customer.say("你们包邮吗") == ["utter_ask_shipping_fee"]


async def test_a_customers_message_id_is_not_taken_for_an_agents(shop: Shop) -> None:
    customer = await in_queue(shop)
    await shop.desk.accept(customer.sender, None)
    await customer.say("在吗", message_id="same")
    shown = await shop.desk.send(customer.sender, "在的", "same")
    assert [message["text"] for message in shown["messages"]][-2:] == ["在吗", "在的"]


async def test_a_person_may_step_in_where_nobody_asked(shop: Shop) -> None:
    customer = shop.customer()
    await customer.say("你们包邮吗")
    shown = await shop.desk.accept(customer.sender, None)
    assert (shown["owner"], shown["handoff"]["reason"]) == ("agent", "stepped_in")
    assert await customer.say("在吗") == []


async def test_after_the_close_the_next_message_begins_a_new_conversation(shop: Shop) -> None:
    customer = await in_queue(shop)
    await shop.desk.accept(customer.sender, None)
    closed = await shop.desk.close(customer.sender, "")
    assert closed["owner"] == "closed"
    assert await customer.say("你们包邮吗") == ["utter_ask_shipping_fee"]
    shown = await customer.conversation()
    assert shown["id"] != closed["id"]
    assert [message["role"] for message in shown["messages"]] == ["customer", "bot"]


async def test_wrong_states_are_refused(shop: Shop) -> None:
    customer = shop.customer()
    with pytest.raises(NotFound):
        await shop.desk.accept(customer.sender, None)
    await customer.say("你好")
    with pytest.raises(WrongState):
        await shop.desk.give_back(customer.sender)
    with pytest.raises(WrongState):
        await shop.desk.send(customer.sender, "您好", None)
    with pytest.raises(NotFound):
        await shop.desk.accept(customer.sender, "nobody@shop.local")
    await shop.desk.accept(customer.sender, None)
    with pytest.raises(WrongState):
        await shop.desk.accept(customer.sender, None)
    for text in ("", "   ", "字" * 4001):
        with pytest.raises(BadInput):
            await shop.desk.send(customer.sender, text, None)
    await shop.desk.close(customer.sender, "")
    for late in (
        shop.desk.give_back(customer.sender),
        shop.desk.close(customer.sender, ""),
        shop.desk.accept(customer.sender, None),
    ):
        with pytest.raises(WrongState):
            await late
