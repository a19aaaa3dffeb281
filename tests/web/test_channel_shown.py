"""What customers show from the shop: the product on the page, an order of their own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service import Client
from tests.web.conftest import Connect


async def test_own_orders_are_listed_to_choose_from_and_nobody_elses(connect: Connect) -> None:
    device = await connect("cust-001")
    answer = await device.ask("orders", {})
    assert (answer["ok"], answer["identified"]) == (True, True)
    assert answer["orders"]
    for card in answer["orders"]:
        assert (card["type"], card["payload"]) == ("order", "")
        assert card["ref"]
    others = await (await connect("cust-003")).ask("orders", None)
    assert not {card["ref"] for card in others["orders"]} & {card["ref"] for card in answer["orders"]}
    visitor = await (await connect()).ask("orders", {})
    assert (visitor["ok"], visitor["identified"], visitor["orders"]) == (True, False, [])


async def test_an_order_that_is_shown_is_a_card_and_known_to_the_bot(connect: Connect, server: Client) -> None:
    device = await connect("cust-001")
    chosen = (await device.ask("orders", {}))["orders"][0]
    await device.send("我要退款")
    await device.until(lambda: bool(device.texts("bot")), "asked for the order")
    answer = await device.send(order_no=chosen["ref"], client_id="shown")
    assert answer["ok"], answer
    again = await device.send(order_no=chosen["ref"], client_id="shown")
    assert again["seq"] == answer["seq"]
    await device.until(lambda: len(device.texts("bot")) > 1, "answered")
    messages = (await server.conversation("c-cust-001"))["messages"]
    [shown] = [message for message in messages if message["seq"] == answer["seq"]]
    assert [(card["type"], card["ref"]) for card in shown["cards"]] == [("order", chosen["ref"])]
    assert shown["text"]
    after = [message for message in messages if message["seq"] > answer["seq"]]
    assert not any("utter_ask_order_no" in message["keys"] for message in after)
    assert len([message for message in messages if message["role"] == "customer"]) == 2


async def test_another_ones_order_does_not_exist(connect: Connect) -> None:
    foreign = (await (await connect("cust-001")).ask("orders", {}))["orders"][0]["ref"]
    for device in (await connect("cust-003"), await connect()):
        answer = await device.send(order_no=foreign)
        assert answer["error"]["code"] == "not_found"
        assert device.of("message") == []


async def test_a_product_that_is_looked_at_is_shown_with_the_catalogues_price(connect: Connect, server: Client) -> None:
    product = (await server.get("/demo/shop"))[1]["products"][0]
    device = await connect()
    looked_at = {"sku": product["sku"], "name": "<b>free</b>", "price": "0.01"}
    answer = await device.send("", product=looked_at, client_id="looked-at")
    assert answer["ok"], answer
    await device.until(lambda: bool(device.texts("bot")), "answered")
    [shown] = [message for message in device.of("message") if message["role"] == "customer"]
    [card] = shown["cards"]
    assert (card["type"], card["ref"], card["amount"]) == ("product", product["sku"], product["price"])
    assert product["name"] in card["title"]
    await device.send("", product=looked_at, client_id="looked-at")
    assert device.texts("customer") == [shown["text"]]


ODD: list[Any] = [
    {"product": "sku"},
    {"product": {}},
    {"product": {"sku": 7}},
    {"product": {"sku": "\x00"}},
    {"product": []},
    {"order_no": 7},
    {"order_no": ""},
    {"order_no": "x" * 500},
    {"order_no": {"$ne": 1}},
]


@pytest.mark.parametrize("data", ODD, ids=range(len(ODD)))
async def test_what_cannot_be_shown_is_refused(connect: Connect, data: dict[str, Any]) -> None:
    device = await connect()
    answer = await device.send("", **data)
    assert answer["ok"] is False
    assert answer["error"]["code"] in ("bad_input", "not_found", "too_large")
