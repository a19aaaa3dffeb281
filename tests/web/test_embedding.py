"""One tag on somebody else's page: another origin, its strictest policy, and nothing of the page is moved or kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from tests.service import Client, Service
from tests.web.shopper import WIDGET, Shopper

POLICY = (
    "default-src 'none'; script-src {origin}; connect-src {origin} {socket}; img-src {origin} blob: data:; "
    "require-trusted-types-for 'script'"
)
PAGE = """<!doctype html><html lang="zh-CN"><head><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><script src="{origin}/widget.js" data-shop="" {more} async></script></head>
<body><h1>别家的店</h1><p>商品介绍</p></body></html>"""
EARLY = """
window.heard = [];
(window.ShopChat = window.ShopChat || {q: []}).q.push(
  ['on', 'ready', () => heard.push('ready')],
  ['on', 'open', () => heard.push('open')],
  ['on', 'message', message => heard.push(message.role)],
);
new PerformanceObserver(list => list.getEntries().forEach(() => heard.push('shift')))
  .observe({type: 'layout-shift', buffered: true});
"""
BLOCKED = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked') }});"


@pytest.fixture
async def page(browser: Browser, server: Client) -> AsyncIterator[Page]:
    """A tab of a browser that forbids storage."""
    context = await browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 860})
    await context.add_init_script(BLOCKED + EARLY)
    yield await context.new_page()
    await context.close()


@pytest.fixture
async def shop(service: Service) -> AsyncIterator[TestServer]:
    """Another server than ours; its page's tag has the attributes of the query."""
    origin = {"origin": service.url, "socket": service.url.replace("http", "ws")}

    async def answer(request: web.Request) -> web.Response:
        page = PAGE.format(**origin, more=request.query.get("more", ""))
        headers = {"Content-Security-Policy": POLICY.format(**origin)}
        return web.Response(text=page, content_type="text/html", headers=headers)

    application = web.Application()
    application.router.add_get("/", answer)
    async with TestServer(application) as started:
        yield started


async def _visit(page: Page, shop: TestServer, more: str = "") -> Shopper:
    shopper = Shopper(page, str(shop.make_url("/").with_query(more=more)))
    await page.goto(shopper.url)
    await expect(shopper.launcher).to_be_visible()
    return shopper


async def test_one_tag_is_a_chat_under_a_strict_policy_without_storage(page: Page, shop: TestServer) -> None:
    shopper = await _visit(page, shop)
    height: Any = await page.evaluate("document.body.scrollHeight")
    await page.evaluate("ShopChat.open()")
    await shopper.online()
    await shopper.say("包邮吗")
    assert await page.evaluate("document.body.scrollHeight") == height
    assert await page.evaluate("[...new Set(heard)]") == ["ready", "open", "bot"]
    assert await page.evaluate("document.cookie") == ""
    assert shopper.problems == []


async def test_the_tag_says_language_colour_and_look(page: Page, shop: TestServer) -> None:
    shopper = await _visit(page, shop, 'data-lang="en" data-theme="dark" data-elder data-title="My shop"')
    await shopper.launcher.click()
    await expect(shopper.header).to_contain_text("Virtual assistant")
    await expect(shopper.header).to_contain_text("My shop")
    assert await shopper.chat.locator(".shop-chat").get_attribute("lang") == "en"
    size = await shopper.chat.locator(".header__shop").evaluate("title => parseFloat(getComputedStyle(title).fontSize)")
    assert size >= 20
    await page.evaluate("ShopChat.set({lang: 'zh-CN', elder: false})")
    await expect(shopper.header).to_contain_text(WIDGET["header"]["bot"])
    assert shopper.problems == []
