"""What a customer shows with one tap: the product on the page, an order of their own."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import yaml
from playwright.async_api import Browser, expect

from bot.settings import ROOT
from tests.desk import PASSWORD, at_work, hire
from tests.service import Client, Service
from tests.web.conftest import SIZES, Visit
from tests.web.shopper import WIDGET, label

LIN, CHEN, SENDER = "林小夏", "陈雅琴", "c-cust-001"
ORDERS: list[dict[str, Any]] = yaml.safe_load((ROOT / "shop/demo/orders.yml").read_text(encoding="utf-8"))


async def test_one_tap_sends_the_product_and_the_desk_sees_the_same_card(
    visit: Visit, server: Client, service: Service, browser: Browser
) -> None:
    shopper = await visit(LIN)
    await shopper.page.goto(f"{service.url}/#/product/MUG")
    bar = shopper.chat.get_by_role("group", name=WIDGET["product"]["label"])
    await expect(bar).to_contain_text("¥39.90")
    answers = await shopper.answers.count()
    await bar.get_by_role("button", name=WIDGET["product"]["send"]).click()
    await expect(bar).to_have_count(0)
    await expect(shopper.answers.nth(answers)).to_be_visible()
    card = shopper.own.last.locator(".card")
    sent = (await server.conversation(SENDER))["messages"][0]
    assert (sent["role"], sent["cards"][0]["ref"], sent["cards"][0]["amount"]) == ("customer", "MUG", "39.90")
    name = sent["cards"][0]["title"]
    for words in (name, "¥39.90", sent["cards"][0]["state"]):
        await expect(card).to_contain_text(words)

    await shopper.human.click()
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    conversation = (await server.conversation(SENDER))["id"]
    async with at_work(service) as colleague:
        told = (await colleague.see(conversation, "/messages"))["messages"]
        assert told[0]["cards"] == sent["cards"]
    console = await browser.new_page(viewport=SIZES["desktop"], locale="zh-CN")
    await console.goto(f"{service.url}/console")
    password = console.locator("input[type=password]")
    await console.locator("input[type=email], input[autocomplete=username]").first.fill(await hire(service, "agent"))
    await password.fill(PASSWORD)
    await password.press("Enter")
    await console.get_by_text(LIN).first.click()
    seen = console.locator("article.card").filter(has_text=name).first
    for words in (name, "¥39.90", sent["cards"][0]["state"]):
        await expect(seen).to_contain_text(words)


async def test_the_order_sheet_shows_the_own_orders_and_nobody_elses(visit: Visit) -> None:
    shopper = await visit(CHEN)
    orders = await shopper.open_orders()
    cards = orders.locator(".card")
    own = [order for order in ORDERS if order["customer"] == "cust-002" and _is_recent(order)]
    await expect(cards).to_have_count(len(own))
    for order in own:
        card = cards.filter(has_text=order["order_no"][-4:])
        await expect(card).to_have_count(1)
        await expect(card).to_contain_text(f"¥{Decimal(order['paid']):.2f}")
        await expect(card).to_contain_text(label(f"order_{order['status']}"))
        await expect(card).to_contain_text(re.compile(r"\d\d-\d\d"))
        await expect(card.locator(".card__picture")).to_be_visible()
        for item in order["items"]:
            for option in ("color", "size"):
                await expect(card).to_contain_text(str(item.get(option, "")))


def _is_recent(order: dict[str, Any]) -> bool:
    """Of the last three months, by the demo data's relative times."""
    days = re.fullmatch(r"-(\d+)d", str(order.get("created_at") or order.get("paid_at")))
    return days is None or int(days[1]) <= 92


async def test_a_visitor_gets_no_orders(visit: Visit) -> None:
    shopper = await visit()
    orders = await shopper.open_orders()
    await expect(orders).to_contain_text(WIDGET["orders"]["visitor"])
    await expect(orders.locator(".card")).to_have_count(0)


async def test_a_claim_is_made_without_typing_a_number(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.chips.filter(has_text=label("chip_3")).click()
    await expect(shopper.answers.first).to_be_visible()
    await shopper.show_order("0101")
    await shopper.press(label("pieces").format(count=1))
    await shopper.press(label("no_picture"))
    await shopper.press(label("solution_refund"))
    await shopper.press(label("confirm"))
    [ticket] = await server.tickets(SENDER)
    assert (ticket["type"], ticket["order_no"], ticket["amount"]) == ("refund", "2026000000000101", "39.90")
    typed = [text for text in await shopper.said() if "0101" in text]
    shown = label("shown_order").split("{")[0]
    assert all(text.startswith(shown) for text in typed)
    await expect(shopper.own.locator(".card")).to_contain_text("¥79.80")
