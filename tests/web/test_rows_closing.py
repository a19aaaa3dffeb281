"""Rows "survey" and "closing": kind last words, what stays in hand is said, two taps to rate, asked twice at most.

What falls silent is warned and closed, and never with something open: tests/unit/desk/test_idle.py.
"""

from __future__ import annotations

from typing import Any

import yaml
from playwright.async_api import Locator, expect
from sqlalchemy import text

from bot.settings import ROOT
from tests.desk import at_work, database_of
from tests.service import Client, Service
from tests.web.conftest import Visit
from tests.web.shopper import WIDGET, Shopper, label

LIN, ZHOU = "林小夏", "周建国"
MENU, SURVEY = WIDGET["menu"], WIDGET["survey"]
CLOSING: dict[str, Any] = yaml.safe_load((ROOT / "shop/texts/closing.yml").read_text(encoding="utf-8"))


def _survey(shopper: Shopper) -> Locator:
    return shopper.chat.get_by_role("form", name=SURVEY["title"])


def _stars(shopper: Shopper, of: str) -> Locator:
    return _survey(shopper).get_by_role("group", name=of)


async def _end(shopper: Shopper) -> None:
    await shopper.header.get_by_role("button", name=WIDGET["header"]["more"]).click()
    menu = shopper.chat.get_by_role("dialog", name=MENU["title"])
    await menu.get_by_role("button", name=MENU["end"]).click()
    await menu.get_by_role("button", name=MENU["confirm"]).click()
    await expect(shopper.header).to_contain_text(WIDGET["header"]["closed"])


async def _surveys(service: Service, sender: str) -> list[Any]:
    database = database_of(service)
    async with database.session() as session:
        query = (
            "SELECT s.status, s.bot_score, s.agent_score, s.tags, s.shown FROM surveys s"
            " JOIN conversations c ON c.id = s.conversation_id WHERE c.sender = :s ORDER BY s.asked_at"
        )
        found = (await session.execute(text(query), {"s": sender})).all()
    await database.dispose()
    return list(found)


async def test_two_taps_after_the_end_rate_the_bot_and_it_is_not_asked_again(visit: Visit, service: Service) -> None:
    shopper = await visit(LIN)
    await shopper.say("包邮吗")
    await expect(_survey(shopper)).to_have_count(0)
    await _end(shopper)
    said = (await shopper.system.last.inner_text()).strip()
    assert any(said == words.replace("{dear}", "") or words.split("}")[-1] in said for words in CLOSING["utter_ended"])
    await expect(_stars(shopper, SURVEY["agent"].split(" ")[0])).to_have_count(0)

    await _stars(shopper, SURVEY["bot"]).locator("label").nth(4).click()
    await _survey(shopper).get_by_role("button", name=SURVEY["submit"]).click()
    await expect(_survey(shopper)).to_have_count(0)
    [(status, bot, agent, _, _)] = await _surveys(service, "c-cust-001")
    assert (status, bot, agent) == ("answered", 5, None)
    await shopper.page.reload()
    await _return(shopper)
    await expect(_survey(shopper)).to_have_count(0)


async def _return(shopper: Shopper) -> None:
    await expect(shopper.launcher).to_be_visible()
    if not await shopper.input.is_visible():
        await shopper.launcher.click()
    await expect(shopper.log.locator(".row").first).to_be_visible()


async def test_bot_and_person_are_rated_apart_and_reasons_are_there_for_who_wants_to_name_them(
    visit: Visit, service: Service
) -> None:
    shopper = await visit(LIN)
    await shopper.say("包邮吗")
    await shopper.human.click()
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    async with at_work(service, name="小美") as colleague:
        [row] = (await colleague.view("queue"))["items"]
        assert (await colleague.at(row["id"], "accept"))[0] == 200
        assert (await colleague.write(row["id"], "满59就包邮的"))[0] == 200
        await expect(shopper.answers.last).to_contain_text("满59就包邮的")
        assert (await colleague.at(row["id"], "close", {"reason": "ok"}))[0] == 200
    await _stars(shopper, SURVEY["agent"].format(name="小美")).locator("label").nth(4).click()
    await _stars(shopper, SURVEY["bot"]).locator("label").nth(2).click()
    await _survey(shopper).get_by_role("button", name=CLOSING["label_survey_tag_kind"][0]).click()
    await _survey(shopper).get_by_role("button", name=SURVEY["submit"]).click()
    await expect(_survey(shopper)).to_have_count(0)
    [(status, bot, agent, tags, _)] = await _surveys(service, "c-cust-001")
    assert (status, bot, agent) == ("answered", 3, 5)
    assert "kind" in tags


async def test_who_skips_is_left_alone(visit: Visit, service: Service) -> None:
    shopper = await visit(ZHOU)
    await shopper.say("包邮吗")
    await _end(shopper)
    await _survey(shopper).get_by_role("button", name=SURVEY["skip"]).click()
    await expect(_survey(shopper)).to_have_count(0)
    await shopper.page.reload()
    await _return(shopper)
    await expect(_survey(shopper)).to_have_count(0)
    assert [survey[0] for survey in await _surveys(service, "c-cust-003")] == ["skipped"]


async def test_who_does_not_answer_is_reminded_once(visit: Visit, service: Service) -> None:
    shopper = await visit()
    await shopper.say("包邮吗")
    await _end(shopper)
    await expect(_survey(shopper)).to_be_visible()
    await shopper.page.reload()
    await _return(shopper)
    await expect(_survey(shopper)).to_be_visible()
    await shopper.page.reload()
    await _return(shopper)
    await shopper.online()
    await expect(_survey(shopper)).to_have_count(0)


async def test_what_stays_in_hand_is_said_with_its_number_and_hour(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.say("我要退款")
    await shopper.press("护眼台灯")
    await shopper.press(label("confirm"))
    await _end(shopper)
    [ticket] = await server.tickets("c-cust-001")
    await expect(shopper.system.last).to_contain_text(ticket["id"])
    await shopper.say("你好")
    await expect(shopper.header).to_contain_text(WIDGET["header"]["bot"])
