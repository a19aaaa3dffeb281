"""Messages for people who are not there, and the wish to be forgotten."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.service import Client
from tests.web.conftest import Connect

LEFT = {"client_id": "left-1", "contact": "13800138000", "text": "杯子碎了，请回电话"}


async def test_a_message_left_takes_the_customer_out_of_the_queue_with_a_ticket(
    connect: Connect, server: Client
) -> None:
    device = await connect("cust-005")
    await device.send("转人工")
    await device.until(lambda: device.place == 1, "queued")
    answer = await device.ask("leave_message", LEFT)
    assert answer["ok"], answer
    await device.until(lambda: device.of("state")[-1]["owner"] == "bot", "with the bot again")
    assert device.of("state")[-1]["promises"] == 1
    assert answer["ticket"] in device.texts("bot")[-1]
    [message] = [m for m in device.of("message") if m.get("client_id") == "left-1"]
    assert message["seq"] == answer["seq"]
    assert LEFT["text"] in message["text"]
    [ticket] = await server.tickets("c-cust-005")
    assert (ticket["id"], ticket["type"], ticket["due_at"]) == (answer["ticket"], "message", answer["due_at"])
    assert ticket["reason"].startswith("138****8000")
    _, opened = await server.get(f"/api/v1/tickets/{ticket['id']}")
    assert opened["reason"].startswith(LEFT["contact"]), "whoever opens it can call back"
    await device.send("包邮吗")
    await device.until(lambda: len(device.texts("bot")) == 3, "answered by the bot")


async def test_the_same_message_left_again_has_the_same_receipt(connect: Connect, server: Client) -> None:
    phone, desk = await connect("cust-003"), await connect("cust-003")
    answers = await asyncio.gather(*(d.ask("leave_message", LEFT) for d in (phone, desk, phone, desk)))
    assert [answer for answer in answers if answer != answers[0]] == []
    assert len(await server.tickets("c-cust-003")) == 1
    await desk.until(lambda: len(desk.of("message")) == 2, "told")
    assert phone.of("message") == desk.of("message")
    assert (await phone.send("别的事", client_id="left-1"))["seq"] == answers[0]["seq"]
    await phone.send("包邮吗", client_id="line-1")
    refused = await phone.ask("leave_message", {**LEFT, "client_id": "line-1"})
    assert refused["error"]["code"] == "bad_input", "that id was an ordinary line's"


async def test_pictures_that_are_left_are_evidence(connect: Connect, server: Client) -> None:
    device = await connect()
    foreign = await device.ask("leave_message", {**LEFT, "attachments": ["0" * 32]})
    assert foreign["error"]["code"] == "bad_input"
    pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    assert (await device.ask("leave_message", {**LEFT, "attachments": [pixel]}))["ok"]
    [ticket] = await server.tickets(device.sender)
    assert ticket["evidence_count"] == 1


async def test_a_person_who_is_there_keeps_the_talk(connect: Connect, server: Client) -> None:
    device = await connect()
    await device.send("转人工")
    await device.until(lambda: device.place == 1, "queued")
    assert (await server.post(f"/api/v1/handoffs/{device.sender}/accept"))[0] == 200
    assert (await device.ask("leave_message", LEFT))["ok"]
    assert (await server.conversation(device.sender))["owner"] == "agent"


ODD: list[Any] = [
    None,
    "text",
    {**LEFT, "contact": ""},
    {**LEFT, "contact": "12"},
    {**LEFT, "contact": "没有"},
    {**LEFT, "contact": "1" * 61},
    {**LEFT, "contact": None},
    {**LEFT, "contact": 13800138000},
    {**LEFT, "text": ""},
    {**LEFT, "text": " \n\u200b"},
    {**LEFT, "text": "长" * 1001},
    {**LEFT, "client_id": ""},
    {**LEFT, "client_id": None},
]


@pytest.mark.parametrize("data", ODD, ids=range(len(ODD)))
async def test_a_message_that_nobody_could_answer_is_refused(connect: Connect, server: Client, data: Any) -> None:
    device = await connect()
    answer = await device.ask("leave_message", data)
    assert answer["ok"] is False
    assert await server.tickets(device.sender) == []


async def test_a_wish_to_be_forgotten_is_one_ticket_while_it_is_open(connect: Connect, server: Client) -> None:
    device = await connect()
    first, second = await device.ask("delete_request", {}), await device.ask("delete_request", None)
    assert first["ok"]
    assert first == second
    await device.until(lambda: bool(device.texts("bot")), "confirmed")
    assert [first["ticket"] in text for text in device.texts("bot")] == [True]
    [ticket] = await server.tickets(device.sender)
    assert (ticket["type"], ticket["status"]) == ("message", "open")
    assert ticket["reason"]
    assert (await server.post(f"/api/v1/tickets/{ticket['id']}/done"))[0] == 200
    third = await device.ask("delete_request", {})
    assert third["ticket"] != first["ticket"]
