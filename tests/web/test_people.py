"""From the bot to a person and back, as the shopper sees it."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.service import Client
from tests.web.conftest import Visit
from tests.web.shopper import WIDGET, Shopper, label, until

LIN, CHEN, ZHOU = "林小夏", "陈雅琴", "周建国"
PEOPLE = "/api/v1/handoffs/c-cust-001"


async def test_a_person_is_one_tap_away_answers_live_and_hands_back(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await expect(shopper.header).to_contain_text(WIDGET["header"]["bot"])
    await shopper.human.click()
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    await expect(shopper.human).to_be_disabled()
    assert (await server.conversation("c-cust-001"))["owner"] == "queue"

    assert (await server.post(f"{PEOPLE}/accept"))[0] == 200
    await expect(shopper.system).to_have_count(1)
    await expect(shopper.header).to_contain_text(WIDGET["header"]["agent"].split(" ")[0])
    assert (await server.post(f"{PEOPLE}/messages", {"text": "您好，我来帮您看看", "client_id": "one"}))[0] == 200
    await expect(shopper.answers.last).to_contain_text("您好，我来帮您看看")
    answers = await shopper.answers.count()
    await shopper.type("麻烦了")
    await until(lambda: _has_customer_line(server, "麻烦了"), "the person can read it")

    assert (await server.post(f"{PEOPLE}/return"))[0] == 200
    await expect(shopper.system).to_have_count(2)
    await expect(shopper.header).to_contain_text(WIDGET["header"]["bot"])
    assert await shopper.answers.count() == answers, "the bot is silent while a person answers"
    await shopper.say("包邮吗")


async def _has_customer_line(server: Client, text: str) -> bool:
    messages = (await server.conversation("c-cust-001"))["messages"]
    return any(message["role"] == "customer" and message["text"] == text for message in messages)


async def test_who_waits_can_leave_the_queue_or_leave_a_message(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    await shopper.press(label("queue_wait"))
    await shopper.press(label("queue_cancel"))
    await expect(shopper.header).to_contain_text(WIDGET["header"]["bot"])

    await shopper.say(label("person"))
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    await shopper.press(label("queue_message"))
    await shopper.say("请明天下午给我回电")
    [ticket] = await server.tickets("c-cust-001")
    assert (ticket["type"], ticket["status"]) == ("message", "open")
    await expect(shopper.header).to_contain_text(WIDGET["header"]["bot"])


async def test_the_wishes_of_who_waits_stay_within_reach_after_more_lines(visit: Visit) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    await expect(shopper.choice(label("queue_cancel"))).to_be_visible()
    await shopper.type("我的包裹一直没到")
    bar = shopper.chat.get_by_role("group", name=WIDGET["queue"]["label"])
    await bar.get_by_role("button", name=WIDGET["queue"]["cancel"]).click()
    await expect(shopper.header).to_contain_text(WIDGET["header"]["bot"])


async def test_when_one_leaves_the_queue_the_others_see_their_place_move_up(visit: Visit, server: Client) -> None:
    first, second = await visit(LIN), await visit(ZHOU)
    for shopper, place in ((first, 1), (second, 2)):
        await shopper.human.click()
        await _stands(shopper, place)
    vip = await visit(CHEN)
    await vip.human.click()
    await _stands(vip, 1)
    await _stands(first, 2)
    await _stands(second, 3)
    await vip.press(label("queue_cancel"))
    await _stands(first, 1)
    assert (await server.post(f"{PEOPLE}/accept"))[0] == 200
    await _stands(second, 1)


async def _stands(shopper: Shopper, place: int) -> None:
    await expect(shopper.header).to_contain_text(re.compile(rf"\b{place}\b\D*$|{place} *位"))


async def test_after_a_conversation_was_closed_the_next_message_begins_a_new_one(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    offered = shopper.choice(label("queue_cancel"))
    await expect(offered).to_be_visible()
    old = (await server.conversation("c-cust-001"))["id"]
    assert (await server.post(f"{PEOPLE}/close"))[0] == 200
    await expect(shopper.header).to_contain_text(WIDGET["header"]["closed"])
    await expect(shopper.log.locator("button:enabled")).to_have_count(0)
    await shopper.say("你好")
    await expect(shopper.header).to_contain_text(WIDGET["header"]["bot"])
    conversation = await server.conversation("c-cust-001")
    assert conversation["id"] != old
    assert conversation["owner"] == "bot"


async def test_an_answer_to_a_closed_panel_counts_on_the_launcher(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    await shopper.page.keyboard.press("Escape")
    await expect(shopper.input).to_have_count(0)
    await expect(shopper.launcher).to_be_focused()
    assert (await server.post(f"{PEOPLE}/accept"))[0] == 200
    for number in ("1", "2"):
        assert (await server.post(f"{PEOPLE}/messages", {"text": f"第{number}条"}))[0] == 200
    await expect(shopper.launcher).to_contain_text("2")
    await shopper.open_chat()
    await expect(shopper.launcher).not_to_contain_text("2")
