"""Silence: asked once, closed later, and never where something is under way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.conversation.hub import Hub
from bot.desk import closing, idle, messages_left
from bot.desk.work import transact
from bot.store.models import Conversation, Message, Survey
from tests.conftest import Customer, Shop


def visitor(shop: Shop, customer_id: str | None = None) -> Customer:
    customer = shop.customer(customer_id)
    customer.channel = "web"
    return customer


async def silence(customer: Customer, minutes: float) -> None:
    """Let everything that was said, and asked, be so much longer ago."""
    earlier = timedelta(minutes=minutes)
    async with customer.shop.services.database.session() as session:
        talks = (await session.execute(select(Conversation).where(Conversation.sender == customer.sender))).scalars()
        for talk in talks.all():
            if talk.warned_at:
                talk.warned_at -= earlier
            lines = select(Message).where(Message.conversation_id == talk.id)
            for message in (await session.execute(lines)).scalars().all():
                message.at -= earlier
        await session.commit()


async def sweep(shop: Shop) -> int:
    return await idle.sweep(shop.services, Hub())


async def keys(customer: Customer) -> list[str]:
    shown = await customer.conversation()
    return [key for message in shown["messages"] for key in message["keys"]]


async def surveys(shop: Shop) -> int:
    async with shop.services.database.session() as session:
        return int((await session.execute(select(func.count()).select_from(Survey))).scalar_one())


async def warned(shop: Shop) -> Customer:
    """Somebody who was asked whether they are still there."""
    customer = visitor(shop)
    await customer.say("你们包邮吗")
    await silence(customer, 31)
    assert await sweep(shop) == 1
    return customer


async def test_a_silent_talk_is_asked_once_then_closed_and_the_survey_asked(shop: Shop) -> None:
    customer = visitor(shop)
    await customer.say("你们包邮吗")
    await silence(customer, 29)
    assert await sweep(shop) == 0
    await silence(customer, 2)
    assert [await sweep(shop), await sweep(shop)] == [1, 0]
    await silence(customer, 4)
    assert await sweep(shop) == 0
    assert await surveys(shop) == 0
    await silence(customer, 2)
    assert [await sweep(shop), await sweep(shop)] == [1, 0]
    shown = await customer.conversation()
    assert (shown["owner"], [m["role"] for m in shown["messages"]][-2:]) == ("closed", ["system", "system"])
    assert (await keys(customer))[-2:] == ["utter_idle_warning", "utter_idle_closed"]
    assert await surveys(shop) == 1


async def test_several_nodes_ask_and_close_once(shop: Shop) -> None:
    customer = visitor(shop)
    await customer.say("你们包邮吗")
    for minutes in (31, 6):
        await silence(customer, minutes)
        assert sum(await asyncio.gather(*(sweep(shop) for _ in range(4)))) == 1
    assert (await keys(customer))[-2:] == ["utter_idle_warning", "utter_idle_closed"]


async def test_a_line_of_the_customer_begins_it_anew(shop: Shop) -> None:
    customer = await warned(shop)
    await customer.say("在的")
    async with shop.services.database.session() as session:
        query = select(Conversation.warned_at).where(Conversation.sender == customer.sender)
        assert (await session.execute(query)).scalar() is None
    await silence(customer, 10)
    assert await sweep(shop) == 0
    await silence(customer, 21)
    assert await sweep(shop) == 1
    assert (await customer.conversation())["owner"] == "bot"


async def test_a_line_of_the_house_after_the_question_begins_it_anew(shop: Shop) -> None:
    customer = await warned(shop)
    await shop.desk.accept(customer.sender, None)
    await shop.desk.send(customer.sender, "您好", None)
    await silence(customer, 10)
    assert await sweep(shop) == 0
    await silence(customer, 21)
    assert await sweep(shop) == 1
    assert (await keys(customer))[-1] == "utter_idle_warning"
    await silence(customer, 6)
    assert await sweep(shop) == 1
    assert (await customer.conversation())["owner"] == "closed"


async def in_queue(customer: Customer) -> None:
    await customer.say("转人工")


async def in_a_flow(customer: Customer) -> None:
    await customer.say("我要退款")


async def waits_for_a_person(customer: Customer) -> None:
    await customer.say("转人工")
    await customer.shop.desk.accept(customer.sender, None)
    await customer.say("在吗")


async def has_an_open_ticket(customer: Customer) -> None:
    left = messages_left.Left("web", customer.sender, customer.customer_id, "m", "13800138000", "请回电")
    await messages_left.take(customer.shop.services, Hub(), left)


async def on_a_channel_without_an_end(customer: Customer) -> None:
    customer.channel = "rest"
    await customer.say("你们包邮吗")


async def ended_already(customer: Customer) -> None:
    await customer.say("你们包邮吗")
    await closing.end(customer.shop.services, Hub(), "web", customer.sender)


@pytest.mark.parametrize(
    "way",
    [in_queue, in_a_flow, waits_for_a_person, has_an_open_ticket, on_a_channel_without_an_end, ended_already],
)
async def test_what_is_under_way_is_left_alone(shop: Shop, way: Callable[[Customer], Awaitable[None]]) -> None:
    customer = visitor(shop, "cust-001")
    await way(customer)
    before = await keys(customer)
    for minutes in (31, 6, 60):
        await silence(customer, minutes)
        assert await sweep(shop) == 0
    assert await keys(customer) == before


async def test_a_line_that_comes_between_the_look_and_the_close_keeps_the_talk_open(shop: Shop) -> None:
    customer = await warned(shop)
    await silence(customer, 6)
    [found] = await idle.find(shop.services)
    await customer.say("在的")
    assert await transact(shop.services, Hub(), lambda work: idle.act(work, found)) is False
    assert (await customer.conversation())["owner"] == "bot"
    assert "utter_idle_closed" not in await keys(customer)
