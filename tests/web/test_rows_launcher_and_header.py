"""The button in the corner and the head of the chat: what is new, and who is talking."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Browser, WebSocketRoute, expect

from tests.desk import at_work
from tests.service import Client, Service
from tests.web.conftest import SIZES, Visit
from tests.web.host_page import host_page
from tests.web.shopper import WIDGET, Shopper, until

LIN, ZHOU = "林小夏", "周建国"
BUY_BAR = 64  # pixels
ADD_BUY_BAR = """height => {
    const bar = document.createElement('div')
    bar.id = 'buy'
    bar.style.cssText = `position: fixed; inset: auto 0 0; height: ${height}px`
    document.body.append(bar)
}"""
OVER_THE_BAR = """height => [...Array(innerWidth).keys()].filter(
    x => [1, height - 1].some(y => document.elementFromPoint(x, innerHeight - y).id !== 'buy'))"""
HIDE = """hidden => {
    Object.defineProperty(document, 'visibilityState', {get: () => hidden ? 'hidden' : 'visible', configurable: true})
    document.dispatchEvent(new Event('visibilitychange'))
}"""
HANDOFF = "/api/v1/handoffs/c-cust-001"


async def _with_a_person(shopper: Shopper, server: Client) -> None:
    await shopper.human.click()
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    assert (await server.post(f"{HANDOFF}/accept"))[0] == 200
    await expect(shopper.system).to_have_count(1)


async def _write(server: Client, text: str) -> None:
    assert (await server.post(f"{HANDOFF}/messages", {"text": text}))[0] == 200


async def _arrived(shopper: Shopper, text: str) -> None:
    await shopper.page.wait_for_function(
        "text => document.querySelector('shop-chat').session.entries.value.some(entry => entry.text === text)", arg=text
    )


async def _minimise(shopper: Shopper) -> None:
    await shopper.header.get_by_role("button", name=WIDGET["header"]["minimise"]).click()
    await expect(shopper.input).to_have_count(0)


async def test_the_button_is_a_bubble_at_the_lower_right_that_leaves_a_buy_bar_free(
    browser: Browser, service: Service, server: Client
) -> None:
    async with host_page(service.url, f'data-bottom="{BUY_BAR + 16}"') as host:
        page = await browser.new_page()
        for name, size in SIZES.items():
            await page.set_viewport_size(size)
            await page.goto(host.url)
            launcher = page.locator("shop-chat .launcher")
            await expect(launcher).to_be_visible()
            await page.evaluate(ADD_BUY_BAR, BUY_BAR)
            box = await launcher.bounding_box()
            assert box
            assert (box["width"], box["height"]) == (56, 56), name
            assert 8 <= size["width"] - box["x"] - box["width"] <= 24
            assert size["height"] - box["y"] - box["height"] == BUY_BAR + 16
            assert await page.evaluate(OVER_THE_BAR, BUY_BAR) == []
        await launcher.click()
        await expect(page.locator("shop-chat .panel")).to_be_visible()
        sheet = {"x": 0, "y": 0, **SIZES["phone"]}

        async def is_a_sheet() -> bool:
            return await page.locator("shop-chat .panel").bounding_box() == sheet

        await until(is_a_sheet, "on a phone it opens as a sheet")


async def test_the_badge_counts_to_99_and_then_says_so_also_after_a_reload(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await _with_a_person(shopper, server)
    await _minimise(shopper)
    badge = shopper.launcher.locator(".launcher__badge")
    await expect(badge).to_have_count(0)
    for number in range(2):
        await _write(server, f"第{number}条")
    await expect(badge).to_have_text("2")
    await asyncio.gather(*(_write(server, f"第{number}条") for number in range(2, 100)))
    await expect(badge).to_have_text(WIDGET["launcher"]["manyUnread"])
    await shopper.page.reload()
    await shopper.become(LIN)
    await expect(badge).to_have_text(WIDGET["launcher"]["manyUnread"])
    await shopper.open_chat()
    await _minimise(shopper)
    await expect(badge).to_have_count(0)


async def test_the_badge_goes_only_when_the_answer_was_in_view_in_a_visible_tab(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await _with_a_person(shopper, server)
    badge = shopper.launcher.locator(".launcher__badge")
    await shopper.page.evaluate(HIDE, True)
    await _write(server, "在别的标签页时发的")
    await _arrived(shopper, "在别的标签页时发的")
    await _minimise(shopper)
    await expect(badge).to_have_text("1")
    await shopper.open_chat()
    await shopper.page.evaluate(HIDE, False)
    await _minimise(shopper)
    await expect(badge).to_have_count(0)

    await shopper.open_chat()
    await _write(server, "很长\n" * 60)
    await expect(shopper.answers.last).to_contain_text("很长")
    await shopper.chat.locator(".list__scroller").evaluate("list => list.scrollTo(0, 0)")
    latest = shopper.chat.get_by_role("button", name=WIDGET["list"]["latest"])
    await expect(latest).to_be_visible()
    await _write(server, "在下面看不到的")
    await _arrived(shopper, "在下面看不到的")
    below = shopper.chat.get_by_role("button", name=WIDGET["list"]["newMessages"].format(count=1))
    await expect(below).to_be_visible()
    await _minimise(shopper)
    await expect(badge).to_have_text("1")
    await shopper.open_chat()
    await _minimise(shopper)
    await expect(badge).to_have_count(0)


async def test_the_header_says_in_every_state_who_serves(visit: Visit, service: Service, server: Client) -> None:
    shopper = await visit(ZHOU)
    header, words = shopper.header, WIDGET["header"]
    served = header.locator(".header__served")
    hours = re.compile(re.escape(words["hours"].format(hours="")) + r"\d")
    await expect(served).to_have_text(words["bot"])
    await expect(header).to_contain_text(hours)
    await expect(header.get_by_role("heading")).not_to_be_empty()
    await shopper.say("你们包邮吗")

    await shopper.human.click()
    await expect(served).to_contain_text(words["queue"])
    conversation = (await server.conversation("c-cust-003"))["id"]
    async with at_work(service, name="小安") as colleague:
        assert (await colleague.at(conversation, "accept"))[0] == 200
        person = words["agentNo"].format(name="小安", no=colleague.account["no"])
        await expect(served).to_have_text(person)
        assert (await colleague.write(conversation, "您好，我是小安"))[0] == 200
        await expect(shopper.answers.last).to_contain_text("您好，我是小安")
        assert await _speaker(shopper) == words["agent"].format(name="小安")

        await _through_a_broken_line(shopper, person)
        assert (await colleague.at(conversation, "return"))[0] == 200
    await expect(served).to_have_text(words["bot"])
    await shopper.say("发什么快递")
    assert await _speaker(shopper) == words["bot"], "the bot never signs as a person"
    await expect(shopper.answers.last.locator(".row__name")).to_have_count(0)

    await header.get_by_role("button", name=words["more"]).click()
    menu = shopper.chat.get_by_role("dialog", name=WIDGET["menu"]["title"])
    await menu.get_by_role("button", name=WIDGET["menu"]["end"]).click()
    await menu.get_by_role("button", name=WIDGET["menu"]["confirm"]).click()
    await expect(served).to_have_text(words["closed"])
    await expect(header).to_contain_text(hours)
    await _minimise(shopper)


async def _through_a_broken_line(shopper: Shopper, person: str) -> None:
    """The label is there while the line is lost, and while it is tried again."""
    served = shopper.header.locator(".header__served")
    context = shopper.page.context
    await context.set_offline(True)
    await expect(shopper.chat.get_by_text(WIDGET["link"]["offline"])).to_be_visible()
    await expect(served).to_have_text(person)

    refused = True

    async def pass_on(line: WebSocketRoute) -> None:
        if refused:
            await line.close()
        else:
            line.connect_to_server()

    await shopper.page.route_web_socket(re.compile("socket.io"), pass_on)
    await context.set_offline(False)
    await expect(shopper.chat.get_by_text(WIDGET["link"]["reconnecting"])).to_be_visible()
    await expect(served).to_have_text(person)
    await expect(shopper.header.get_by_role("button", name=WIDGET["header"]["human"])).to_be_visible()
    refused = False
    await shopper.online()
    await expect(served).to_have_text(person)
    shopper.forgive("ERR_INTERNET_DISCONNECTED|WebSocket")


async def _speaker(shopper: Shopper) -> str:
    """Who a screen reader says speaks last."""
    words = await shopper.answers.last.locator(".hidden").inner_text()
    return words.removesuffix(WIDGET["list"]["said"].format(name=""))
