"""The console over HTTP: lists, details, notes, transfers; and what each role may do."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from tests.desk import DESK, Colleague, at_work
from tests.service import Client, Service

ROW = {
    "id", "sender", "channel", "customer", "owner", "agent", "reserved_for", "reserved_until", "reason", "priority",
    "position", "waiting_since", "last", "unread", "matter", "created_at", "deadline",
}  # fmt: skip
PHONE, ID_CARD, BANK_CARD = "13812345678", "110105199003078515", "6222021234567890128"


async def queued(client: Client, sender: str, **metadata: Any) -> str:
    """A conversation that waits for a person; its id."""
    await client.say(sender, "转人工", **metadata)
    return str((await client.conversation(sender))["id"])


async def taken(client: Client, colleague: Colleague, sender: str, **metadata: Any) -> str:
    """A conversation that a colleague has; its id."""
    conversation_id = await queued(client, sender, **metadata)
    status, row = await colleague.at(conversation_id, "accept")
    assert (status, row["agent"]["id"]) == (200, colleague.account["id"])
    return conversation_id


async def row_in(colleague: Colleague, view: str, conversation_id: str) -> dict[str, Any] | None:
    """A conversation's row in a view, on whatever page it stands."""
    before: dict[str, str] = {}
    while True:
        page = await colleague.view(view, **before)
        for row in page["items"]:
            if row["id"] == conversation_id:
                return row
        if page["next"] is None:
            return None
        before = {"before": page["next"]}


async def test_a_conversation_moves_through_the_views(service: Service, client: Client, sender: str) -> None:
    async with at_work(service) as colleague:
        conversation_id = await queued(client, sender, customer_id="cust-002")
        row = await row_in(colleague, "queue", conversation_id)
        assert row is not None
        assert set(row) == ROW
        assert (row["owner"], row["reason"], row["agent"]) == ("queue", "requested", None)
        assert row["customer"]["name"]
        assert row["position"] >= 1
        assert row["waiting_since"]
        assert await row_in(colleague, "mine", conversation_id) is None

        before = (await colleague.view("mine"))["counts"]
        assert (await colleague.at(conversation_id, "accept"))[0] == 200
        mine = await row_in(colleague, "mine", conversation_id)
        assert mine is not None
        assert (mine["owner"], mine["position"], mine["waiting_since"]) == ("agent", None, None)
        after = (await colleague.view("mine"))["counts"]
        assert (after["queue"], after["mine"], after["all"]) == (before["queue"] - 1, before["mine"] + 1, before["all"])

        await client.say(sender, "在吗")
        await client.say(sender, "我的杯子呢")
        mine = await row_in(colleague, "all", conversation_id)
        assert mine is not None
        assert (mine["unread"], mine["last"]["text"], mine["last"]["role"]) == (2, "我的杯子呢", "customer")
        assert mine["waiting_since"]
        status, sent = await colleague.write(conversation_id, "在的，马上看")
        assert (status, set(sent)) == (200, {"seq", "at"})
        mine = await row_in(colleague, "mine", conversation_id)
        assert mine is not None
        assert (mine["unread"], mine["waiting_since"], mine["last"]["role"]) == (0, None, "agent")

        assert (await colleague.at(conversation_id, "close"))[1]["owner"] == "closed"
        assert await row_in(colleague, "all", conversation_id) is None
        assert await row_in(colleague, "closed", conversation_id) is not None


async def test_lists_go_on_where_the_page_before_ended(service: Service, client: Client, sender: str) -> None:
    async with at_work(service) as colleague:
        await asyncio.gather(*(client.say(f"{sender}-{number}", "转人工") for number in range(55)))
        for view in ("queue", "all"):
            seen: list[str] = []
            before: dict[str, str] = {}
            while True:
                page = await colleague.view(view, **before)
                seen += [row["id"] for row in page["items"]]
                if page["next"] is None:
                    break
                assert len(page["items"]) == 50
                before = {"before": page["next"]}
            assert len(seen) == len(set(seen)) == page["counts"][view]
        for wrong in ({"view": "none"}, {"view": "queue", "before": "x"}, {"view": "all", "before": "5~5"}):
            assert (await colleague.get(DESK, params=wrong))[0] == 400
        for number in range(55):
            await client.post(f"/api/v1/handoffs/{sender}-{number}/close")


async def test_a_row_shows_no_phone_no_identity_card_and_no_bank_card(
    service: Service, client: Client, sender: str
) -> None:
    async with at_work(service) as colleague:
        conversation_id = await taken(client, colleague, sender)
        await client.say(sender, f"电话{PHONE}，身份证{ID_CARD}，卡号{BANK_CARD}，订单2026000000000101")
        row = await row_in(colleague, "mine", conversation_id)
        assert row is not None
        text = row["last"]["text"]
        assert not any(secret in text for secret in (PHONE, ID_CARD, BANK_CARD))
        assert "138****5678" in text
        assert "2026000000000101" in text
        await client.say(sender, "长" * 300)
        row = await row_in(colleague, "mine", conversation_id)
        assert row is not None
        assert len(row["last"]["text"]) == 80


async def test_the_details_hold_all_that_stands_beside_a_talk(service: Service, client: Client, sender: str) -> None:
    async with at_work(service) as colleague:
        await client.say(sender, "我要投诉你们", customer_id="cust-001")
        conversation_id = (await client.conversation(sender))["id"]
        shown = await colleague.see(conversation_id)
        assert set(shown) == ROW | {
            "summary", "profile", "orders", "tickets", "approvals", "notes", "customer_seen", "staff_seen",
            "agents_viewing", "undelivered", "delivery", "goods",
        }  # fmt: skip
        assert shown["summary"]["reason"] == "complaint"
        assert shown["profile"]["name"] == "林小夏"
        assert "****" in shown["profile"]["phone"]
        assert shown["profile"]["address"].endswith("****")
        assert [ticket["type"] for ticket in shown["tickets"]] == ["complaint"]
        assert {card["type"] for card in shown["orders"]} == {"order"}
        assert all(card["ref"] and card["amount"] and not card["payload"] for card in shown["orders"])
        assert shown["agents_viewing"] == []
        for unknown in ("0" * 32, "x"):
            assert (await colleague.get(f"{DESK}/{unknown}"))[0] == 404


async def test_messages_of_earlier_talks_stand_before_the_present_ones(
    service: Service, client: Client, sender: str
) -> None:
    async with at_work(service) as colleague:
        first = await taken(client, colleague, sender)
        await colleague.write(first, "第一次")
        await colleague.at(first, "close")
        second = await taken(client, colleague, sender)
        await colleague.write(second, "第二次")
        page = await colleague.see(second, "/messages")
        assert [m["text"] for m in page["messages"] if m["role"] == "agent"] == ["第一次", "第二次"]
        numbers = [m["seq"] for m in page["messages"]]
        assert numbers == sorted(numbers)
        last = await colleague.see(second, "/messages", after=numbers[-3])
        assert [m["seq"] for m in last["messages"]] == numbers[-2:]
        older = await colleague.see(second, "/messages", before=numbers[2], limit=1)
        assert ([m["seq"] for m in older["messages"]], older["has_more"]) == ([numbers[1]], True)
        for wrong in ("-1", "x", "1.5", "٣"):
            assert (await colleague.get(f"{DESK}/{second}/messages", params={"after": wrong}))[0] == 400


async def test_agents_act_in_their_own_conversations_supervisors_in_all(
    service: Service, client: Client, sender: str
) -> None:
    async with (
        at_work(service) as owner,
        at_work(service) as other,
        at_work(service, "supervisor", "主管") as supervisor,
    ):
        conversation_id = await taken(client, owner, sender)
        for verb, body in (("return", {}), ("close", {}), ("transfer", {"to": None}), ("invite_survey", {})):
            assert (await other.at(conversation_id, verb, body))[0] == 403, verb
        assert (await other.write(conversation_id, "我来"))[0] == 403
        assert (await other.post(f"/api/v1/handoffs/{sender}/messages", {"text": "我来"}))[0] == 403
        assert (await other.at(conversation_id, "accept"))[0] == 409
        assert (await supervisor.write(conversation_id, "我是主管"))[0] == 200
        assert (await supervisor.at(conversation_id, "return"))[0] == 200
        assert (await other.at(conversation_id, "accept"))[0] == 403, "the bot has it, and nobody asked"
        assert (await supervisor.at(conversation_id, "accept"))[0] == 200


async def test_the_servers_paths_let_somebody_act_as_themselves(service: Service, client: Client, sender: str) -> None:
    async with at_work(service, name="小吴") as colleague:
        await queued(client, sender)
        path = f"/api/v1/handoffs/{sender}"
        assert (await colleague.post(f"{path}/accept", {"agent": "admin@shop.local"}))[0] == 403
        assert (await colleague.post(f"{path}/accept"))[0] == 200
        assert (await colleague.post(f"{path}/messages", {"text": "您好"}))[0] == 200
        conversation_id = (await client.conversation(sender))["id"]
        assert (await colleague.see(conversation_id))["agent"] == {"id": colleague.account["id"], "name": "小吴"}


async def test_a_message_is_sent_once_and_needs_a_text_or_a_picture(
    service: Service, client: Client, sender: str, png: bytes
) -> None:
    async with at_work(service) as colleague, at_work(service) as other:
        conversation_id = await taken(client, colleague, sender)
        first = await colleague.write(conversation_id, "您好", client_id="one")
        assert await colleague.write(conversation_id, "您好", client_id="one") == first
        uploads = []
        for who in (colleague, other):
            form = aiohttp.FormData()
            form.add_field("file", png, filename="a.png")
            status, upload = await who.call("POST", "/api/v1/uploads", data=form)
            assert status == 201, upload
            uploads.append(upload["id"])
        status, _ = await colleague.write(conversation_id, "", attachments=uploads[:1])
        assert status == 200
        line = (await colleague.see(conversation_id, "/messages"))["messages"][-1]
        assert ([a["id"] for a in line["attachments"]], line["name"]) == (uploads[:1], colleague.account["name"])
        for wrong in (uploads[1:], ["https://evil.example/x.png"], [5], "x"):
            assert (await colleague.write(conversation_id, "看", attachments=wrong))[0] == 400, wrong
        for text in ("", " ", "字" * 4001):
            assert (await colleague.write(conversation_id, text))[0] == 400
        assert (await colleague.at(conversation_id, "messages", {"text": "没有编号"}))[0] == 400


async def test_an_upload_with_a_session_needs_its_token(service: Service, png: bytes) -> None:
    async with at_work(service) as colleague:
        form = aiohttp.FormData()
        form.add_field("file", png, filename="a.png")
        assert (await colleague.call("POST", "/api/v1/uploads", data=form, headers={"X-CSRF-Token": "x"}))[0] == 403


async def test_a_note_is_written_once_and_no_customer_ever_sees_it(
    service: Service, client: Client, sender: str
) -> None:
    secret = "客户上次退过三次"
    async with at_work(service) as colleague, at_work(service) as other:
        conversation_id = await taken(client, colleague, sender)
        status, note = await colleague.at(conversation_id, "notes", {"text": secret, "client_id": "n1"})
        assert (status, set(note)) == (201, {"id", "author", "text", "at", "client_id"})
        again = await colleague.at(conversation_id, "notes", {"text": secret, "client_id": "n1"})
        assert again == (201, note)
        assert [n["text"] for n in (await other.see(conversation_id))["notes"]] == [secret]
        for text in ("", "\x00", "字" * 2001):
            assert (await colleague.at(conversation_id, "notes", {"text": text}))[0] == 400
        seen = [await client.conversation(sender), await colleague.see(conversation_id, "/messages")]
        await colleague.at(conversation_id, "return")
        seen.append(await client.say(sender, "你好"))
        assert secret not in json.dumps(seen, ensure_ascii=False)


async def test_a_transfer_waits_for_the_colleague_who_may_take_it(
    service: Service, client: Client, sender: str
) -> None:
    async with (
        at_work(service, name="小甲") as first,
        at_work(service, name="小乙") as second,
        at_work(service) as third,
    ):
        conversation_id = await taken(client, first, sender)
        for wrong in ({"to": "x"}, {"to": True}, {"to": 0}, {"to": 2**40}):
            assert (await first.at(conversation_id, "transfer", wrong))[0] == 400
        assert (await first.at(conversation_id, "transfer", {"to": 2**30}))[0] == 404
        to = second.account["id"]
        status, row = await first.at(conversation_id, "transfer", {"to": to, "reason": "会修表"})
        assert (status, row["owner"], row["reserved_for"], row["agent"]) == (200, "queue", to, None)
        assert row["reserved_until"]
        told = (await client.conversation(sender))["messages"][-1]
        assert (told["role"], told["keys"]) == ("system", ["utter_transferring"])
        assert "会修表" not in told["text"]
        assert [n["text"] for n in (await second.see(conversation_id))["notes"]] == ["会修表"]
        status, answer = await third.at(conversation_id, "accept")
        assert (status, answer["error"]["code"]) == (409, "reserved")
        assert (await third.at(conversation_id, "decline"))[0] == 403
        status, row = await second.at(conversation_id, "accept")
        assert (status, row["agent"]["name"], row["reserved_for"]) == (200, "小乙", None)


async def test_what_a_colleague_declines_is_for_whoever_comes(service: Service, client: Client, sender: str) -> None:
    async with at_work(service) as first, at_work(service) as second, at_work(service) as third:
        conversation_id = await taken(client, first, sender)
        assert (await second.at(conversation_id, "decline"))[0] == 409
        await first.at(conversation_id, "transfer", {"to": second.account["id"]})
        status, row = await second.at(conversation_id, "decline")
        assert (status, row["owner"], row["reserved_for"]) == (200, "queue", None)
        assert (await client.conversation(sender))["messages"][-1]["keys"] == ["utter_handoff_waits"]
        assert (await third.at(conversation_id, "accept"))[0] == 200
        status, row = await third.at(conversation_id, "transfer", {"to": None})
        assert (status, row["owner"], row["reserved_for"], row["reserved_until"]) == (200, "queue", None, None)


async def test_an_offer_that_nobody_takes_falls_back_after_half_a_minute(
    service: Service, client: Client, sender: str
) -> None:
    async with at_work(service) as first, at_work(service) as second, at_work(service) as third:
        conversation_id = await taken(client, first, sender)
        await first.at(conversation_id, "transfer", {"to": second.account["id"]})
        for _ in range(40):
            row = await third.see(conversation_id)
            if row["reserved_for"] is None:
                break
            await asyncio.sleep(1)
        assert (row["owner"], row["reserved_for"]) == ("queue", None)
        keys = [key for m in (await client.conversation(sender))["messages"] for key in m["keys"]]
        assert keys[-2:] == ["utter_transferring", "utter_handoff_waits"]
        assert (await third.at(conversation_id, "accept"))[0] == 200


async def test_a_channel_that_shows_no_survey_is_not_asked(service: Service, client: Client, sender: str) -> None:
    async with at_work(service) as colleague:
        conversation_id = await taken(client, colleague, sender)
        assert (await colleague.at(conversation_id, "invite_survey"))[0] == 409


async def test_colleagues_are_shown_with_what_they_have(service: Service, client: Client, sender: str) -> None:
    async with at_work(service, name="小忙") as colleague:
        await taken(client, colleague, sender)
        status, shown = await colleague.get("/api/v1/desk/colleagues")
        own = colleague.account["id"]
        [me] = [entry for entry in shown["items"] if entry["id"] == own]
        assert me == {"id": own, "name": "小忙", "role": "agent", "online": False, "load": 1}
        assert status == 200


@pytest.mark.parametrize(("asked", "title"), [("wenhao", "问好"), ("wh", "问好"), ("问好", "问好"), ("CWL", "查物流")])
async def test_quick_replies_are_found_by_words_sound_and_first_letters(
    service: Service, asked: str, title: str
) -> None:
    async with at_work(service) as colleague:
        status, found = await colleague.get("/api/v1/desk/quick-replies", params={"q": asked})
        assert status == 200
        assert found["items"][0]["title"] == title
        assert set(found["items"][0]) == {"id", "group", "title", "text", "pinyin", "initials"}


async def test_all_quick_replies_are_given_when_nothing_is_looked_for(service: Service) -> None:
    async with at_work(service) as colleague:
        _, found = await colleague.get("/api/v1/desk/quick-replies")
        assert len(found["items"]) >= 40
        assert (await colleague.get("/api/v1/desk/quick-replies", params={"q": "zzzz"}))[1] == {"items": []}


async def test_nobody_without_a_session_or_the_key_gets_in(service: Service, client: Client) -> None:
    for path in ("", f"/{'0' * 32}", f"/{'0' * 32}/messages"):
        assert (await client.get(DESK + path, key=None))[0] == 401
        assert (await client.get(DESK + path, key="wrong"))[0] == 401
    assert (await client.post(f"{DESK}/{'0' * 32}/notes", {"text": "x"}, key=None))[0] == 401
