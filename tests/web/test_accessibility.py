"""Nothing serious or critical by axe (WCAG 2.1 AA) on the demo page, in the chat and in the console, in every dress."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.service import Client
from tests.web.axe import barriers
from tests.web.conftest import SIZES
from tests.web.shopper import DEMO, WIDGET, Shopper, label, until

LIN = "林小夏"
DRESSES = {
    "light": {},
    "dark": {"theme": "dark"},
    "elder": {"elder": True},
    "dark-elder": {"theme": "dark", "elder": True},
    "english": {"lang": "en"},
}
PASSWORD, ADMIN = "test-password", "admin@shop.local"

Open = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_page(browser: Browser, server: Client) -> Open:
    """`await open_page("/", size="phone", dark=True)`."""

    async def opened(path: str, *, size: str = "desktop", dark: bool = False) -> Page:
        phone = size == "phone"
        context = await browser.new_context(
            viewport=SIZES[size],
            is_mobile=phone,
            has_touch=phone,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        page = await context.new_page()
        await page.goto(server.url + path)
        return page

    return opened


async def _customer(page: Page, server: Client, dress: str = "light") -> Shopper:
    """Lin with the chat open, in a dress."""
    shopper = Shopper(page, server.url)
    await expect(shopper.launcher).to_be_visible()
    await shopper.become(LIN)
    await page.evaluate("dress => window.ShopChat.set(dress)", DRESSES[dress])
    await shopper.launcher.click()
    await expect(shopper.chat.locator("textarea")).to_be_visible()
    await shopper.online()
    return shopper


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
async def test_the_demo_page(open_page: Open, size: str, dark: bool) -> None:
    page = await open_page("/", size=size, dark=dark)
    await page.get_by_text(LIN, exact=True).first.click()
    await expect(page.get_by_role("button", name=DEMO["orders"]["actions"]["track"]["title"]).first).to_be_visible()
    assert await barriers(page) == []
    await page.get_by_role("button", name=DEMO["reset"]["button"]).click()
    assert await barriers(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("sku", ["TSHIRT", "KEYRING", "JEANS", "nothing"])
async def test_a_products_page(open_page: Open, sku: str, dark: bool) -> None:
    page = await open_page(f"/#/product/{sku}", dark=dark)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert await barriers(page) == []


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("dress", list(DRESSES))
async def test_the_first_screen_of_the_chat(open_page: Open, server: Client, dress: str, size: str) -> None:
    shopper = await _customer(await open_page("/", size=size), server, dress)
    assert await barriers(shopper.page) == []


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("dress", ["light", "dark", "dark-elder"])
async def test_a_talk_with_cards(open_page: Open, server: Client, dress: str, size: str) -> None:
    shopper = await _customer(await open_page("/", size=size), server, dress)
    await shopper.say("帮我查一下订单尾号0107的物流")
    await shopper.say("我162、52公斤，T恤穿什么码？")
    await shopper.say("订单尾号0101的杯子碎了一个")
    await shopper.press(label("no_picture"))
    assert await barriers(shopper.page) == []
    await shopper.press(label("solution_reship"))
    assert await barriers(shopper.page) == []


@pytest.mark.parametrize("dress", ["light", "dark"])
async def test_waiting_for_a_person(open_page: Open, server: Client, dress: str) -> None:
    shopper = await _customer(await open_page("/"), server, dress)
    await shopper.human.click()
    await until(lambda: _is_waiting(shopper), "in the queue")
    assert await barriers(shopper.page) == []


async def _is_waiting(shopper: Shopper) -> bool:
    return bool(
        await shopper.page.evaluate("document.querySelector('shop-chat').session.state.value.owner === 'queue'")
    )


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("dress", ["light", "dark"])
async def test_the_menu_and_the_order_sheet(open_page: Open, server: Client, dress: str, size: str) -> None:
    shopper = await _customer(await open_page("/", size=size), server, dress)
    await _open_menu(shopper)
    assert await barriers(shopper.page) == []
    await shopper.page.keyboard.press("Escape")
    await shopper.chat.get_by_role("button", name=WIDGET["composer"]["more"]).click()
    assert await barriers(shopper.page) == []
    await shopper.chat.get_by_role("button", name=WIDGET["composer"]["orders"]).click()
    orders = shopper.chat.get_by_role("dialog", name=WIDGET["orders"]["title"])
    await expect(orders.get_by_text("0107").first).to_be_visible()
    assert await barriers(shopper.page) == []


async def _open_menu(shopper: Shopper) -> Locator:
    await shopper.header.get_by_role("button", name=WIDGET["header"]["more"]).click()
    menu = shopper.chat.get_by_role("dialog", name=WIDGET["menu"]["title"])
    await expect(menu).to_be_visible()
    return menu


@pytest.mark.parametrize("dress", ["light", "dark"])
async def test_the_question_after_the_talk(open_page: Open, server: Client, dress: str) -> None:
    shopper = await _customer(await open_page("/"), server, dress)
    await shopper.say("你们包邮吗")
    menu = await _open_menu(shopper)
    await menu.get_by_role("button", name=WIDGET["menu"]["end"]).click()
    assert await barriers(shopper.page) == []
    await menu.get_by_role("button", name=WIDGET["menu"]["confirm"]).click()
    await expect(shopper.chat.get_by_role("radio").first).to_be_attached()
    assert await barriers(shopper.page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
async def test_the_console(open_page: Open, server: Client, size: str, dark: bool) -> None:
    await server.say("axe-1", "转人工", customer_id="cust-001")
    page = await open_page("/console", size=size, dark=dark)
    password = page.locator("input[type=password]")
    await expect(password).to_be_visible()
    assert await barriers(page) == []
    await page.locator("input[type=email], input[autocomplete=username]").first.fill(ADMIN)
    await password.fill(PASSWORD)
    await password.press("Enter")
    row = page.get_by_text(LIN).first
    await expect(row).to_be_visible()
    assert await barriers(page) == []
    await row.click()
    await expect(page.get_by_text("转人工").first).to_be_visible()
    assert await barriers(page) == []
