"""The console in the browser: from the log-in to the last word, with customers who see what is done for them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.async_api import Browser, Locator, expect
from sqlalchemy import text

from bot.settings import ROOT
from tests.desk import PASSWORD, database_of, hire
from tests.service import Client, Service
from tests.web.conftest import Visit
from tests.web.desk_page import DESK, DeskPage, sit_down
from tests.web.shopper import WIDGET, Shopper, label, until

LIN, CHEN, ZHOU = "林小夏", "陈雅琴", "周建国"
HEADER, SURVEY = WIDGET["header"], WIDGET["survey"]
QUICK: list[dict[str, Any]] = yaml.safe_load((ROOT / "shop/quick_replies.yml").read_text(encoding="utf-8"))
CHECK = next(reply for group in QUICK for reply in group["replies"] if reply["id"] == "check_moment")

SitDown = Callable[..., Awaitable[DeskPage]]


@pytest.fixture
async def sit(service: Service, server: Client, browser: Browser) -> AsyncIterator[SitDown]:
    """`await sit("supervisor", "小美", width="phone")`: somebody at the desk in a browser of their own."""
    desks: list[DeskPage] = []

    async def made(role: str = "agent", name: str = "小周", *, width: str = "wide") -> DeskPage:
        desks.append(await sit_down(browser, service, role, name, width=width))
        return desks[-1]

    yield made
    assert [desk.problems for desk in desks] == [[] for _ in desks]


async def _change(service: Service, statement: str, **values: Any) -> None:
    """Let time pass for what is stored."""
    database = database_of(service)
    async with database.session() as session:
        await session.execute(text(statement), values)
        await session.commit()
    await database.dispose()


async def test_only_the_right_password_opens_the_console(browser: Browser, service: Service, server: Client) -> None:
    email = await hire(service, "agent", "小周")
    page = await (await browser.new_context(locale="zh-CN")).new_page()
    desk = DeskPage(page, service.url)
    await page.goto(f"{service.url}/console")
    await desk.log_in(email, "not-" + PASSWORD)
    await expect(page.get_by_role("alert")).to_have_text(DESK["login"]["wrong"])
    await desk.log_in(email)
    await expect(desk.list).to_be_visible()
    await expect(
        page.get_by_text(DESK["bar"]["account"].format(name="小周", role=DESK["bar"]["roles"]["agent"]))
    ).to_be_visible()
    await page.get_by_role("button", name=DESK["bar"]["logout"]).click()
    await expect(page.get_by_role("heading", name=DESK["login"]["title"])).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name=DESK["login"]["title"])).to_be_visible()
    assert desk.problems == []


async def test_two_customers_and_one_agent_from_the_queue_to_the_last_word(
    visit: Visit, sit: SitDown, server: Client, service: Service, cup: Path
) -> None:
    lin, chen = await visit(LIN), await visit(CHEN)
    desk = await sit()
    await lin.say("尾号0101的马克杯碎了")
    for shopper in (lin, chen):
        await shopper.human.click()
        await expect(shopper.header).to_contain_text(HEADER["queue"])
    await desk.show("queue")
    await expect(desk.rows).to_have_count(2)
    await expect(desk.rows.first).to_contain_text(CHEN)  # a VIP stands before others
    await expect(desk.rows.last).to_contain_text(LIN)

    await desk.accept_next()
    await expect(desk.talk.get_by_role("heading", name=CHEN)).to_be_visible()
    await expect(chen.header).to_contain_text("小周")
    await expect(lin.header).not_to_contain_text("小周")
    await desk.accept_next()
    await expect(desk.talk.get_by_role("heading", name=LIN)).to_be_visible()
    await expect(desk.packet).to_contain_text(DESK["packet"]["reasons"]["requested"])
    await expect(desk.packet).to_contain_text("0101")
    await expect(desk.side("orders")).to_be_visible()

    # Both at the same time, each hears what is said to them alone.
    await desk.say("马克杯我来处理")
    await expect(lin.answers.last).to_contain_text("马克杯我来处理")
    await desk.show("mine")
    await desk.row(CHEN).click()
    await expect(desk.talk.get_by_role("heading", name=CHEN)).to_be_visible()
    await desk.say("陈女士您好")
    await expect(chen.answers.last).to_contain_text("陈女士您好")
    await lin.type("谢谢，杯子碎得厉害")
    await expect(desk.row(LIN)).to_contain_text("杯子碎得厉害")
    await expect(lin.own.last).to_contain_text(WIDGET["delivery"]["sent"])
    await desk.row(LIN).click()
    await expect(desk.line("谢谢，杯子碎得厉害")).to_be_visible()
    await expect(lin.own.last).to_contain_text(WIDGET["delivery"]["read"])
    await desk.say("我看到了")
    await expect(desk.line("我看到了")).to_contain_text(DESK["talk"]["seen"])

    await _note(desk, "这位客户第二次来了")
    await _quick_reply(desk, lin)
    await _picture(desk, lin, cup)
    stored = [message["text"] for message in (await server.conversation("c-cust-001"))["messages"]]
    assert "这位客户第二次来了" not in " ".join([*stored, *await lin.transcript()])

    await desk.show("mine")
    await desk.row(CHEN).click()
    await expect(desk.talk.get_by_role("heading", name=CHEN)).to_be_visible()
    await desk.act("giveBack").click()
    await (
        desk.dialog(DESK["giveBackDialog"]["title"])
        .get_by_role("button", name=DESK["giveBackDialog"]["submit"])
        .click()
    )
    await expect(chen.header).to_contain_text(HEADER["bot"])
    await chen.say("包邮吗")

    await desk.row(LIN).click()
    await expect(desk.talk.get_by_role("heading", name=LIN)).to_be_visible()
    await desk.act("end").click()
    await desk.dialog(DESK["end"]["title"]).get_by_role("button", name=DESK["end"]["submit"]).click()
    await expect(lin.header).to_contain_text(HEADER["closed"])
    await expect(desk.row(LIN)).to_have_count(0)
    survey = lin.chat.get_by_role("form", name=SURVEY["title"])
    await survey.get_by_role("group", name=SURVEY["agent"].format(name="小周")).locator("label").nth(4).click()
    await survey.get_by_role("button", name=SURVEY["submit"]).click()
    await expect(survey).to_have_count(0)
    database = database_of(service)
    async with database.session() as session:
        query = "SELECT s.status, s.agent_score FROM surveys s JOIN conversations c ON c.id = s.conversation_id"
        rated = (await session.execute(text(f"{query} WHERE c.sender = 'c-cust-001'"))).all()
    await database.dispose()
    assert [tuple(row) for row in rated] == [("answered", 5)]


async def _note(desk: DeskPage, words: str) -> None:
    await desk.talk.get_by_role("button", name=DESK["composer"]["note"]).click()
    await desk.field.fill(words)
    await desk.talk.get_by_role("button", name=DESK["composer"]["saveNote"]).click()
    await expect(desk.lines.locator(".note")).to_contain_text(words)
    await desk.side("notes").click()
    await expect(desk.page.locator("#side-panel")).to_contain_text(words)


async def _quick_reply(desk: DeskPage, shopper: Shopper) -> None:
    await desk.field.press_sequentially("/shaodeng")
    await expect(desk.options.first).to_contain_text(CHECK["title"])
    await desk.field.press("Enter")
    await expect(desk.field).to_have_value(CHECK["text"])
    await desk.field.press("Enter")
    await expect(shopper.answers.last).to_contain_text(CHECK["text"])
    await desk.field.press_sequentially("/sdcx")
    await expect(desk.options.first).to_contain_text(CHECK["title"])
    await desk.field.press("Escape")
    await desk.field.fill("")


async def _picture(desk: DeskPage, shopper: Shopper, picture: Path) -> None:
    await desk.talk.locator("input[type=file]").set_input_files(picture)
    await expect(desk.send_button).not_to_have_attribute("aria-disabled", "true")
    await desk.send_button.click()
    image = shopper.answers.last.locator("img:not(.avatar img)")
    await expect(image).to_be_visible()
    await shopper.page.wait_for_function(
        "() => [...document.querySelector('shop-chat').shadowRoot.querySelectorAll('[role=log] img')]"
        ".every(image => image.complete && image.naturalWidth > 0)"
    )


async def test_a_colleague_takes_over_or_the_customer_is_back_in_the_queue(
    visit: Visit, sit: SitDown, service: Service, server: Client
) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    first, second = await sit(name="小甲"), await sit(name="小乙")
    await first.accept_next()
    await expect(shopper.header).to_contain_text("小甲")
    await _hand_over(first, "小乙", "客户要核对发票")
    offer = second.dialog(DESK["offer"]["title"])
    await expect(offer).to_contain_text(DESK["offer"]["from"].format(name="小甲", customer=LIN))
    await expect(offer).to_contain_text("客户要核对发票")
    await offer.get_by_role("button", name=DESK["offer"]["accept"]).click()
    await expect(shopper.header).to_contain_text("小乙")
    await expect(second.talk.get_by_role("heading", name=LIN)).to_be_visible()
    await second.say("我是小乙，接着为您办")
    await expect(shopper.answers.last).to_contain_text("我是小乙，接着为您办")
    await expect(shopper.chat.get_by_text("客户要核对发票")).to_have_count(0)

    await _hand_over(second, "小甲", "")
    offer = first.dialog(DESK["offer"]["title"])
    await expect(offer).to_be_visible()
    await expect(shopper.header).to_contain_text(HEADER["queue"])
    await _change(service, "UPDATE handoffs SET reserved_until = datetime(reserved_until, '-28 seconds')")
    await expect(offer).to_have_count(0, timeout=8000)

    async def waits_for_anybody() -> bool:
        return (await server.conversation("c-cust-001"))["messages"][-1]["keys"] == ["utter_handoff_waits"]

    await until(waits_for_anybody, "the customer is told")
    assert (await server.conversation("c-cust-001"))["owner"] == "queue"
    await second.show("queue")
    await second.row(LIN).click()
    await second.act("accept").click()
    await expect(shopper.header).to_contain_text("小乙")


async def _hand_over(desk: DeskPage, to: str, reason: str) -> None:
    await desk.act("transfer").click()
    dialog = desk.dialog(DESK["transfer"]["title"])
    await dialog.locator("label").filter(has_text=to).filter(has_text=DESK["transfer"]["online"]).first.click()
    await dialog.get_by_label(DESK["transfer"]["reason"]).fill(reason)
    await dialog.get_by_role("button", name=DESK["transfer"]["submit"], exact=True).click()
    await desk.toasted(DESK["actions"]["done"]["transfer"])


async def test_an_agent_finishes_a_ticket_and_a_supervisor_decides_over_it(
    visit: Visit, sit: SitDown, server: Client
) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    agent, supervisor = await sit(), await sit("supervisor", "小美")
    await agent.accept_next()
    for number in (1, 2):
        left = {"client_id": f"left-{number}-{id(shopper)}", "contact": "13912345678", "text": f"第{number}件事"}
        await shopper.chat.evaluate("(chat, left) => chat.session.wishes.leaveMessage(left)", left)
    first, second = await server.tickets("c-cust-001")

    await agent.side("tickets").click()
    card = _ticket(agent, first["id"])
    await card.get_by_role("button", name=DESK["tickets"]["approve"]).click(force=True)  # it says why it does not
    await agent.toasted(DESK["tickets"]["why"]["role"])
    assert {ticket["status"] for ticket in await server.tickets("c-cust-001")} == {"open"}
    await card.get_by_role("button", name=DESK["tickets"]["done"]).click()
    await expect(card).to_contain_text(DESK["tickets"]["statuses"]["done"])

    await supervisor.show("all")
    await supervisor.row(LIN).click()
    await supervisor.side("tickets").click()
    card = _ticket(supervisor, second["id"])
    await card.get_by_role("button", name=DESK["tickets"]["approve"]).click()
    await expect(card).to_contain_text(DESK["tickets"]["statuses"]["approved"])
    await expect(_ticket(agent, second["id"])).to_contain_text(DESK["tickets"]["statuses"]["approved"])
    assert [ticket["status"] for ticket in await server.tickets("c-cust-001")] == ["done", "approved"]
    for ticket in (first, second):
        await expect(shopper.chat.get_by_text(ticket["id"]).last).to_be_visible()


async def test_a_complaint_is_answered_in_writing_and_its_deadline_ticks_in_the_list(
    visit: Visit, sit: SitDown, server: Client
) -> None:
    shopper, agent = await visit(LIN), await sit()
    await shopper.say("我要投诉你们")
    await agent.accept_next()
    clocks, deeds = DESK["tickets"]["clocks"], DESK["tickets"]["deeds"]
    mark = agent.row(LIN).locator(".deadline-mark")
    await expect(mark).to_have_attribute("title", clocks["names"]["complaint_reply"])
    (ticket,) = await server.tickets("c-cust-001")
    await agent.side("tickets").click()
    card = _ticket(agent, ticket["id"])
    await card.get_by_role("button", name=DESK["tickets"]["show"]).click()
    await card.get_by_role("button", name=deeds["names"]["reply"], exact=True).click()
    await card.get_by_label(deeds["ask"]["reply"]).fill("是我们打包不仔细，已经登记在案")
    await card.get_by_role("button", name=deeds["submit"]["reply"], exact=True).click()
    await agent.toasted(deeds["results"]["reply"])
    await expect(shopper.chat.get_by_text("是我们打包不仔细").last).to_be_visible()
    await expect(mark).to_have_attribute("title", clocks["names"]["complaint_1"])
    await card.get_by_role("button", name=deeds["names"]["report"], exact=True).click()
    await card.get_by_label(deeds["report"]["what"]["vendor_asked"]).check(force=True)
    await card.get_by_role("button", name=deeds["report"]["submit"], exact=True).click()
    await expect(card.get_by_role("alert").last).to_have_text(deeds["report"]["missing"])
    await card.get_by_label(deeds["report"]["text"]).fill("杯身有裂纹")
    await card.get_by_role("button", name=deeds["report"]["submit"], exact=True).click()
    await agent.toasted(deeds["results"]["report"])
    await expect(card).to_contain_text(clocks["names"]["vendor_report"])
    assert agent.problems == []


def _ticket(desk: DeskPage, ticket: str) -> Locator:
    return desk.page.get_by_role("article", name=re.compile(re.escape(ticket)))


async def test_a_refund_above_the_limit_waits_for_the_supervisors_yes(
    visit: Visit, sit: SitDown, server: Client
) -> None:
    shopper = await visit(ZHOU)
    await shopper.say("尾号0122的鞋子有质量问题要退货退款")
    await shopper.press(label("no_picture"))
    await shopper.press(label("confirm"))
    [ticket] = await server.tickets("c-cust-003")
    assert ticket["status"] == "open"
    agent, supervisor = await sit(), await sit("supervisor", "小美")
    for desk in (agent, supervisor):
        await desk.show("all")
        await desk.row(ZHOU).click()
        await desk.side("tickets").click()
    asked = agent.page.get_by_role("article", name=DESK["approvals"]["kinds"]["refund"])
    await expect(asked).to_contain_text(ticket["amount"])
    await asked.get_by_role("button", name=DESK["tickets"]["approve"]).click(force=True)
    await agent.toasted(DESK["tickets"]["why"]["role"])
    asked = supervisor.page.get_by_role("article", name=DESK["approvals"]["kinds"]["refund"])
    await asked.get_by_role("button", name=DESK["tickets"]["approve"]).click()
    await expect(asked).to_have_count(0)
    [ticket] = await server.tickets("c-cust-003")
    assert ticket["status"] == "waiting_customer", "approved: the shoes are to come back first"
    await expect(_ticket(agent, ticket["id"])).to_contain_text(DESK["tickets"]["statuses"]["waiting_customer"])
    await expect(shopper.log).to_contain_text(ticket["id"])


async def test_a_price_below_the_floor_is_granted_with_another_figure(visit: Visit, sit: SitDown) -> None:
    shopper = await visit(LIN)
    for line in ("台灯能便宜点吗", "再少点", "130行不行"):
        await shopper.say(line)
    supervisor = await sit("supervisor", "小美")
    await supervisor.show("all")
    await supervisor.row(LIN).click()
    await supervisor.side("tickets").click()
    asked = supervisor.page.get_by_role("article", name=DESK["approvals"]["kinds"]["bargain"])
    await expect(asked).to_contain_text(DESK["approvals"]["asks"].format(amount="130.00"))
    await expect(asked).to_contain_text(DESK["approvals"]["offers"].format(amount="149.00"))
    figure = asked.get_by_label(DESK["approvals"]["amount"])
    await figure.fill("140")
    await figure.press("Tab")
    answers = await shopper.answers.count()
    await asked.get_by_role("button", name=DESK["tickets"]["approve"]).click()
    await expect(shopper.answers.nth(answers)).to_contain_text("140")
    await expect(asked).to_contain_text(DESK["approvals"]["statuses"]["approved"])


async def test_the_wait_is_told_by_colour_word_bar_and_title(visit: Visit, sit: SitDown, service: Service) -> None:
    desk = await sit()
    await desk.show("queue")
    assert await desk.page.title() == DESK["page"]["title"]
    await desk.page.evaluate("document.hasFocus = () => false")
    lin = await visit(LIN)
    await lin.human.click()
    wait = desk.row(LIN).locator(".wait")
    await expect(wait).to_have_class(re.compile("wait--calm"))
    await expect(wait).to_contain_text(DESK["list"]["waits"]["calm"].split(" ")[0])
    for title in (DESK["alerts"]["title"].format(count=1), f"(1) {DESK['page']['title']}"):
        await expect(desk.page).to_have_title(title)  # it blinks
    await expect(desk.alert).to_have_count(0)

    for seconds, band in ((40, "amber"), (80, "red")):
        moved = (
            f"UPDATE handoffs SET requested_at = datetime(requested_at, '-{seconds} seconds') WHERE status = 'queued'"
        )
        await _change(service, moved)
        await desk.page.reload()
        await expect(wait).to_have_class(re.compile(f"wait--{band}"))
        await expect(wait).to_contain_text(DESK["list"]["waits"][band].split(" ")[0])
    weight = await wait.evaluate("mark => getComputedStyle(mark).fontWeight")
    assert int(weight) >= 600, "not by colour alone"
    await expect(desk.alert).to_contain_text("1")
    await desk.alert.get_by_role("button", name=DESK["alerts"]["go"]).click()
    await expect(desk.talk.get_by_role("heading", name=LIN)).to_be_visible()
    await desk.act("accept").click()
    await desk.say("抱歉让您久等")
    await expect(desk.alert).to_have_count(0)
    await expect(desk.page).to_have_title(DESK["page"]["title"])


async def test_enter_that_ends_a_composition_does_not_send(visit: Visit, sit: SitDown, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    desk = await sit()
    await desk.accept_next()
    await expect(desk.talk.get_by_role("heading", name=LIN)).to_be_visible()
    typing = await desk.page.context.new_cdp_session(desk.page)
    await desk.field.focus()
    await typing.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})
    await desk.field.evaluate(
        "field => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    await asyncio.sleep(0.3)
    await expect(desk.lines.locator(".said--own")).to_have_count(0)
    await typing.send("Input.insertText", {"text": "您好"})
    await expect(desk.field).to_have_value("您好")
    await desk.field.press("Enter")
    await expect(shopper.answers.last).to_contain_text("您好")

    async def once() -> bool:
        messages = (await server.conversation("c-cust-001"))["messages"]
        return [message["text"] for message in messages if message["role"] == "agent"] == ["您好"]

    await until(once, "sent once")


@pytest.mark.parametrize("width", ["wide", "tablet", "phone"])
async def test_the_work_is_done_at_every_width(width: str, visit: Visit, sit: SitDown) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    await expect(shopper.header).to_contain_text(HEADER["queue"])
    desk = await sit(width=width)
    columns = {"wide": 3, "tablet": 2, "phone": 1}[width]
    await desk.show("queue")
    await desk.row(LIN).click()
    await desk.act("accept").click()
    await desk.say("您好，我来看")
    await expect(shopper.answers.last).to_contain_text("您好，我来看")
    assert await desk.list.is_visible() == (columns > 1)
    side = desk.page.get_by_role("complementary", name=DESK["side"]["label"])
    assert await side.is_visible() == (columns == 3)
    if columns < 3:
        await desk.talk.get_by_role("button", name=DESK["talk"]["details"]).click()
    await desk.side("orders").click()
    await expect(side.get_by_text("0101").first).to_be_visible()
    if columns < 3:
        back = DESK["talk"]["backToTalk"] if columns == 1 else DESK["side"]["close"]
        await side.get_by_role("button", name=back).click()
        await expect(side).to_have_count(0)
    overflow = await desk.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0, "nothing sticks out"
    if columns == 1:
        await desk.talk.get_by_role("button", name=DESK["talk"]["back"]).click()
        await expect(desk.list).to_be_visible()
        await desk.show("mine")
        await desk.row(LIN).click()
    await desk.act("end").click()
    await desk.dialog(DESK["end"]["title"]).get_by_role("button", name=DESK["end"]["submit"]).click()
    await expect(shopper.header).to_contain_text(HEADER["closed"])
