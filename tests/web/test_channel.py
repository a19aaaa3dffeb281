"""What no well-behaved widget would send, and what a race may bring."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.identity import Identities
from tests.service import SECRET, Client, Service
from tests.web.conftest import Connect, token
from tests.web.device import Device, Refused

PEOPLE = "/api/v1/handoffs/c-cust-001"


async def test_the_welcome_tells_who_serves_whom_and_shows_the_latest_page(connect: Connect, server: Client) -> None:
    first = await connect("cust-001")
    [welcome] = first.of("welcome")
    assert (welcome["customer"]["name"], welcome["visitor"], welcome["messages"]) == ("林小夏", None, [])
    assert welcome["conversation"]["owner"] == "bot"
    assert 4 <= len(welcome["chips"]) <= 6
    await first.send("你好")
    assert (await server.post(f"{PEOPLE}/accept"))[0] == 200
    for number in range(40):
        assert (await server.post(f"{PEOPLE}/messages", {"text": str(number)}))[0] == 200
    [welcome] = (await connect("cust-001")).of("welcome")
    assert (len(welcome["messages"]), welcome["has_more"]) == (30, True)
    assert [message["text"] for message in welcome["messages"]][-1] == "39"
    assert welcome["conversation"]["owner"] == "agent"
    assert welcome["conversation"]["agent_name"]


async def test_a_visitor_gets_a_token_once_and_is_known_by_it(connect: Connect) -> None:
    [first] = (await connect()).of("welcome")
    assert first["visitor"]
    [again] = (await connect(visitor=first["visitor"])).of("welcome")
    assert again["conversation"]["sender"] == first["conversation"]["sender"]
    assert again["visitor"] is None
    [forged] = (await connect(visitor=first["visitor"][:-3] + "abc")).of("welcome")
    assert forged["conversation"]["sender"] != first["conversation"]["sender"]


@pytest.mark.parametrize("name", ["forged", "signed by somebody else", "a visitor's", "not a text"])
async def test_an_identity_that_the_shop_did_not_sign_is_refused(name: str, service: Service, server: Client) -> None:
    tokens: dict[str, Any] = {
        "forged": token("cust-001")[:-4] + "AAAA",
        "signed by somebody else": Identities("another secret that is long enough, too").for_customer("cust-001"),
        "a visitor's": Identities(SECRET).for_visitor(),
        "not a text": {"customer_id": "cust-001"},
    }
    device = Device(server.session)
    with pytest.raises(Refused, match="not_authenticated"):
        await device.connect(service.url, token=tokens[name])
    assert device.told == []
    await device.close()


async def test_the_same_client_id_is_one_message_also_at_the_same_time_and_from_two_devices(
    connect: Connect, server: Client
) -> None:
    phone, desk = await connect("cust-001"), await connect("cust-001")
    answers = await asyncio.gather(*(d.send("包邮吗", client_id="one") for d in (phone, desk, phone, desk)))
    assert {answer["ok"] for answer in answers} == {True}
    assert len({answer["seq"] for answer in answers}) == 1
    for device in (phone, desk):
        await device.until(lambda device=device: len(device.texts("bot")) == 1, "answered")
        assert device.texts("customer") == ["包邮吗"]
    again = await phone.send("something else", client_id="one")
    assert again["seq"] == answers[0]["seq"]
    messages = (await server.conversation("c-cust-001"))["messages"]
    assert [message["role"] for message in messages] == ["customer", "bot"]


async def test_two_devices_are_told_the_same_from_the_first_message_on(connect: Connect) -> None:
    writer, reader = await connect("cust-002"), await connect("cust-002")
    await writer.send("你好")
    for device in (writer, reader):
        await device.until(lambda device=device: bool(device.texts("bot")), "answered")
    assert reader.of("message") == writer.of("message")


async def test_nobody_is_told_what_others_say(connect: Connect) -> None:
    stranger, customer = await connect(), await connect("cust-001")
    await customer.send("我要退款")
    await customer.until(lambda: bool(customer.texts("bot")), "answered")
    assert stranger.of("message") == []
    button = next(card for message in customer.of("message") for card in message.get("cards", ()))
    await stranger.send("x", payload=button["payload"])
    await stranger.until(lambda: bool(stranger.texts("bot")), "answered")
    assert not any(message.get("cards") for message in stranger.of("message"))
    assert stranger.texts("customer") == ["x"], "the button of another conversation is nothing here"


async def test_typing_is_shown_while_the_bot_prepares_and_always_ends(connect: Connect, server: Client) -> None:
    device = await connect("cust-001")
    for text in ("包邮吗", "", "/restart"):
        device.told.clear()
        await device.send(text)
        await device.until(lambda: bool(device.texts("bot")), "answered")
        await device.until(lambda: [typing["on"] for typing in device.of("typing")][-1:] == [False], text)
        assert device.of("typing")[0]["on"], text  # a turn that was run again has said it twice


async def test_the_wish_for_a_person_waits_for_nothing_and_shows_no_typing(connect: Connect) -> None:
    device = await connect("cust-001")
    await device.send("转人工")
    await device.until(lambda: bool(device.texts("bot")), "answered")
    assert True not in [typing["on"] for typing in device.of("typing")]


async def test_no_typing_is_shown_while_a_person_has_the_conversation(connect: Connect, server: Client) -> None:
    device = await connect("cust-001")
    await device.send("转人工")
    await device.until(lambda: device.place == 1, "queued")
    assert (await server.post(f"{PEOPLE}/accept"))[0] == 200
    device.told.clear()
    await device.send("在吗")
    await asyncio.sleep(1.0)
    assert True not in [typing["on"] for typing in device.of("typing")]


async def test_places_in_the_queue_move_for_all_who_wait_and_are_told_only_when_they_change(
    connect: Connect, server: Client
) -> None:
    customers = [await connect(name) for name in ("cust-001", "cust-003", "cust-004")]
    for place, device in enumerate(customers, start=1):
        await device.send("转人工")
        await device.until(lambda device=device, place=place: device.place == place, "queued")
    first, second, third = customers
    told = [len(device.of("state")) for device in customers]
    await third.send("我的包裹一直没到")
    await asyncio.sleep(1.0)
    assert [len(device.of("state")) for device in customers] == told
    assert (await server.post(f"{PEOPLE}/accept"))[0] == 200
    await first.until(lambda: first.of("state")[-1]["owner"] == "agent", "accepted")
    await second.until(lambda: second.place == 1, "moved up")
    await third.until(lambda: third.place == 2, "moved up")


async def test_a_new_conversation_after_a_close_tells_its_state(connect: Connect, server: Client) -> None:
    device = await connect("cust-001")
    await device.send("你好")
    assert (await server.post(f"{PEOPLE}/close"))[0] == 200
    await device.until(lambda: device.of("state")[-1]["owner"] == "closed", "closed")
    await device.send("还在吗")
    await device.until(lambda: device.of("state")[-1]["owner"] == "bot", "open again")


async def test_history_comes_in_pages_and_bad_numbers_are_harmless(connect: Connect, server: Client) -> None:
    device = await connect("cust-001")
    await device.send("你好")
    await device.until(lambda: bool(device.texts("bot")), "answered")
    seqs = [message["seq"] for message in device.of("message")]
    assert [m["seq"] for m in (await device.ask("history", {"after": seqs[0]}))["messages"]] == seqs[1:]
    assert [m["seq"] for m in (await device.ask("history", {"before": seqs[1]}))["messages"]] == seqs[:1]
    for odd in (None, [], "x", {"before": "1"}, {"after": -5}, {"before": 10**30}):
        assert [m["seq"] for m in (await device.ask("history", odd))["messages"]] == seqs
    assert (await device.ask("history", {"after": 10**30}))["messages"] == []


ODD: list[Any] = [
    None,
    [],
    "text",
    {"text": "no id"},
    {"client_id": "", "text": "x"},
    {"client_id": "a\x00b", "text": "x"},
    {"client_id": "a" * 200, "text": "x"},
    {"client_id": 7, "text": "x"},
    {"client_id": "a", "text": 7},
    {"client_id": "a", "text": None},
    {"client_id": "a", "text": "x", "payload": 7},
    {"client_id": "a", "text": "x", "attachments": "nothing"},
    {"client_id": "a", "text": "x", "attachments": ["0" * 32]},
    {"client_id": "a", "text": "x", "attachments": [1]},
    {"client_id": "a", "text": "长" * 20_001},
]


@pytest.mark.parametrize("data", ODD, ids=range(len(ODD)))
async def test_what_is_no_message_is_refused_with_a_reason(data: Any, connect: Connect) -> None:
    device = await connect()
    answer = await device.ask("message", data)
    assert answer["ok"] is False
    assert answer["error"]["code"] in ("bad_input", "too_large")
    assert (await device.send("包邮吗"))["ok"] is True


async def test_the_rate_limit_answers_with_its_code_and_counts_each_shopper_alone(connect: Connect) -> None:
    loud, calm = await connect(), await connect()
    answers = [await loud.send(str(number)) for number in range(45)]
    refused = [answer["error"]["code"] for answer in answers if not answer["ok"]]
    assert refused
    assert set(refused) == {"too_many"}
    assert (await calm.send("包邮吗"))["ok"] is True
