"""Row "typing": shown on both sides while it is true, and never longer than ten seconds without news."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.service import Service
from tests.web.conftest import Visit
from tests.web.desk_page import DESK, sit_down
from tests.web.shopper import WIDGET

LIN = "林小夏"
AGENT, CUSTOMER = WIDGET["list"]["typing"]["agent"], DESK["talk"]["typing"]
EXPIRY = 10.0


async def test_typing_is_seen_on_both_sides_and_is_not_stuck_when_its_end_is_lost(
    visit: Visit, service: Service, browser: Browser
) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    desk = await sit_down(browser, service)
    await desk.accept_next()
    await expect(shopper.header).to_contain_text("小周")
    by_agent, by_customer = shopper.chat.get_by_text(AGENT), desk.talk.get_by_text(CUSTOMER)
    for page in (shopper.page, desk.page):
        await page.clock.install()

    await desk.field.press_sequentially("您好，我")
    await shopper.input.press_sequentially("我的杯子")
    await expect(by_agent).to_be_visible()
    await expect(by_customer).to_be_visible()
    await desk.say("您好，我来看")
    await expect(shopper.answers.last).to_contain_text("您好，我来看")
    await expect(by_agent).to_have_count(0)
    await shopper.input.press("Enter")
    await expect(desk.line("我的杯子")).to_be_visible()
    await expect(by_customer).to_have_count(0)

    await desk.field.press_sequentially("再看")
    await expect(by_agent).to_be_visible()
    await shopper.page.clock.fast_forward(int((EXPIRY - 1.5) * 1000))
    await expect(by_agent).to_be_visible()
    await shopper.page.clock.fast_forward(1500)
    await expect(by_agent).to_have_count(0, timeout=1000)

    await shopper.online()
    await shopper.input.press_sequentially("好的")
    await expect(by_customer).to_be_visible()
    await shopper.page.context.set_offline(True)  # says no more that the typing ended
    await desk.page.clock.fast_forward(int((EXPIRY - 1.5) * 1000))
    await expect(by_customer).to_be_visible()
    await desk.page.clock.fast_forward(1500)
    await expect(by_customer).to_have_count(0, timeout=1000)
    shopper.forgive("ERR_INTERNET_DISCONNECTED")
    assert desk.problems == []
