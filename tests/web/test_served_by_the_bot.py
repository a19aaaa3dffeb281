"""A shopper is served by the bot, from greeting to ticket."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import expect

from tests.service import Client
from tests.web.conftest import Visit
from tests.web.shopper import WIDGET, label, until

LIN = "林小夏"


async def test_a_broken_cup_is_sent_again_with_a_picture_as_evidence(visit: Visit, server: Client, cup: Path) -> None:
    shopper = await visit(LIN)
    await shopper.say("昨天收到的杯子碎了一个")
    await shopper.attach(cup)
    answers = await shopper.answers.count()
    await shopper.send_button.click()
    await expect(shopper.answers.nth(answers)).to_be_visible()
    await shopper.press(label("solution_reship"))
    assert await server.tickets("c-cust-001") == [], "nothing is opened before it was confirmed"
    await shopper.press(label("confirm"))
    [ticket] = await server.tickets("c-cust-001")
    assert (ticket["type"], ticket["freight_payer"], ticket["evidence_count"]) == ("reship", "merchant", 1)
    assert ticket["id"] in (await shopper.transcript())[-1]


async def test_money_back_for_a_broken_piece_is_the_figure_on_its_card(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.say("订单尾号0101的杯子碎了一个")
    await shopper.press(label("no_picture"))
    card = shopper.choice(label("solution_refund"))
    await expect(card).to_contain_text("39.90")
    await shopper.press(label("solution_refund"))
    await shopper.press(label("confirm"))
    [ticket] = await server.tickets("c-cust-001")
    assert (ticket["type"], ticket["amount"], ticket["freight_payer"]) == ("refund", "39.90", "none")


async def test_an_unshipped_order_is_cancelled_by_choosing_its_card(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.say("我要退款")
    await shopper.press("护眼台灯")
    await until(lambda: shopper.choice(label("confirm")).is_visible(), "asked to confirm")
    await shopper.press(label("confirm"))
    [ticket] = await server.tickets("c-cust-001")
    assert (ticket["type"], ticket["amount"], ticket["order_no"]) == ("cancel", "159.00", "2026000000000106")


async def test_the_first_screen_offers_what_people_ask_and_a_chip_is_an_ordinary_message(visit: Visit) -> None:
    shopper = await visit()
    chips = shopper.chat.get_by_role("group", name=WIDGET["composer"]["chips"]).get_by_role("button")
    assert 4 <= await chips.count() <= 6
    title = (await chips.first.inner_text()).strip()
    await chips.first.click()
    await expect(shopper.answers.first).to_be_visible()
    assert await shopper.said() == [title]


async def test_a_choice_can_be_made_once(visit: Visit) -> None:
    shopper = await visit(LIN)
    await shopper.say("我要退款")
    cards = shopper.answers.filter(has=shopper.page.locator(".card")).first.locator(".card")
    assert await cards.count() > 1
    await shopper.press("护眼台灯")
    for card in await cards.all():
        await expect(card).to_be_disabled()
    await expect(cards.filter(has_text=WIDGET["choice"]["chosen"])).to_have_count(1)


async def test_a_question_that_was_passed_by_closes_when_the_next_one_is_asked(visit: Visit, cup: Path) -> None:
    shopper = await visit(LIN)
    await shopper.say("昨天收到的杯子碎了一个")
    passed = shopper.log.get_by_role("button", name=label("no_picture"))
    await expect(passed).to_be_enabled()
    await shopper.attach(cup)
    await shopper.send_button.click()
    await expect(shopper.choice(label("solution_reship"))).to_be_visible()
    await expect(passed).to_be_disabled()


async def test_five_short_lines_are_answered_together(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    lines = ["在吗", "你好", "我想问下", "那个杯子", "收到是碎的"]
    await shopper.chat.evaluate("(chat, lines) => lines.forEach(line => chat.send(line))", lines)
    await expect(shopper.answers.first).to_be_visible()
    assert await shopper.said() == lines
    messages = (await server.conversation("c-cust-001"))["messages"]
    assert [message["role"] for message in messages[:5]] == ["customer"] * 5


async def test_html_is_shown_as_the_text_that_it_is(visit: Visit) -> None:
    shopper = await visit()
    text = "<img src=x onerror=alert(1)><b>杯子</b><script>alert(2)</script>"
    await shopper.say(text)
    assert await shopper.said() == [text]
    assert await shopper.log.locator(".row__bubble :is(img, b, script)").count() == 0
    await shopper.page.reload()
    await shopper.open_chat()
    assert await shopper.said() == [text]


async def test_a_picture_opens_large_and_closes_with_escape(visit: Visit, cup: Path) -> None:
    shopper = await visit(LIN)
    await shopper.attach(cup)
    await shopper.send_button.click()
    await expect(shopper.own.locator("img")).to_have_attribute("src", re.compile(r"/uploads/[0-9a-f]{32}$"))
    await shopper.own.get_by_role("button").first.click()
    viewer = shopper.chat.locator("dialog")
    await expect(viewer).to_be_visible()
    assert await viewer.locator("img").evaluate("picture => picture.naturalWidth") == 900
    await shopper.page.keyboard.press("Escape")
    await expect(viewer).to_have_count(0)
    await expect(shopper.input).to_be_visible()


async def test_what_is_no_picture_is_refused_before_it_is_sent(visit: Visit, tmp_path: Path) -> None:
    shopper = await visit()
    note = tmp_path / "note.txt"
    note.write_text("no picture")
    await shopper.chat.locator("input[type=file]").set_input_files(note)
    await expect(shopper.chat.get_by_text(WIDGET["upload"]["type"])).to_be_visible()
    await expect(shopper.send_button).to_be_disabled()
