"""Rasa's REST contract, what strange input gets, and that nobody reaches another customer's order."""

from __future__ import annotations

import asyncio

import pytest

from tests.service import Client, button, keys

PICTURE = {"url": "https://example.org/broken.jpg", "type": "image/jpeg"}


async def test_a_reply_has_rasas_fields_and_our_keys(client: Client, sender: str) -> None:
    replies = await client.say(sender, "收到的马克杯碎了", customer_id="cust-001", message_id="m1")
    assert all({"recipient_id", "text", "custom"} <= set(reply) for reply in replies)
    assert {reply["recipient_id"] for reply in replies} == {sender}
    for reply in replies:
        for choice in reply.get("buttons", ()):
            assert set(choice) == {"title", "payload"}
            assert "/" not in choice["payload"], "what a button means stays in the house"
    pressed = await client.press(sender, replies, "2件")
    assert keys(pressed) == ["utter_ask_evidence"]
    shown = [m["text"] for m in (await client.conversation(sender))["messages"] if m["role"] == "customer"]
    assert shown == ["收到的马克杯碎了", "2件"]


async def test_the_same_message_id_gets_the_same_replies_and_happens_once(client: Client, sender: str) -> None:
    first = await client.say(sender, "你们包邮吗", message_id="m1")
    other = await client.say(sender, "谢谢", message_id="m2")
    assert await client.say(sender, "你们包邮吗", message_id="m1") == first
    assert await client.say(sender, "谢谢", message_id="m2") == other
    roles = [message["role"] for message in (await client.conversation(sender))["messages"]]
    assert roles == ["customer", *["bot"] * len(first), "customer", *["bot"] * len(other)]


async def test_the_same_id_at_the_same_time_gets_one_answer(client: Client, sender: str) -> None:
    answers = await asyncio.gather(*(client.say(sender, "你们包邮吗", message_id="m1") for _ in range(8)))
    assert answers[0]
    assert all(answer == answers[0] for answer in answers)
    assert len((await client.conversation(sender))["messages"]) == 1 + len(answers[0])


async def test_message_ids_belong_to_their_sender(client: Client, sender: str) -> None:
    assert keys(await client.say(sender, "你们包邮吗", message_id="m1")) == ["utter_ask_shipping_fee"]
    assert keys(await client.say(sender + "-2", "谢谢", message_id="m1")) == ["utter_thank"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\t ",
        "字" * 10_000,
        "长" * 19_999,
        "🙂🙂🙂",
        "[微笑][微笑]",
        "where is my parcel please",
        "こんにちは、荷物はどこですか",
        "Где моя посылка",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "{{7*7}} ${7*7} %s {0}",
        "'; DROP TABLE orders; --",
        "/restart",
        "／restart",
        '/slot{"order_no": "2026000000000108"}',
        "\x00",
        "\x00\x01\x02\x1b[31m",
        "\u202e\u200b\ufeff",
        "\ud800",
        "。。。。。。",
        "!" * 500,
        "00000000000000000000",
    ],
    ids=range(23),
)
async def test_strange_input_in_the_middle_gets_an_answer_and_loses_nothing(
    client: Client, sender: str, text: str
) -> None:
    before = await client.say(sender, "收到的马克杯碎了", customer_id="cust-001")
    assert keys(before) == ["utter_damaged_start", "utter_ask_quantity"]
    replies = await client.say(sender, text)
    assert replies
    assert all(reply["text"].strip() for reply in replies)
    assert "utter_error" not in keys(replies)
    assert (await client.conversation(sender))["owner"] == "bot"
    assert keys(await client.say(sender, "两个都碎了")) == ["utter_ask_evidence"]
    assert await client.tickets(sender) == []


async def test_ten_messages_in_one_second_are_all_answered_and_nothing_is_lost(client: Client, sender: str) -> None:
    await client.say(sender, "收到的马克杯碎了", customer_id="cust-001")
    answers = await asyncio.gather(*(client.say(sender, "你们包邮吗", message_id=f"m{n}") for n in range(10)))
    assert all("utter_ask_shipping_fee" in keys(answer) for answer in answers)
    assert keys(await client.say(sender, "两个都碎了")) == ["utter_ask_evidence"]


async def test_a_picture_where_a_text_was_asked_and_a_text_where_a_picture_was(client: Client, sender: str) -> None:
    await client.say(sender, "收到的马克杯碎了", customer_id="cust-001")
    replies = await client.say(sender, "", attachments=[PICTURE])
    assert replies
    assert (await client.conversation(sender))["owner"] == "bot"
    asked = await client.say(sender, "两个都碎了")
    assert keys(asked)[-1] in ("utter_ask_evidence", "utter_ask_solution")
    again = await client.say(sender, "今天天气不错")
    assert again
    assert (await client.conversation(sender))["owner"] == "bot"


async def test_a_picture_alone_from_somebody_new_gets_an_answer(client: Client, sender: str) -> None:
    assert await client.say(sender, "", attachments=[PICTURE])
    [message] = [m for m in (await client.conversation(sender))["messages"] if m["role"] == "customer"]
    assert message["attachments"] == [{"id": "", **PICTURE}]


async def test_another_customers_order_does_not_exist(client: Client, sender: str) -> None:
    for text in ("2026000000000108到哪了", "订单2026000000000108的茶具碎了", "我要退订单2026000000000108"):
        replies = await client.say(sender, text, customer_id="cust-001")
        said = "".join(reply["text"] for reply in replies)
        assert "SF1000000000108" not in said
        assert "功夫茶具" not in said
    assert await client.tickets(sender) == []


async def test_a_visitor_without_proof_learns_nothing_of_an_order(client: Client, sender: str) -> None:
    for text in ("我的订单到哪了", "订单2026000000000107到哪了", "2026000000000107", "1002"):
        said = "".join(reply["text"] for reply in await client.say(sender, text))
        assert "SF1000000000107" not in said
        assert "跑步鞋" not in said
    assert await client.tickets(sender) == []


async def test_a_button_of_another_conversation_is_only_text(client: Client, sender: str) -> None:
    asked = await client.say(sender, "我要退款", customer_id="cust-001")
    stolen = button(asked, "0106")
    thief = sender + "-thief"
    replies = await client.say(thief, stolen, customer_id="cust-002")
    said = "".join(reply["text"] for reply in replies)
    assert "159.00" not in said
    assert "0106" not in said
    await client.say(thief, "对的")
    assert await client.tickets(thief) == []
    assert "utter_ask_confirmed" in keys(await client.say(sender, stolen))


async def test_typed_commands_fill_no_slots(client: Client, sender: str) -> None:
    for text in ('/inform{"order_no": "2026000000000108"}', '/refund_request{"order_no":"2026000000000106"}'):
        assert keys(await client.say(sender, text, customer_id="cust-001")) == ["utter_command_text"]
    assert await client.tickets(sender) == []


async def test_another_customer_under_the_same_sender_begins_anew(client: Client, sender: str) -> None:
    asked = await client.say(sender, "我要退款", customer_id="cust-001")
    old = button(asked, "0106")
    said = "".join(reply["text"] for reply in await client.say(sender, old, customer_id="cust-002"))
    assert "159.00" not in said
    shown = await client.conversation(sender)
    assert (shown["customer_id"], len([m for m in shown["messages"] if m["role"] == "customer"])) == ("cust-002", 1)
