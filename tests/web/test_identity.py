"""Who is who: history, tabs, demo customers, visitors."""

from __future__ import annotations

from playwright.async_api import expect

from tests.service import Client
from tests.web.conftest import Visit
from tests.web.shopper import DEMO, WIDGET, Shopper, label, until

LIN, CHEN = "林小夏", "陈雅琴"
VISITOR = DEMO["customers"]["visitor"]


async def test_after_a_reload_the_conversation_is_there_and_goes_on(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.say("订单尾号0101的杯子碎了一个")
    before = await shopper.transcript()
    await shopper.page.reload()
    await shopper.open_chat()
    await expect(shopper.own.first).to_be_visible()
    assert await shopper.transcript() == before
    await shopper.press(label("no_picture"))
    await shopper.press(label("solution_reship"))
    await shopper.press(label("confirm"))
    assert [ticket["type"] for ticket in await server.tickets("c-cust-001")] == ["reship"]


async def test_older_messages_come_when_scrolling_up(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.say("你好")
    assert (await server.post("/api/v1/handoffs/c-cust-001/accept"))[0] == 200
    for number in range(1, 71):
        assert (await server.post("/api/v1/handoffs/c-cust-001/messages", {"text": f"第{number}条"}))[0] == 200
    await expect(shopper.answers.last).to_contain_text("第70条")
    whole = await shopper.transcript()
    await shopper.page.reload()
    await shopper.open_chat()
    await expect(shopper.answers.last).to_contain_text("第70条")
    assert await shopper.answers.count() == 30
    for older in (60, 70):
        await shopper.chat.locator(".list__scroller").evaluate("list => list.scrollTop = 0")
        await until(lambda older=older: _has_rows(shopper, older), "an older page is there")
    await until(lambda: _has_rows(shopper, len(whole) - 1), "everything is there")
    assert await shopper.transcript() == whole


async def _has_rows(shopper: Shopper, least: int) -> bool:
    return await shopper.rows.count() >= least


async def test_another_tab_of_the_same_customer_sees_the_same_live(visit: Visit) -> None:
    first = await visit(LIN)
    second = await visit(beside=first)
    assert await second.page.evaluate("document.querySelector('shop-chat').session.customerName.value") == LIN
    await first.say("我要退款")
    await expect(second.rows).to_have_count(await first.rows.count())
    assert await second.transcript() == await first.transcript()
    await second.press("护眼台灯")
    await expect(first.log.get_by_text(WIDGET["choice"]["chosen"])).to_have_count(1)
    await expect(first.rows).to_have_count(await second.rows.count())


async def test_another_demo_customer_has_other_orders_and_another_conversation(visit: Visit) -> None:
    shopper = await visit(LIN)
    orders = shopper.page.get_by_role("region", name=DEMO["orders"]["title"])
    await expect(orders).to_contain_text("2026000000000106")
    await shopper.say("我要退款")
    lin = await shopper.log.locator(".card").all_inner_texts()
    assert lin
    await shopper.become(CHEN)
    await expect(orders).not_to_contain_text("2026000000000106")
    await expect(shopper.rows).to_have_count(0)
    await shopper.say("我要退款")
    chen = await shopper.log.locator(".card").all_inner_texts()
    assert chen
    assert not set(lin) & set(chen)
    await shopper.become(LIN)
    await expect(shopper.log.locator(".card")).to_have_count(len(lin))


async def test_a_visitor_sees_no_orders_and_is_asked_to_prove_one(visit: Visit) -> None:
    shopper = await visit(LIN)
    await shopper.say("我要退款")
    await shopper.become(VISITOR)
    await expect(shopper.rows).to_have_count(0)
    await shopper.say("我要退款")
    assert await shopper.log.locator(".card").count() == 0
    await shopper.say("2026000000000106")
    assert await shopper.log.get_by_text("159.00").count() == 0, "the number alone proves nothing"


async def test_a_visitor_who_comes_back_is_the_same_visitor(visit: Visit) -> None:
    shopper = await visit()
    await shopper.say("包邮吗")
    before = await shopper.transcript()
    await shopper.page.reload()
    await shopper.open_chat()
    await expect(shopper.own.first).to_be_visible()
    assert await shopper.transcript() == before
    stranger = await visit()
    assert await stranger.rows.count() == 0


async def test_the_reset_button_begins_the_demo_anew(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.say("订单尾号0101的杯子碎了一个")
    for step in ("no_picture", "solution_reship", "confirm"):
        await shopper.press(label(step))
    assert len(await server.tickets("c-cust-001")) == 1
    await shopper.page.keyboard.press("Escape")
    await shopper.page.get_by_role("button", name=DEMO["reset"]["button"]).click()
    async with shopper.page.expect_navigation():
        await shopper.page.get_by_role("button", name=DEMO["reset"]["confirm"]).click()
    await shopper.open_chat()
    assert await shopper.rows.count() == 0
    assert await server.tickets("c-cust-001") == []
