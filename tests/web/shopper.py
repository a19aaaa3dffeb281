"""A shopper with a browser: what a person can see and do on the demo page."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import yaml
from playwright.async_api import Locator, Page, expect

from bot.settings import ROOT

SECONDS = 15.0
WIDGET: dict[str, Any] = json.loads((ROOT / "bot/web/locales/zh-CN.json").read_text(encoding="utf-8"))["widget"]
DEMO: dict[str, Any] = json.loads((ROOT / "bot/web/locales/zh-CN.json").read_text(encoding="utf-8"))["demo"]
LABELS: dict[str, list[str]] = yaml.safe_load((ROOT / "shop/texts/labels.yml").read_text(encoding="utf-8"))


def label(name: str) -> str:
    """The shop's wording of a button or card."""
    return LABELS[f"label_{name}"][0]


async def until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + SECONDS
    while not await holds():
        assert time.monotonic() < deadline, f"still not: {what}"
        await asyncio.sleep(0.05)


class Shopper:
    """One tab with the demo page. `problems` is what the browser complained about."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.problems: list[str] = []
        self.chat = page.locator("shop-chat")
        self.log = self.chat.get_by_role("log")
        self.rows = self.log.locator(".row")
        self.own = self.log.locator(".row--own")
        self.answers = self.log.locator(".row:not(.row--own)")
        self.system = self.log.locator(".system")
        self.input = self.chat.get_by_label(WIDGET["composer"]["label"])
        self.header = self.chat.locator(".header")
        self.launcher = self.chat.locator(".launcher")
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.problems.append(f"exception: {error}"))
        page.on("dialog", lambda dialog: self.problems.append(f"dialog: {dialog.message}"))

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.type}: {message.text}")

    def forgive(self, pattern: str) -> None:
        """These complaints belong to what was tried."""
        self.problems = [problem for problem in self.problems if not re.search(pattern, problem)]

    async def arrive(self, customer: str | None = None) -> None:
        """Open the demo page, as a demo customer or as the visitor, and the chat."""
        await self.page.goto(self.url)
        await expect(self.launcher).to_be_visible()
        if customer:
            await self.become(customer)
        await self.open_chat()

    async def become(self, customer: str) -> None:
        """Switch the demo customer, by name; the page shows when the new one has been let in."""
        await self.page.get_by_text(customer, exact=True).first.click()
        await self.page.wait_for_function(
            "name => document.querySelector('shop-chat')?.session.customerName.value === name",
            arg=None if customer == DEMO["customers"]["visitor"] else customer,
        )
        await self.online()

    async def online(self) -> None:
        """Wait for the connection."""
        await self.page.wait_for_function("() => document.querySelector('shop-chat')?.session.link.value === 'online'")

    async def open_chat(self) -> None:
        """Open the panel."""
        await self.launcher.click()
        await expect(self.input).to_be_visible()
        await self.online()

    async def say(self, text: str) -> None:
        """Type a line, send it, and wait for an answer."""
        answers = await self.answers.count()
        await self.type(text)
        await expect(self.answers.nth(answers)).to_be_visible(timeout=SECONDS * 1000)

    async def type(self, text: str) -> None:
        """Type a line and send it."""
        await self.input.fill(text)
        await self.input.press("Enter")

    async def press(self, title: str) -> None:
        """Press the newest usable choice of this title and wait for an answer."""
        answers = await self.answers.count()
        await self.choice(title).click()
        await expect(self.answers.nth(answers)).to_be_visible(timeout=SECONDS * 1000)

    def choice(self, title: str) -> Locator:
        """The newest usable button or card of this title."""
        return self.log.locator("button:enabled").filter(has_text=title).last

    async def attach(self, picture: Path) -> None:
        """Choose a picture and wait until it is uploaded."""
        await self.chat.locator("input[type=file]").set_input_files(picture)
        await expect(self.send_button).to_be_enabled()

    @property
    def chips(self) -> Locator:
        """The short ways on, on the first screen or above the input line."""
        return self.chat.get_by_role("group", name=WIDGET["composer"]["chips"]).get_by_role("button")

    async def open_orders(self) -> Locator:
        """The sheet with the own orders."""
        await self.chat.get_by_role("button", name=WIDGET["composer"]["more"]).click()
        await self.chat.get_by_role("button", name=WIDGET["composer"]["orders"]).click()
        return self.chat.get_by_role("dialog", name=WIDGET["orders"]["title"])

    async def show_order(self, tail: str) -> None:
        """Send the own order with these last digits by one tap, and wait for an answer."""
        answers = await self.answers.count()
        orders = await self.open_orders()
        await orders.locator(".card").filter(has_text=tail).click()
        await expect(self.answers.nth(answers)).to_be_visible(timeout=SECONDS * 1000)

    @property
    def send_button(self) -> Locator:
        """The button that sends."""
        return self.chat.get_by_role("button", name=WIDGET["composer"]["send"], exact=True)

    @property
    def human(self) -> Locator:
        """The button in the header that asks for a person."""
        return self.header.get_by_role("button", name=WIDGET["header"]["human"])

    async def said(self) -> list[str]:
        """The customer's own lines, in order."""
        return [text.strip() for text in await self.own.locator(".row__bubble").all_inner_texts()]

    async def transcript(self) -> list[str]:
        """All bubbles and system lines, in order."""
        return [text.strip() for text in await self.log.locator(".row__bubble, .system").all_inner_texts()]
