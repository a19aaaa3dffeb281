"""Row "off hours": when people are back stands in the header, and a question becomes a ticket with its hour."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, expect

from bot.settings import load_settings
from bot.shop import load_shop
from tests.service import Client, Service
from tests.web.shopper import WIDGET, Shopper

NIGHT = datetime.fromisoformat("2026-03-04T23:30:00+08:00")
LIN, SENDER = "林小夏", "c-cust-001"
HEADER, LEAVE, TIME = WIDGET["header"], WIDGET["leave"], WIDGET["time"]


@pytest.fixture(scope="module")
def night(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service when everybody has gone home."""
    made = Service(tmp_path_factory.mktemp("night"), FAKE_NOW=NIGHT.isoformat())
    made.start()
    try:
        asyncio.run(made.ready())
        yield made
    finally:
        made.stop()


@pytest.fixture
async def shopper(night: Service, browser: Browser) -> AsyncIterator[Shopper]:
    """Lin with her phone, on which it is night as well."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, timezone_id="Asia/Shanghai"
    )
    page = await context.new_page()
    await page.clock.set_fixed_time(NIGHT)
    arrived = Shopper(page, night.url)
    await arrived.arrive(LIN)
    yield arrived
    assert arrived.problems == []


async def test_at_night_the_question_becomes_a_ticket_with_its_hour(
    shopper: Shopper, night: Service, cup: Path
) -> None:
    opens = load_shop(load_settings().shop_dir).opens_at(NIGHT)
    assert opens.date() == (NIGHT + timedelta(days=1)).date()
    back = TIME["tomorrow"].format(time=f"{opens:%H:%M}")
    await expect(shopper.header).to_contain_text(HEADER["offHours"].format(when=back))
    await shopper.human.click()
    sheet = shopper.chat.get_by_role("dialog", name=LEAVE["title"])
    await expect(sheet).to_contain_text(HEADER["offHours"].format(when=back))

    await sheet.get_by_role("button", name=LEAVE["submit"]).click()
    await expect(sheet.get_by_role("alert")).to_have_text(LEAVE["required"])
    await sheet.get_by_label(LEAVE["contact"]).fill("13912345678")
    await sheet.get_by_label(LEAVE["text"]).fill("杯子碎了一个，想换新的")
    async with shopper.page.expect_file_chooser() as chooser:
        await sheet.get_by_role("button", name=LEAVE["pictures"]).click()
    await (await chooser.value).set_files(cup)
    await expect(sheet.get_by_role("button", name=LEAVE["submit"])).to_be_enabled()
    await sheet.get_by_role("button", name=LEAVE["submit"]).click()

    done = shopper.chat.get_by_role("dialog", name=LEAVE["done"])
    await expect(done).to_be_visible()
    async with aiohttp.ClientSession() as session:
        [ticket] = await Client(night.url, session).tickets(SENDER)
        _, opened = await Client(night.url, session).get(f"/api/v1/tickets/{ticket['id']}")
    due = datetime.fromisoformat(ticket["due_at"]).astimezone(NIGHT.tzinfo)
    assert (ticket["type"], ticket["status"], ticket["evidence_count"]) == ("message", "open", 1)
    assert "139****5678" in ticket["reason"]
    assert "13912345678" in opened["reason"]
    assert due > opens, "nobody is promised an answer before somebody is there"
    await expect(done).to_contain_text(LEAVE["ticket"].format(ticket=ticket["id"]))
    await expect(done).to_contain_text(f"{due:%H:%M}")
    await done.get_by_role("button", name=LEAVE["close"]).click()
    await expect(shopper.answers.last).to_contain_text(ticket["id"])
    await expect(shopper.header).to_contain_text(HEADER["bot"])
    await shopper.say("包邮吗")
