"""What is offered to be tapped: on the first screen, after an answer, and when a person might be wanted."""

from __future__ import annotations

from playwright.async_api import expect

from tests.service import Client
from tests.web.conftest import Visit
from tests.web.shopper import WIDGET, Shopper, label

CHEN, SENDER = "陈雅琴", "c-cust-002"


async def _customer_lines(server: Client) -> list[tuple[str, bool]]:
    """The texts of the customer as the service has them, and whether anything came with them."""
    messages = (await server.conversation(SENDER))["messages"]
    return [(m["text"], "cards" in m) for m in messages if m["role"] == "customer"]


async def _titles(shopper: Shopper) -> list[str]:
    return [title.strip() for title in await shopper.chips.all_inner_texts()]


async def test_the_first_screen_greets_and_offers_what_people_ask(visit: Visit, server: Client) -> None:
    shopper = await visit(CHEN)
    welcome = shopper.chat.locator(".welcome")
    await expect(welcome).to_contain_text(WIDGET["welcome"]["title"].format(name=CHEN))
    await expect(welcome).to_contain_text(WIDGET["welcome"]["lead"])
    offered = await _titles(shopper)
    assert offered == [label(f"chip_{number}") for number in range(1, 7)]
    await shopper.chips.filter(has_text=offered[0]).click()
    await expect(shopper.answers.first).to_be_visible()
    assert await shopper.said() == [offered[0]]
    assert await _customer_lines(server) == [(offered[0], False)]


async def test_the_page_that_is_looked_at_makes_guesses_which_are_ordinary_messages(
    visit: Visit, server: Client
) -> None:
    shopper = await visit(CHEN)
    guesses = shopper.chat.locator(".welcome").get_by_role("listitem")
    await expect(guesses).to_have_count(0)
    mug = await _look_at(shopper, server, "MUG")
    await shopper.open_chat()
    await expect(shopper.chat.locator(".welcome")).to_contain_text(WIDGET["welcome"]["guess"])
    questions = [question.format(name=mug["name"]) for question in WIDGET["product"]["questions"]]
    await expect(guesses).to_have_text(questions)
    await guesses.get_by_role("button").first.click()
    await expect(shopper.answers.first).to_contain_text(mug["name"])
    assert await _customer_lines(server) == [(questions[0], False)]
    await expect(guesses).to_have_count(0)


async def _look_at(shopper: Shopper, server: Client, sku: str) -> dict[str, str]:
    """Go to the page of a product, as the demo page's own links do."""
    _, shop = await server.get("/demo/shop")
    [product] = [product for product in shop["products"] if product["sku"] == sku]
    await shopper.page.keyboard.press("Escape")
    await shopper.page.goto(f"{shopper.url}/#/product/{sku}")
    await expect(shopper.page.get_by_role("heading", level=1, name=product["name"])).to_be_visible()
    found: dict[str, str] = product
    return found


async def test_after_an_answer_one_may_say_whether_it_helped_until_the_next_message(
    visit: Visit, server: Client
) -> None:
    shopper = await visit(CHEN)
    follow_up = [label("helpful"), label("unsolved")]
    await shopper.say("你们包邮吗")
    await expect(shopper.chips).to_have_text(follow_up)
    await shopper.chips.first.click()
    await expect(shopper.answers.nth(1)).to_be_visible()
    assert set(await _titles(shopper)).isdisjoint(follow_up)

    await shopper.say("马克杯多少钱")
    await expect(shopper.chips).to_have_text(follow_up)
    await shopper.page.context.set_offline(True)
    await shopper.type("用什么付款")
    await expect(shopper.chips.filter(has_text=label("helpful"))).to_have_count(0)
    await expect(shopper.log.get_by_role("button", name=label("helpful"))).to_have_count(0)
    shopper.forgive("ERR_INTERNET_DISCONNECTED")


async def test_beside_the_question_for_a_person_stands_no_other_way_to_one(visit: Visit, server: Client) -> None:
    shopper = await visit(CHEN)
    await _ask_whether_to_hand_over(shopper)
    await shopper.press(label("not_now"))
    assert (await server.conversation(SENDER))["owner"] == "bot"
    await expect(shopper.choice(label("hand_over"))).to_have_count(0)

    await _ask_whether_to_hand_over(shopper)
    await shopper.press(label("hand_over"))
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    assert (await server.conversation(SENDER))["owner"] == "queue"


async def _ask_whether_to_hand_over(shopper: Shopper) -> None:
    await shopper.say("你们包邮吗")
    answers = await shopper.answers.count()
    await shopper.chips.filter(has_text=label("unsolved")).click()
    await expect(shopper.answers.nth(answers)).to_be_visible()
    offered = shopper.chat.locator(".panel button:visible:enabled:not(.header *)")
    titles = [title.strip() for title in await offered.all_inner_texts() if title.strip()]
    assert titles[-2:] == [label("hand_over"), label("not_now")]
    assert [title for title in titles if label("person") in title or "人工" in title] == [label("hand_over")]
    await expect(shopper.chips).to_have_count(0)
