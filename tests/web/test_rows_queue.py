"""Row "queue": how many are before and how long it takes, kept up to date; leaving it; a message; the bot meanwhile."""

from __future__ import annotations

from playwright.async_api import Locator, expect

from bot.desk.handoffs import MINUTES_PER_CUSTOMER
from tests.service import Client
from tests.web.conftest import Visit
from tests.web.shopper import WIDGET, Shopper

LIN, CHEN, ZHOU, WU = "林小夏", "陈雅琴", "周建国", "吴桐"
QUEUE, LEAVE = WIDGET["queue"], WIDGET["leave"]


def _bar(shopper: Shopper) -> Locator:
    return shopper.chat.get_by_role("group", name=QUEUE["label"])


def _standing(place: int) -> str:
    line: str = QUEUE["next"] if place == 1 else QUEUE["ahead"].format(ahead=place - 1)
    return str(QUEUE["minutes"].format(line=line, minutes=place * MINUTES_PER_CUSTOMER))


async def _stands(shopper: Shopper, place: int) -> None:
    await expect(_bar(shopper)).to_contain_text(_standing(place))


async def test_the_place_and_the_minutes_only_go_down_and_a_worse_place_is_explained(
    visit: Visit, server: Client
) -> None:
    first, second = await visit(LIN), await visit(ZHOU)
    for shopper, place in ((first, 1), (second, 2)):
        await shopper.human.click()
        await _stands(shopper, place)
    for shopper in (first, second):
        await expect(_bar(shopper)).not_to_contain_text(QUEUE["overtaken"])

    vip = await visit(CHEN)
    await vip.human.click()
    await _stands(vip, 1)
    await _stands(first, 2)
    await _stands(second, 3)
    for shopper in (first, second):
        await expect(_bar(shopper)).to_contain_text(QUEUE["overtaken"])

    latecomer = await visit(WU)
    await latecomer.human.click()
    await _stands(latecomer, 4)
    await _stands(second, 3)
    assert (await server.post("/api/v1/handoffs/c-cust-002/accept"))[0] == 200
    for shopper, place in ((first, 1), (second, 2), (latecomer, 3)):
        await _stands(shopper, place)
        await expect(_bar(shopper)).not_to_contain_text(QUEUE["overtaken"])
    assert (await server.post("/api/v1/handoffs/c-cust-001/accept"))[0] == 200
    await _stands(second, 1)
    await _stands(latecomer, 2)


async def test_a_tap_leaves_the_queue_and_the_bot_answers_again(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    await _stands(shopper, 1)
    await _bar(shopper).get_by_role("button", name=QUEUE["cancel"]).click()
    await expect(_bar(shopper)).to_have_count(0)
    await expect(shopper.header).to_contain_text(WIDGET["header"]["bot"])
    assert (await server.conversation("c-cust-001"))["owner"] == "bot"
    await shopper.say("包邮吗")


async def test_who_does_not_want_to_wait_leaves_a_message_and_gets_a_ticket(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    await _bar(shopper).get_by_role("button", name=QUEUE["note"]).click()
    sheet = shopper.chat.get_by_role("dialog", name=LEAVE["title"])
    await sheet.get_by_label(LEAVE["contact"]).fill("13912345678")
    await sheet.get_by_label(LEAVE["text"]).fill("明天下午再联系我")
    await sheet.get_by_role("button", name=LEAVE["submit"]).click()
    done = shopper.chat.get_by_role("dialog", name=LEAVE["done"])
    await expect(done).to_be_visible()
    [ticket] = await server.tickets("c-cust-001")
    assert (ticket["type"], ticket["status"]) == ("message", "open")
    await expect(done).to_contain_text(LEAVE["ticket"].format(ticket=ticket["id"]))
    await done.get_by_role("button", name=LEAVE["close"]).click()
    await expect(_bar(shopper)).to_have_count(0)
    await expect(shopper.header).to_contain_text(WIDGET["header"]["bot"])


async def test_who_waits_is_answered_on_the_place_meanwhile_and_keeps_it(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.human.click()
    await _stands(shopper, 1)
    await shopper.say("还要多久")
    await _stands(shopper, 1)
    assert (await server.conversation("c-cust-001"))["owner"] == "queue"
