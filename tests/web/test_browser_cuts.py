"""Two browsers whose lines are cut again and again: each word once and in order, on both screens and in the store."""

from __future__ import annotations

import asyncio
import random
import re

from playwright.async_api import Browser, expect
from sqlalchemy import text

from tests.desk import database_of, hire
from tests.service import Service
from tests.web.desk_page import DeskPage
from tests.web.proxy import Proxy
from tests.web.shopper import Shopper, until

SEED, LINES, CUTS = 20260304, 100, 50
CUSTOMER, AGENT = ([f"{who}{number}" for number in range(LINES)] for who in "ca")
OURS = re.compile(r"[ca]\d+")
EXPECTED = r"WebSocket|ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET|Failed to load resource"

CAN_SEND = "() => document.querySelector('.composer__foot button')?.ariaDisabled !== 'true'"
# Only what is in view is in the document: it is read from top to end. What a broken gap left behind is fetched first,
# as by somebody who scrolls up.
READ = """async (scroller, [row, words, older]) => {
  const shown = new Map()
  for (let n = 0; n < 100; n += 1) {
    scroller.scrollTop = 0
    await new Promise(done => setTimeout(done, 50))
    const button = scroller.querySelector(older)
    if (!button && n > 5) break
    button?.click()
  }
  for (let top = 0; ; top += scroller.clientHeight / 2) {
    scroller.scrollTop = top
    for (let n = 0; n < 2; n += 1) await new Promise(done => requestAnimationFrame(() => setTimeout(done)))
    for (const line of scroller.querySelectorAll(row))
      shown.set(line.dataset.key ?? Number(line.dataset.index), line.querySelector(words)?.textContent.trim() ?? '')
    if (top >= scroller.scrollHeight - scroller.clientHeight) return [...shown.values()]
  }
}"""


async def _customer(browser: Browser, url: str) -> Shopper:
    page = await (await browser.new_context(viewport={"width": 1280, "height": 860})).new_page()
    shopper = Shopper(page, url)
    await shopper.arrive()
    await shopper.human.click()
    await expect(shopper.human).to_be_disabled()
    return shopper


async def _agent(browser: Browser, service: Service, url: str) -> DeskPage:
    desk = DeskPage(await (await browser.new_context(viewport={"width": 1440, "height": 900})).new_page(), url)
    await desk.arrive(await hire(service, "agent"))
    await desk.accept_next()
    await expect(desk.act("end")).to_be_visible()
    return desk


async def _stored(service: Service) -> list[tuple[str, str]]:
    database = database_of(service)
    async with database.session() as session:
        rows = (await session.execute(text("SELECT role, text FROM messages ORDER BY id"))).all()
    await database.dispose()
    return [(role, words) for role, words in rows if OURS.fullmatch(words)]


async def test_through_fifty_cuts_two_browsers_show_two_hundred_lines_once_and_in_order(
    patient: Service, proxy: tuple[Proxy, str], browser: Browser
) -> None:
    between, url = proxy
    rng = random.Random(SEED)
    doomed = set(rng.sample(range(2 * LINES), CUTS))
    began = 0

    def about_to_send() -> None:
        nonlocal began
        if began in doomed:
            asyncio.get_running_loop().call_later(rng.uniform(0, 0.05), between.cut)
        began += 1

    shopper = await _customer(browser, url)
    desk = await _agent(browser, patient, url)

    async def customer() -> None:
        for line in CUSTOMER:
            about_to_send()
            await shopper.chat.evaluate("(chat, line) => chat.send(line)", line)
            await asyncio.sleep(rng.uniform(0, 0.5))

    async def agent() -> None:
        for line in AGENT:
            about_to_send()
            await desk.field.fill(line)
            while await desk.field.input_value():  # where there is no line the console keeps the words
                await desk.page.wait_for_function(CAN_SEND)
                await desk.field.press("Enter")

    await asyncio.gather(customer(), agent())
    await asyncio.sleep(0.1)
    assert between.cuts == CUTS

    async def all_stored() -> bool:
        return len(await _stored(patient)) == 2 * LINES

    await until(all_stored, "all arrived")
    last = (await _stored(patient))[-1][1]
    await expect(shopper.chat.locator(".row__bubble").get_by_text(last, exact=True)).to_be_visible(timeout=15_000)
    await expect(desk.lines.locator(".said__text").get_by_text(last, exact=True)).to_be_visible(timeout=15_000)

    stored = await _stored(patient)
    assert [words for role, words in stored if role == "customer"] == CUSTOMER
    assert [words for role, words in stored if role == "agent"] == AGENT
    said = [words for _, words in stored]
    for shown in (
        await shopper.chat.locator(".list__scroller").evaluate(READ, [".list__row", ".row__bubble", ".list__older"]),
        await desk.lines.evaluate(READ, [".lines__item", ".said__text", ".lines__older"]),
    ):
        assert [words for words in shown if OURS.fullmatch(words)] == said
    for page in (shopper, desk):
        page.problems = [problem for problem in page.problems if not re.search(EXPECTED, problem)]
        assert page.problems == []
