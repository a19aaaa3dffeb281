"""Row "privacy": consent is said, phones are masked in the list, a wish to be forgotten is a ticket, all can be kept.

Row "language": the linter of tone runs over texts, quick replies, rule packs and the domain
(tests/unit/test_lint_tone.py, tests/unit/lint_project.py).
"""

from __future__ import annotations

from typing import Any

import yaml
from playwright.async_api import Browser, Locator, expect

from bot.settings import ROOT
from tests.service import Client, Service
from tests.web.conftest import Visit
from tests.web.desk_page import sit_down
from tests.web.shopper import WIDGET, Shopper

LIN, SENDER = "林小夏", "c-cust-001"
MENU = WIDGET["menu"]
CLOSING: dict[str, Any] = yaml.safe_load((ROOT / "shop/texts/closing.yml").read_text(encoding="utf-8"))
PHONE, MASKED = "13912345678", "139****5678"


async def _menu(shopper: Shopper) -> Locator:
    await shopper.header.get_by_role("button", name=WIDGET["header"]["more"]).click()
    return shopper.chat.get_by_role("dialog", name=MENU["title"])


async def test_what_happens_with_the_words_is_said_before_the_first_one(visit: Visit) -> None:
    shopper = await visit()
    await expect(shopper.chat.get_by_text(CLOSING["label_consent"][0])).to_be_visible()


async def test_a_phone_in_a_message_cannot_be_read_in_the_agents_list(
    visit: Visit, service: Service, browser: Browser
) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    await shopper.type(f"打这个电话找我{PHONE}")
    desk = await sit_down(browser, service)
    await desk.show("queue")
    await expect(desk.row(LIN)).to_contain_text(MASKED)
    assert PHONE not in await desk.list.inner_text()
    assert desk.problems == []


async def test_the_wish_to_be_forgotten_is_a_ticket(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    menu = await _menu(shopper)
    await menu.get_by_role("button", name=MENU["remove"]).click()
    await expect(menu).to_contain_text(MENU["removeAsk"])
    assert await server.tickets(SENDER) == []
    await menu.get_by_role("button", name=MENU["confirm"]).click()
    await expect(shopper.answers.last).to_be_visible()
    [ticket] = await server.tickets(SENDER)
    assert (ticket["type"], ticket["status"]) == ("message", "open")
    assert ticket["reason"] == CLOSING["label_delete_reason"][0]
    assert ticket["due_at"]
    await expect(shopper.answers.last).to_contain_text(ticket["id"])


async def test_all_that_was_ever_said_can_be_kept_as_a_file(visit: Visit, server: Client) -> None:
    lines = [f"第{number}句" for number in range(1, 36)]
    shopper = await visit(LIN)
    await shopper.human.click()
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    assert (await server.post(f"/api/v1/handoffs/{SENDER}/accept"))[0] == 200
    for line in lines:
        assert (await server.post(f"/api/v1/handoffs/{SENDER}/messages", {"text": line}))[0] == 200
    await expect(shopper.answers.last).to_contain_text(lines[-1])
    assert (await server.post(f"/api/v1/handoffs/{SENDER}/close"))[0] == 200
    await expect(shopper.header).to_contain_text(WIDGET["header"]["closed"])
    await shopper.say("包邮吗")

    await shopper.page.reload()
    await expect(shopper.launcher).to_be_visible()
    if not await shopper.input.is_visible():
        await shopper.open_chat()
    await expect(shopper.answers.last).to_be_visible()
    await expect(shopper.chat.get_by_text(lines[0], exact=True)).to_have_count(0)
    menu = await _menu(shopper)
    async with shopper.page.expect_download() as download:
        await menu.get_by_role("button", name=MENU["export"]).click()
    file = await download.value
    assert MENU["exportName"] in file.suggested_filename
    kept = (await file.path()).read_text(encoding="utf-8-sig")
    stored = [message["text"] for message in await _everything(server)]
    places = [kept.find(text) for text in stored if text]
    assert -1 not in places
    for line in [WIDGET["header"]["human"], *lines, "包邮吗"]:
        assert f"\n{line}\n" in f"{kept}\n"
    shown = [kept.index(f"\n{line}\n") for line in lines]
    assert shown == sorted(shown)


async def _everything(server: Client) -> list[dict[str, str]]:
    messages: list[dict[str, str]] = (await server.conversation(SENDER))["messages"]
    return messages
