"""A foreign shop's page with a strict policy embeds the widget by the one tag of docs/widget.md."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from bot.identity import Identities
from tests.service import SECRET, Client, Service
from tests.web.host_page import Host, host_page
from tests.web.shopper import DEMO, Shopper, until

SEND = "发送给客服"
CUSTOMER, NAME = "cust-001", "林小夏"
BLOCKED = {
    "enableThirdPartyCookieRestriction": True,
    "disableThirdPartyCookieMetadata": True,
    "disableThirdPartyCookieHeuristics": True,
}
MUG = {"sku": "MUG", "name": "手绘陶瓷马克杯", "price": "39.90", "url": "https://shop.example/mug"}


@pytest.fixture
async def host(service: Service, server: Client) -> AsyncIterator[Host]:
    """The foreign page."""
    async with host_page(service.url) as made:
        yield made


@pytest.fixture
async def context(browser: Browser) -> BrowserContext:
    """A browser that knows nobody."""
    return await browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")


async def _arrive(context: BrowserContext, url: str) -> Shopper:
    shopper = Shopper(await context.new_page(), url)
    await shopper.page.goto(url)
    await expect(shopper.launcher).to_be_visible()
    return shopper


async def _is_content(shopper: Shopper, host: Host) -> None:
    """Neither the browser nor the page's policy has anything to complain of, and the page did not move."""
    assert await host.violations(shopper.page) == []
    assert await host.shifts(shopper.page) == []
    assert shopper.problems == []


@pytest.mark.parametrize("path", ["/", "/late"])
async def test_one_tag_is_enough_under_a_strict_policy(context: BrowserContext, host: Host, path: str) -> None:
    shopper = await _arrive(context, host.url + path)
    await shopper.open_chat()
    await shopper.say("你们包邮吗")
    assert await shopper.said() == ["你们包邮吗"]
    assert await context.cookies() == []
    await _is_content(shopper, host)


async def test_the_page_keeps_its_size_and_its_place(context: BrowserContext, host: Host) -> None:
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight, scrollY]"
    bare = await context.new_page()
    await bare.goto(host.url + "/bare")
    shopper = await _arrive(context, host.url)
    assert await shopper.page.evaluate(size) == await bare.evaluate(size)
    for page in (bare, shopper.page):
        await page.evaluate("scrollTo({top: 400, behavior: 'instant'})")
    await shopper.open_chat()
    await shopper.say("你们包邮吗")
    assert await shopper.page.evaluate(size) == await bare.evaluate(size)
    await shopper.page.keyboard.press("Escape")
    await expect(shopper.input).to_have_count(0)
    assert await shopper.page.evaluate(size) == await bare.evaluate(size)
    await _is_content(shopper, host)


async def test_the_pages_styles_and_those_of_the_chat_leave_each_other_alone(
    context: BrowserContext, host: Host
) -> None:
    shopper = await _arrive(context, host.url)
    await shopper.open_chat()
    assert await shopper.page.evaluate("[document.querySelectorAll('style, link[rel=stylesheet]').length]") == [0]
    assert await shopper.page.evaluate("document.adoptedStyleSheets.length") == 0
    bare = await context.new_page()
    await bare.goto(host.url + "/bare")
    before, after = [set(await page.evaluate("Object.getOwnPropertyNames(window)")) for page in (bare, shopper.page)]
    assert {name for name in after - before if not name.startswith("__VUE")} <= {"ShopChat", "ShopChatWidget"}
    await _is_content(shopper, host)


async def test_a_picture_is_uploaded_and_shown_across_origins(context: BrowserContext, host: Host, cup: Path) -> None:
    shopper = await _arrive(context, host.url)
    await shopper.open_chat()
    await shopper.attach(cup)
    await shopper.send_button.click()
    picture = shopper.own.locator("img").first
    await expect(picture).to_have_attribute("src", re.compile(r"/uploads/[0-9a-f]{32}"))
    await until(lambda: picture.evaluate("picture => picture.naturalWidth > 0"), "the picture is shown")
    await _is_content(shopper, host)


async def test_english_is_loaded_under_the_policy_as_well(context: BrowserContext, service: Service) -> None:
    async with host_page(service.url, 'data-lang="en" data-theme="dark" data-brand="#1a5fb4" data-elder') as host:
        shopper = await _arrive(context, host.url)
        await shopper.launcher.click()
        panel = shopper.chat.locator(".panel")
        await until(lambda: _speaks_english(panel), "the panel speaks English")
        assert "sans-serif" in await panel.evaluate("panel => getComputedStyle(panel).fontFamily")
        await _is_content(shopper, host)


async def _speaks_english(panel: Any) -> bool:
    names = await panel.evaluate(
        "panel => [...panel.querySelectorAll('[aria-label]')].map(element => element.getAttribute('aria-label')).join()"
    )
    return re.search("[a-z]{4}", names) is not None and re.search("[一-鿿]{4}", names) is None


async def test_where_storage_is_forbidden_people_can_chat_all_the_same(context: BrowserContext, host: Host) -> None:
    shopper = await _arrive(context, host.url + "/forgetful")
    await shopper.open_chat()
    await shopper.say("你们包邮吗")
    await shopper.page.keyboard.press("Escape")
    await shopper.open_chat()
    assert await shopper.said() == ["你们包邮吗"]
    await _is_content(shopper, host)


async def test_where_third_party_cookies_are_blocked_people_come_back_to_their_talk(
    browser: Browser, host: Host
) -> None:
    context = await browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    shopper = Shopper(await context.new_page(), host.url)
    devtools = await context.new_cdp_session(shopper.page)
    await devtools.send("Network.enable")
    await devtools.send("Network.setCookieControls", BLOCKED)
    await shopper.page.goto(host.url)
    await shopper.open_chat()
    await shopper.say("你们包邮吗")
    await shopper.page.reload()
    await shopper.open_chat()
    await expect(shopper.own.first).to_be_visible()
    assert await shopper.said() == ["你们包邮吗"]
    await _is_content(shopper, host)


async def test_the_page_can_open_close_and_speak(context: BrowserContext, host: Host) -> None:
    shopper = await _arrive(context, host.url)
    await shopper.page.evaluate(
        """() => {
            window.heard = []
            for (const event of ['open', 'close', 'message'])
                window['un' + event] = ShopChat.on(event, () => heard.push(event))
        }"""
    )
    await shopper.page.evaluate("ShopChat.open()")
    await expect(shopper.input).to_be_visible()
    await shopper.online()
    await shopper.page.evaluate("ShopChat.send('你们包邮吗')")
    await expect(shopper.answers.first).to_be_visible()
    await shopper.page.evaluate("ShopChat.close()")
    await expect(shopper.input).to_have_count(0)
    heard = await shopper.page.evaluate("heard")
    assert (heard[0], heard[-1], "message" in heard) == ("open", "close", True)
    await shopper.page.evaluate("unopen(), ShopChat.open()")
    await expect(shopper.input).to_be_visible()
    assert await shopper.page.evaluate("heard.filter(event => event === 'open').length") == 1
    await _is_content(shopper, host)


async def test_the_page_says_who_is_there_by_a_token_that_its_server_signed(
    context: BrowserContext, host: Host, server: Client
) -> None:
    shopper = await _arrive(context, host.url)
    await shopper.page.evaluate("token => ShopChat.identify(token)", Identities(SECRET).for_customer(CUSTOMER))
    await shopper.page.wait_for_function(
        "name => document.querySelector('shop-chat').session.customerName.value === name", arg=NAME
    )
    await shopper.open_chat()
    await shopper.say("我的台灯什么时候发货？")
    assert (await server.conversation(f"c-{CUSTOMER}"))["messages"][0]["text"] == "我的台灯什么时候发货？"
    await shopper.page.evaluate("ShopChat.identify(null)")
    await shopper.page.wait_for_function(
        "() => document.querySelector('shop-chat').session.customerName.value === null"
    )
    await expect(shopper.own).to_have_count(0)
    await _is_content(shopper, host)


async def test_the_page_says_what_is_looked_at_and_one_tap_sends_it(context: BrowserContext, host: Host) -> None:
    shopper = await _arrive(context, host.url)
    await shopper.page.evaluate("product => ShopChat.product(product)", MUG)
    await shopper.open_chat()
    await expect(shopper.chat.get_by_text(str(MUG["name"])).first).to_be_visible()
    await shopper.chat.get_by_role("button", name=SEND).click()
    await expect(shopper.own.filter(has_text=str(MUG["name"])).first).to_be_visible()
    await shopper.page.evaluate("ShopChat.product(null)")
    await expect(shopper.chat.get_by_role("button", name=SEND)).to_have_count(0)
    await _is_content(shopper, host)


async def test_what_the_page_says_before_the_script_is_there_is_done_when_it_is(
    context: BrowserContext, host: Host
) -> None:
    page = await context.new_page()
    await page.add_init_script("window.ShopChat = {q: [['open']]}")
    shopper = Shopper(page, host.url)
    await page.goto(host.url)
    await expect(shopper.input).to_be_visible()
    await _is_content(shopper, host)


async def test_the_demo_page_tells_the_chat_which_product_is_looked_at(context: BrowserContext, server: Client) -> None:
    shopper = await _arrive(context, f"{server.url}/#/product/MUG")
    await expect(shopper.page.get_by_role("heading", level=1, name=str(MUG["name"]))).to_be_visible()
    await shopper.page.get_by_role("button", name=DEMO["detail"]["ask"], exact=True).click()
    await expect(shopper.chat.get_by_role("button", name=SEND)).to_be_visible()
    await shopper.page.get_by_role("link", name=DEMO["detail"]["back"]).click()
    await expect(shopper.chat.get_by_role("button", name=SEND)).to_have_count(0)
    assert shopper.problems == []
