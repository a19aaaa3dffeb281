"""The page of the fake WeChat, in a real browser."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect
from yarl import URL

from tests.wechat.callback import Received, Scene, scene
from tests.wechat.fake import Account, Mode

ROOT = Path(__file__).parents[2]
SYSTEM = Path("/usr/bin/chromium")
STAMP = ROOT / "var" / "stamps" / "chromium"
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
SCREENSHOTS = Path(__file__).parent / "screenshots"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """The Chromium that the set-up found."""
    found = STAMP.read_text().strip() if STAMP.exists() else str(SYSTEM) if SYSTEM.exists() else ""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=found or None, args=[*QUIET, *root])
        yield opened
        await opened.close()


@asynccontextmanager
async def looking(browser: Browser, here: Scene, name: str) -> AsyncIterator[Page]:
    """The page of a fake, and a picture of it in the end; nothing may be left for the browser to complain about."""
    problems: list[str] = []
    page = await browser.new_page(viewport={"width": 1280, "height": 860}, locale="zh-CN")
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)
    await page.goto(here.wechat.address)
    yield page
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")
    await page.close()
    assert problems == []


def bubbles(page: Page, kind: str) -> Any:
    """The bubbles of one kind."""
    return page.locator(f"#chat li.{kind} .bubble")


async def more(here: Scene, count: int) -> None:
    """Wait until the callback has received more than that."""
    while len(here.callback.received) <= count:
        await here.wechat.world.state.bell.wait(1)


async def test_one_types_and_sees_the_reply_and_what_comes_later(browser: Browser, tmp_path: Path) -> None:
    async with scene() as here:
        here.wechat.user("o-lin", "小林")
        here.wechat.user("o-zhou", "小周")
        here.wechat.desk.employ("kf1@fake")
        menu = {"button": [{"type": "click", "name": "查订单", "key": "MY_ORDERS"}]}
        await here.api.post("/cgi-bin/menu/create", menu)

        async def answer(received: Received) -> str:
            said = received.fields.get("Content") or received.fields.get("EventKey") or received.fields["MsgType"]
            return here.callback.text(received, f"收到：{said}")

        here.callback.answer = answer
        async with looking(browser, here, "typing") as shown:
            await shown.get_by_role("button", name="关注", exact=True).click()
            await expect(bubbles(shown, "passive")).to_have_text(["收到：event"])
            await shown.get_by_label("发消息").fill("<img src=x onerror=alert(1)> 杯子碎了")
            await shown.keyboard.press("Enter")
            await expect(bubbles(shown, "own")).to_have_text(["<img src=x onerror=alert(1)> 杯子碎了"])
            await expect(bubbles(shown, "passive").last).to_have_text("收到：<img src=x onerror=alert(1)> 杯子碎了")
            await here.api.post("/cgi-bin/message/custom/typing", {"touser": "o-lin", "command": "Typing"})
            await expect(shown.locator("#standing")).to_have_text("对方正在输入…")
            await here.api.send("o-lin", '订单<a href="https://example.com/o/1">点这里</a><script>alert(1)</script>')
            await expect(bubbles(shown, "custom")).to_have_text(["订单点这里<script>alert(1)</script>"])
            await expect(bubbles(shown, "custom").get_by_role("link")).to_have_attribute(
                "href", "https://example.com/o/1"
            )
            choices = {"head_content": "满意吗", "list": [{"id": "101", "content": "满意"}], "tail_content": "欢迎再来"}
            body = {"touser": "o-lin", "msgtype": "msgmenu", "msgmenu": choices}
            await here.api.post("/cgi-bin/message/custom/send", body)
            await shown.get_by_role("button", name="满意", exact=True).click()
            await expect(bubbles(shown, "passive").last).to_have_text("收到：满意")
            assert here.callback.received[-1].fields["bizmsgmenuid"] == "101"
            await shown.get_by_role("button", name="查订单").click()
            await expect(bubbles(shown, "passive").last).to_have_text("收到：MY_ORDERS")
            Image.new("RGB", (300, 200), (200, 120, 80)).save(tmp_path / "cup.jpg")
            async with shown.expect_file_chooser() as chooser:
                await shown.get_by_role("button", name="图片").click()
            await (await chooser.value).set_files(tmp_path / "cup.jpg")
            await expect(bubbles(shown, "passive").last).to_have_text("收到：image")
            await expect(bubbles(shown, "own").locator("img")).to_have_js_property("naturalWidth", 300)
            await expect(shown.locator("#calls .entry").first).to_contain_text("/cgi-bin/message/custom/send")
            await shown.get_by_role("button", name="小周").click()
            await expect(shown.locator("#standing")).to_have_text("尚未关注该公众号")
            await expect(shown.locator("#chat li")).to_have_count(0)


async def test_a_broken_service_is_seen_as_the_user_sees_it(browser: Browser) -> None:
    async def answer(received: Received) -> str:
        return "{}"

    async with scene(answer, account=Account(mode=Mode.PLAIN)) as here:
        here.wechat.user("o-lin", "小林").member.follows = True
        async with looking(browser, here, "out-of-order") as shown:
            await shown.get_by_label("发消息").fill("在吗")
            await shown.get_by_role("button", name="发送").first.click()
            await expect(bubbles(shown, "fault")).to_have_text(["该公众号提供的服务出现故障，请稍后再试"])
            await expect(shown.locator("#pushes .bad").first).to_contain_text("无法识别")


async def test_places_links_voice_codes_and_the_desk_are_at_hand(browser: Browser) -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin", "小林")
        await user.follow()
        here.wechat.desk.employ("kf1@fake")
        code = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "door"}}}
        ticket = (await here.api.post("/cgi-bin/qrcode/create", code))["ticket"]
        async with looking(browser, here, "tools") as shown:
            answers = iter(["上海市", "31.2", "121.4", "商品", "https://example.com/p/1", ticket])
            shown.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept(next(answers))))
            for name, kind in (("位置", "location"), ("链接", "link"), ("扫码", "event"), ("语音", "voice")):
                count = len(here.callback.received)
                await shown.get_by_role("button", name=name, exact=True).click()
                await asyncio.wait_for(more(here, count), 10)
                assert here.callback.received[-1].fields["MsgType"] == kind
            await shown.get_by_role("button", name="接入").click()
            await expect(shown.locator("#standing")).to_have_text("人工客服 kf1@fake 接待中")
            await shown.locator("#desk-text").fill("我来看一下")
            await shown.locator("#desk-text + button").click()
            await expect(bubbles(shown, "desk")).to_have_text(["我来看一下"])
            await shown.get_by_role("button", name="结束会话").click()
            await expect(shown.locator("#standing")).to_have_text("还可主动发 5 条")
            await shown.get_by_role("button", name="+48 小时").click()
            await expect(shown.locator("#standing")).to_have_text("还可主动发 0 条")
            await shown.get_by_role("button", name="验证回调地址").click()
            await expect(shown.get_by_role("alert")).to_have_text("回调地址验证通过")


async def test_other_pages_may_not_act_here() -> None:
    async with scene() as here:
        here.wechat.user("o-lin")
        address, asked = here.wechat.address + "/fake/act", {"act": "follow", "user": "o-lin"}
        headers = {"Origin": "https://evil.example"}
        async with here.api.session.post(address, json=asked, headers=headers) as answer:
            assert answer.status == 403
        async with here.api.session.post(address, data=json.dumps(asked)) as answer:
            assert answer.status == 403
        async with here.api.session.post(address, json={"act": "fly", "user": "o-lin"}) as answer:
            assert answer.status == 400
        async with here.api.session.post(address, json=asked) as answer:
            assert answer.status == 200
        assert here.callback.events == ["subscribe"]


async def test_authorisation_asks_who_looks_unless_the_page_has_told(browser: Browser) -> None:
    async with scene() as here:
        here.wechat.user("o-lin", "小林 <b>")
        back = f"{here.wechat.address}/fake/texts.zh.json"
        query = {"appid": here.wechat.account.appid, "redirect_uri": back, "response_type": "code"}
        asked = f"{here.wechat.address}/connect/oauth2/authorize"
        params = {**query, "scope": "snsapi_base", "state": "s1"}
        async with here.api.session.get(asked, params=params) as answer:
            assert "小林 &lt;b&gt;" in await answer.text()
        async with looking(browser, here, "authorised") as shown:
            await expect(shown.locator("#name")).to_have_text("小林 <b>")
            await shown.goto(str(URL(asked).with_query(params)))
            assert "code=" in shown.url
            assert shown.url.endswith("state=s1")


async def test_the_program_tells_what_the_service_needs_and_ends_when_told() -> None:
    command = [sys.executable, "-m", "tests.wechat.fake", "--port", "0", "--mode", "plain"]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    told: list[str] = []
    while not told or not told[-1].startswith("Then open"):
        line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
        assert line or process.returncode is None
        told += [line] if line else []
    address = told[-1].removeprefix("Then open ").rstrip("/")
    assert "export WECHAT_AES_KEY=" in told
    assert f"export WECHAT_API_BASE={address}" in told
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0
