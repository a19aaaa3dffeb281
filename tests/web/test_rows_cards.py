"""Every card that the shop can show, as it comes in a talk: all that it says can be read, and its money is ¥0.00."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Locator, expect

from tests.service import Client
from tests.web.conftest import Visit
from tests.web.shopper import WIDGET, Shopper, label

LIN, CHEN, ZHOU = "林小夏", "陈雅琴", "周建国"
MONEY = re.compile(r"¥\d+\.\d\d(?!\d)")


async def _cards(shopper: Shopper, server: Client, sender: str, type: str) -> list[tuple[dict[str, Any], Locator]]:
    """The cards of a type in the answers, as the service tells and as the customer sees them."""
    messages = (await server.conversation(sender))["messages"]
    told = [card for message in messages for card in message.get("cards", ()) if card["type"] == type]
    seen = shopper.answers.locator(f".card--{type}")
    await expect(seen).to_have_count(len(told))
    assert told, f"no card {type}"
    return [(card, seen.nth(place)) for place, card in enumerate(told)]


async def _reads(shopper: Shopper, server: Client, sender: str, type: str) -> list[dict[str, Any]]:
    """All that the cards say stands there as text, a card to look at under a heading; the cards."""
    cards = await _cards(shopper, server, sender, type)
    for card, seen in cards:
        words = " ".join((await seen.inner_text()).split())
        said = [card["title"], card.get("subtitle"), card.get("state")]
        said += [line for part in ("lines", "pros", "cons") for line in card.get(part, ())]
        said += [step["text"] for step in card.get("steps", ())]
        for text in filter(None, said):
            assert " ".join(text.split()) in words, (type, text, words)
        if "amount" in card:
            assert f"¥{card['amount']}" in words
        assert len(MONEY.findall(words)) == words.count("¥"), words
        if not card.get("payload"):
            await expect(seen.get_by_role("heading", name=card["title"])).to_be_visible()
    return [card for card, _ in cards]


async def _copies(shopper: Shopper, seen: Locator) -> str:
    """What the card's button puts on the clipboard."""
    await shopper.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await seen.get_by_role("button", name=WIDGET["card"]["copy"]).click()
    await expect(seen).to_contain_text(WIDGET["card"]["copied"])
    copied: str = await shopper.page.evaluate("navigator.clipboard.readText()")
    return copied


async def test_the_way_of_a_parcel(visit: Visit, server: Client) -> None:
    shopper, sender = await visit(LIN), "c-cust-001"
    await shopper.say("尾号0107的快递到哪了")
    [parcel] = await _reads(shopper, server, sender, "logistics")
    seen = shopper.answers.locator(".card--logistics")
    times = await seen.locator("time").all_inner_texts()
    assert len(times) == len(parcel["steps"]) == 3
    assert times == sorted(times, reverse=True)
    assert await _copies(shopper, seen) == parcel["copy"]


async def test_orders_to_choose_from(visit: Visit, server: Client) -> None:
    shopper = await visit(CHEN)
    await shopper.say("我想退款")
    orders = await _reads(shopper, server, "c-cust-002", "order")
    assert len({order["ref"] for order in orders}) == len(orders) > 1
    assert all("amount" in order for order in orders)


async def test_how_far_a_refund_is(visit: Visit, server: Client) -> None:
    shopper = await visit(CHEN)
    await shopper.say("我的退款到哪一步了")
    [refund] = await _reads(shopper, server, "c-cust-002", "refund")
    card = shopper.answers.locator(".card--refund")
    for words in ("¥199.00", refund["ref"], label("refund_route"), "1-3个工作日"):
        await expect(card).to_contain_text(words)
    passed = [step["done"] for step in refund["steps"]]
    assert passed.count(True) == await card.locator("li.done").count() == 1


async def test_a_return_with_its_rule_and_the_address_to_copy(visit: Visit, server: Client) -> None:
    shopper, sender = await visit(LIN), "c-cust-001"
    await shopper.say("尾号0103的T恤不喜欢想退货退款")
    for _ in range(3):
        if await shopper.choice(label("confirm")).count():
            break
        await shopper.say("完好的")
    [rule] = await _reads(shopper, server, sender, "rule")
    assert rule["title"].startswith(label("rule_card").split("{")[0])
    assert re.search(r"\d{4}-\d\d-\d\d", rule["subtitle"]), "the version by its date"
    await shopper.press(label("confirm"))
    [refund], [back] = [await _reads(shopper, server, sender, type) for type in ("refund", "return")]
    [ticket] = await server.tickets(sender)
    assert (refund["amount"], refund["ref"], back["ref"]) == ("69.00", ticket["id"], ticket["id"])
    copied = await _copies(shopper, shopper.answers.locator(".card--return"))
    assert copied == back["copy"]
    assert all(part in copied for line in back["lines"][:2] for part in line.split())


async def test_a_product_a_size_and_a_coupon(visit: Visit, server: Client) -> None:
    shopper, sender = await visit(ZHOU), "c-cust-003"
    await shopper.say("马克杯多少钱")
    [product] = await _reads(shopper, server, sender, "product")
    assert product["amount"] == "39.90"
    await shopper.say("身高160体重102斤，连衣裙穿什么码")
    [size] = await _reads(shopper, server, sender, "size")
    assert size["title"] == label("size").format(size="M")
    await shopper.say("有什么优惠券可以用")
    coupons = await _reads(shopper, server, sender, "coupon")
    assert all("amount" in coupon and coupon["lines"] for coupon in coupons)


async def test_solutions_are_chosen_by_what_speaks_for_and_against_them_and_confirmed_once(
    visit: Visit, server: Client
) -> None:
    shopper, sender = await visit(LIN), "c-cust-001"
    await shopper.say("订单尾号0101的杯子碎了一个")
    await shopper.press(label("no_picture"))
    solutions = await _reads(shopper, server, sender, "solution")
    assert 2 <= len(solutions) <= 3
    for solution in solutions:
        assert solution["pros"], solution
        assert solution["cons"], solution
        assert solution["lines"], "what it costs and how long it takes"
    assert sum("amount" in solution for solution in solutions) == 2, "a new one brings no money"
    card = shopper.choice(label("solution_refund"))
    for words in ("¥39.90", WIDGET["card"]["pros"], WIDGET["card"]["cons"], WIDGET["choice"]["pick"]):
        await expect(card).to_contain_text(words)
    confirm = shopper.log.get_by_role("button", name=label("confirm"))
    await expect(confirm).to_have_count(0)
    await shopper.press(label("solution_refund"))
    await expect(confirm).to_have_count(1)
    assert await server.tickets(sender) == [], "nothing is done before it is confirmed"
    await shopper.press(label("confirm"))
    [ticket] = await server.tickets(sender)
    assert (ticket["type"], ticket["amount"]) == ("refund", "39.90")
    await expect(confirm).to_have_count(1)
    await expect(confirm).to_be_disabled()
