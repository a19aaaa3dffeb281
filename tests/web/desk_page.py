"""Somebody at the desk with a browser: what a person can see and do in the console."""

from __future__ import annotations

import json
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from bot.settings import ROOT
from tests.desk import PASSWORD, hire
from tests.service import Service

DESK: dict[str, Any] = json.loads((ROOT / "bot/web/locales/console.zh-CN.json").read_text(encoding="utf-8"))
WIDTHS = {"wide": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}


class DeskPage:
    """One tab with the console. `problems` is what the browser complained about."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.problems: list[str] = []
        self.list = page.get_by_role("navigation", name=DESK["list"]["label"])
        self.rows = self.list.locator("[data-row]")
        self.talk = page.locator("#talk")
        self.lines = self.talk.get_by_role("region", name=DESK["talk"]["messages"])
        self.field = self.talk.locator("textarea")
        self.options = page.get_by_role("listbox", name=DESK["quick"]["label"]).get_by_role("option")
        self.alert = page.get_by_role("region", name=DESK["alerts"]["label"])
        self.packet = self.talk.get_by_role("region", name=DESK["packet"]["title"])
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.problems.append(f"exception: {error}"))

    def _note(self, message: Any) -> None:
        nobody_yet = "401" in message.text and message.location["url"].endswith("/api/v1/session")
        if message.type in ("error", "warning") and not nobody_yet:
            self.problems.append(f"{message.type}: {message.text}")

    async def log_in(self, email: str, password: str = PASSWORD) -> None:
        """Fill in the form and send it."""
        await self.page.get_by_label(DESK["login"]["email"], exact=True).fill(email)
        await self.page.get_by_label(DESK["login"]["password"], exact=True).fill(password)
        await self.page.get_by_role("button", name=DESK["login"]["submit"], exact=True).click()

    async def arrive(self, email: str) -> None:
        """Open the console and log in."""
        await self.page.goto(f"{self.url}/console")
        await self.log_in(email)
        await expect(self.page.get_by_text(DESK["link"]["online"], exact=True)).to_be_attached()

    async def show(self, view: str) -> None:
        """Turn to a tab of the list."""
        await self.list.get_by_role("tab", name=DESK["list"]["tabs"][view]).click()

    def row(self, name: str) -> Locator:
        """The row of a customer."""
        return self.rows.filter(has_text=name)

    async def accept_next(self) -> None:
        """Take whoever has waited longest."""
        await self.list.get_by_role("button", name=DESK["list"]["acceptNext"]).click()

    async def say(self, text: str) -> None:
        """Write to the customer and send it."""
        await self.field.fill(text)
        await expect(self.send_button).not_to_have_attribute("aria-disabled", "true")
        await self.field.press("Enter")
        await expect(self.line(text)).to_be_visible()

    @property
    def send_button(self) -> Locator:
        """The button that sends; it stays reachable where it says why it does not."""
        return self.talk.get_by_role("button", name=DESK["composer"]["send"], exact=True)

    def line(self, text: str) -> Locator:
        """The lines with this text."""
        return self.lines.locator(".said").filter(has_text=text)

    def act(self, deed: str) -> Locator:
        """The button of something that can be done with the talk."""
        acts = self.talk.get_by_role("group", name=DESK["actions"]["label"])
        return acts.get_by_role("button", name=DESK["actions"][deed], exact=True)

    def dialog(self, title: str) -> Locator:
        """An open question."""
        return self.page.get_by_role("dialog", name=title)

    def side(self, tab: str) -> Locator:
        """A tab beside the talk."""
        return self.page.get_by_role("tab", name=DESK["side"]["tabs"][tab])

    async def toasted(self, text: str) -> None:
        """What was done is said."""
        await expect(self.page.locator(".el-message").filter(has_text=text).last).to_be_visible()


async def sit_down(
    browser: Browser, service: Service, role: str = "agent", name: str = "小周", *, width: str = "wide"
) -> DeskPage:
    """Somebody new in a browser of their own, logged in."""
    wide, high = WIDTHS[width]
    phone = width == "phone"
    context = await browser.new_context(
        viewport={"width": wide, "height": high},
        is_mobile=phone,
        has_touch=phone,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    desk = DeskPage(await context.new_page(), service.url)
    await desk.arrive(await hire(service, role, name))
    return desk
