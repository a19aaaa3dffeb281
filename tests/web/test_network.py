"""Bad lines, impatient thumbs, long texts: nothing is lost, nothing is said twice."""

from __future__ import annotations

from playwright.async_api import expect

from tests.service import Client
from tests.web.conftest import Visit
from tests.web.shopper import WIDGET

LIN = "林小夏"


async def test_what_is_written_offline_is_sent_once_when_the_line_is_back(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.say("你好")
    await shopper.page.context.set_offline(True)
    await expect(shopper.chat.get_by_text(WIDGET["link"]["offline"])).to_be_visible()
    await shopper.type("包邮吗")
    await shopper.type("发什么快递")
    await expect(shopper.own.last).to_contain_text(WIDGET["delivery"]["sending"])
    answers = await shopper.answers.count()
    await shopper.page.context.set_offline(False)
    await expect(shopper.answers.nth(answers)).to_be_visible()
    assert await shopper.said() == ["你好", "包邮吗", "发什么快递"]
    messages = (await server.conversation("c-cust-001"))["messages"]
    assert [message["text"] for message in messages if message["role"] == "customer"] == [
        "你好",
        "包邮吗",
        "发什么快递",
    ]
    shopper.forgive("ERR_INTERNET_DISCONNECTED")


async def test_what_was_said_while_offline_is_there_afterwards(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    await shopper.page.context.set_offline(True)
    await expect(shopper.chat.get_by_text(WIDGET["link"]["offline"])).to_be_visible()
    assert (await server.post("/api/v1/handoffs/c-cust-001/accept"))[0] == 200
    assert (await server.post("/api/v1/handoffs/c-cust-001/messages", {"text": "我来了"}))[0] == 200
    await shopper.page.context.set_offline(False)
    await expect(shopper.answers.last).to_contain_text("我来了")
    await expect(shopper.header).to_contain_text(WIDGET["header"]["agent"].split(" ")[0])
    shopper.forgive("ERR_INTERNET_DISCONNECTED")


async def test_too_many_messages_a_minute_are_refused_with_a_reason_and_can_be_sent_again(visit: Visit) -> None:
    shopper = await visit()
    await shopper.chat.evaluate("chat => { for (let n = 1; n <= 45; n += 1) chat.send(`第${n}条`) }")
    refused = shopper.own.get_by_role("button", name=WIDGET["delivery"]["failures"]["too_many"])
    await expect(refused.first).to_be_visible(timeout=15_000)
    assert await refused.count() <= 5
    await shopper.page.wait_for_timeout(2500)  # 40 a minute: one more after 1.5 seconds
    left = await refused.count()
    await refused.last.click()
    await expect(refused).to_have_count(left - 1)


async def test_a_text_longer_than_the_service_takes_is_refused_without_breaking_the_connection(visit: Visit) -> None:
    shopper = await visit()
    await shopper.type("很长" * 10_001)
    await expect(shopper.own.get_by_text(WIDGET["delivery"]["failures"]["too_large"])).to_be_visible()
    await shopper.say("包邮吗")
    await shopper.type("很" * 20_000)
    await expect(shopper.answers.nth(1)).to_be_visible()
