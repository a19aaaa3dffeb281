"""Rows "burst handling", "understand–confirm–solve" and "bot fails twice": what the bot's answers are worth to people.

How often it may fail is the merchant's to say: tests/unit/conversation/test_misses.py.
"""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import expect

from bot.lexicon import lexicon
from tests.service import Client
from tests.web.conftest import Visit
from tests.web.shopper import WIDGET, Shopper, label, until

LIN, SENDER = "林小夏", "c-cust-001"
NONSENSE = ("咕噜咕噜三角形吃星期五", "呱唧呱唧沙发会背诗")


async def _messages(server: Client, role: str) -> list[dict[str, Any]]:
    shown = await server.conversation(SENDER)
    return [message for message in shown["messages"] if message["role"] == role]


async def test_short_lines_one_after_the_other_are_answered_once(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    lines = ["你好", "想问下", "你们包邮吗"]
    for line in lines:
        await shopper.input.press_sequentially(line, delay=10)
        await shopper.input.press("Enter")
    await expect(shopper.answers.first).to_be_visible()
    await shopper.page.wait_for_timeout(1500)
    answers = await _messages(server, "bot")
    assert len({answer["turn_id"] for answer in answers if "turn_id" in answer}) <= 1
    assert len(answers) == 1, [answer["text"] for answer in answers]
    assert await shopper.said() == lines


async def test_who_is_upset_hears_an_apology_and_the_matter_and_confirms_before_anything_is_done(
    visit: Visit, server: Client
) -> None:
    shopper = await visit(LIN)
    await shopper.say("尾号0101的马克杯碎了，气死我了，什么破店")
    opening = (await shopper.answers.first.locator(".row__bubble").inner_text()).splitlines()[0]
    assert any(word in opening for word in lexicon().mood["sorry"]), opening
    assert "?" not in opening
    assert "？" not in opening
    await _answer(shopper, "两个")
    await shopper.press(label("no_picture"))
    await shopper.press(label("solution_refund"))
    question = shopper.answers.last
    await expect(question.get_by_role("button", name=label("confirm"))).to_be_visible()
    await expect(question).to_contain_text("马克杯")
    assert await server.tickets(SENDER) == [], "nothing is done before the yes"
    [asked] = [message for message in await _messages(server, "bot") if _asks_to_confirm(message)]
    assert asked == (await _messages(server, "bot"))[-1]

    await shopper.press(label("confirm"))
    [ticket] = await server.tickets(SENDER)
    assert ticket["type"] == "refund"
    told = [message for message in await _messages(server, "bot") if ticket["id"] in message["text"]]
    assert told
    assert asked["seq"] < told[0]["seq"], "the transcript tells that it was confirmed first"


def _asks_to_confirm(message: dict[str, Any]) -> bool:
    return any(re.match("utter_ask_confirmed", key) for key in message["keys"])


async def _answer(shopper: Shopper, text: str) -> None:
    choice = shopper.log.locator("button:enabled").filter(has_text=label("no_picture"))
    await shopper.say(text)
    await expect(choice).to_be_visible()


async def test_who_is_not_understood_is_offered_a_person_and_the_second_time_has_one(
    visit: Visit, server: Client
) -> None:
    shopper = await visit(LIN)
    await shopper.say(NONSENSE[0])
    await expect(shopper.choice(label("person"))).to_be_visible()
    assert (await server.conversation(SENDER))["owner"] == "bot"
    await shopper.type(NONSENSE[1])
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])

    async def waits() -> bool:
        conversation = await server.conversation(SENDER)
        return conversation["owner"] == "queue" and conversation["handoff"]["reason"] == "misunderstood"

    await until(waits, "in the queue, and the reason is known")
