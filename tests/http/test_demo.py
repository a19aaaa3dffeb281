"""The demo shop: its page's data, its identities, its reset, the limit on what strangers may send."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import jwt
import pytest

from tests.conftest import demo
from tests.service import SECRET, Client


async def test_the_demo_page_learns_products_and_customers(client: Client) -> None:
    status, shop = await client.get("/demo/shop", key=None)
    assert status == 200
    prices = {product["sku"]: (product["price"], product["list_price"]) for product in shop["products"]}
    assert len(prices) == 15
    assert (prices["TSHIRT"], prices["MUG"]) == (("59.00", "69.00"), ("39.90", None))
    assert [customer["id"] for customer in shop["customers"]] == [customer["id"] for customer in demo("customers")]
    status, orders = await client.get("/demo/orders/cust-004", key=None)
    assert (status, {order["order_no"][-4:] for order in orders["orders"]}) == (200, {"0113", "0114"})
    assert "phone" not in str(orders) + str(shop)


async def test_the_demo_page_learns_what_a_product_page_tells(client: Client) -> None:
    _, shop = await client.get("/demo/shop", key=None)
    products = {product["sku"]: product for product in shop["products"]}
    shirt, jeans, down = products["TSHIRT"], products["JEANS"], products["DOWN"]
    assert (shirt["colors"], shirt["sizes"]) == (["白色", "黑色", "灰色"], ["S", "M", "L", "XL"])
    assert shirt["activity_until"][:10] == "2026-03-06"
    assert (jeans["stock"], jeans["restock_at"][:10], down["ships_at"][:10]) == (0, "2026-03-09", "2026-03-14")
    assert products["NUTS"]["gifts"] == ["湿巾1包"]
    assert [products[sku]["no_reason"] for sku in ("MUG", "MANGO", "KEYRING")] == ["always", "unopened", "never"]


async def test_the_demo_page_learns_what_was_chosen_and_where_it_is(client: Client) -> None:
    orders = {}
    for customer in ("cust-001", "cust-003"):
        orders |= {o["order_no"][-4:]: o for o in (await client.get(f"/demo/orders/{customer}", key=None))[1]["orders"]}
    [shoes] = orders["0107"]["items"]
    assert (shoes["sku"], shoes["options"]) == ("SHOES", ["白色", "38"])
    assert orders["0107"]["parcels"] == [{"courier": "顺丰速运", "tracking": "SF1000000000107"}]
    assert (orders["0106"]["parcels"], orders["0102"]["gifts"]) == ([], ["湿巾1包"])
    assert orders["0111"]["items"][0]["options"] == ["平安喜乐"]


async def test_an_identity_is_signed_for_demo_customers_only(client: Client) -> None:
    status, body = await client.post("/demo/identity", {"customer_id": "cust-001"}, key=None)
    assert status == 200
    assert jwt.decode(body["token"], SECRET, algorithms=["HS256"])["customer_id"] == "cust-001"
    for customer_id in ("cust-999", "", "a\x00", 5, None):
        status, body = await client.post("/demo/identity", {"customer_id": customer_id}, key=None)
        assert (status in (400, 404), set(body)) == (True, {"error"})
    assert (await client.get("/demo/orders/somebody", key=None))[0] == 404


async def test_another_site_cannot_press_our_buttons(client: Client) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        for path in ("/demo/identity", "/demo/reset"):
            assert (await client.post(path, {"customer_id": "cust-001"}, key=None, headers=headers))[0] == 403


async def test_a_reset_forgets_talks_tickets_and_locks(client: Client, sender: str) -> None:
    await client.say(sender, "我要投诉你们", customer_id="cust-002")
    visitor = sender + "-visitor"
    await client.say(visitor, "转人工")
    assert await client.tickets(sender)
    assert await client.post("/api/v1/demo/reset") == (200, {"status": "ok"})
    for who in (sender, visitor):
        assert (await client.get(f"/api/v1/conversations/{who}"))[0] == 404
        assert await client.tickets(who) == []
    assert (await client.get("/api/v1/approvals"))[1] == {"items": []}
    assert len((await client.get("/demo/orders/cust-001", key=None))[1]["orders"]) == 8
    assert await client.say(sender, "你们包邮吗", customer_id="cust-002")


async def test_a_reset_while_people_talk_disturbs_nobody(client: Client, sender: str) -> None:
    async def talk(number: int) -> None:
        for line in ("你好", "我要退款", "你们包邮吗", "收到的杯子碎了"):
            await client.say(f"{sender}-{number}", line, customer_id=f"cust-00{number % 5 + 1}")

    async def reset() -> None:
        for _ in range(4):
            assert (await client.post("/api/v1/demo/reset"))[0] == 200
            await asyncio.sleep(0.1)

    await asyncio.gather(reset(), *(talk(number) for number in range(10)))
    assert await client.post("/api/v1/demo/reset") == (200, {"status": "ok"})
    assert await client.say(sender, "收到的马克杯碎了", customer_id="cust-001")


class Widget:
    """A visitor's end of the Socket.IO protocol (its Python client asks for a newer aiohttp than Rasa allows)."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._calls = 0

    async def connect(self) -> None:
        assert (await self._socket.receive_str()).startswith("0")
        await self._socket.send_str("40{}")
        while not (await self._socket.receive_str()).startswith("40"):
            pass

    async def call(self, event: str, data: object) -> Any:
        """Send an event; what the server acknowledges it with."""
        self._calls += 1
        await self._socket.send_str(f"42{self._calls}{json.dumps([event, data])}")
        while True:
            packet = await self._socket.receive_str(timeout=10)
            if packet.startswith(f"43{self._calls}"):
                return json.loads(packet[packet.index("[") :])[0]


@pytest.fixture
async def widget(client: Client) -> AsyncIterator[Widget]:
    """A visitor's widget."""
    async with client.session.ws_connect(client.url + "/socket.io/?EIO=4&transport=websocket") as socket:
        made = Widget(socket)
        await made.connect()
        yield made


async def test_a_visitor_who_sends_too_much_is_slowed_down(widget: Widget) -> None:
    acks = [await widget.call("message", {"text": "你好", "client_id": uuid.uuid4().hex}) for _ in range(12)]
    assert [ack["ok"] for ack in acks[:8]] == [True] * 8
    assert acks[-1]["error"]["code"] == "too_many"


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "text",
        {},
        {"text": 5, "client_id": "a"},
        {"text": "你好"},
        {"text": "你好", "client_id": "a\x00"},
        {"text": "长" * 20_001, "client_id": "a"},
        {"text": "你好", "client_id": "a", "payload": 5},
    ],
    ids=range(9),
)
async def test_the_widget_channel_refuses_what_has_no_form(widget: Widget, data: object) -> None:
    ack = await widget.call("message", data)
    assert (ack["ok"], set(ack["error"])) == (False, {"code", "message"})
