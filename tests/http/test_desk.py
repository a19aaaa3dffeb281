"""Conversations, handoffs, tickets and approvals over HTTP: their life, and what is refused."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from yarl import URL

from tests.service import Client, keys

CONVERSATION = {"id", "channel", "sender", "customer_id", "owner", "handoff", "messages"}
TICKET = {
    "id", "type", "status", "level", "order_no", "items", "amount", "freight_payer", "reason", "evidence_count",
    "rule_ids", "created_at", "due_at", "conversation_id", "level_reason", "priority", "stage", "missing_fields",
    "reopened", "parent_id", "payment", "result_confirmed_at",
}  # fmt: skip


async def test_a_conversation_goes_to_a_person_and_comes_back(client: Client, sender: str) -> None:
    await client.say(sender, "转人工", customer_id="cust-002")
    shown = await client.conversation(sender)
    assert set(shown) >= CONVERSATION
    assert (shown["owner"], shown["channel"], shown["customer_id"]) == ("queue", "rest", "cust-002")
    assert set(shown["handoff"]) == {"reason", "priority", "position", "summary"}
    assert shown["handoff"]["position"] >= 1
    status, taken = await client.post(f"/api/v1/handoffs/{sender}/accept")
    assert (status, taken["owner"]) == (200, "agent")
    assert await client.say(sender, "在吗") == []
    for _ in range(2):
        status, shown = await client.post(
            f"/api/v1/handoffs/{sender}/messages", {"text": "您好\x00", "client_id": "c1"}
        )
        assert status == 200
    assert [m["text"] for m in shown["messages"] if m["role"] == "agent"] == ["您好"]
    assert [m["seq"] for m in shown["messages"]] == sorted(m["seq"] for m in shown["messages"])
    assert {m["role"] for m in shown["messages"]} == {"customer", "bot", "agent", "system"}
    status, returned = await client.post(f"/api/v1/handoffs/{sender}/return", {})
    assert (status, returned["owner"], returned["handoff"]) == (200, "bot", None)
    assert keys(await client.say(sender, "你们包邮吗")) == ["utter_ask_shipping_fee"]
    status, closed = await client.post(f"/api/v1/handoffs/{sender}/close", {"reason": "解决了"})
    assert (status, closed["owner"]) == (200, "closed")
    assert await client.say(sender, "你们包邮吗")
    assert (await client.conversation(sender))["id"] != closed["id"]


async def test_wrong_states_are_409(client: Client, sender: str) -> None:
    await client.say(sender, "你好")
    path = f"/api/v1/handoffs/{sender}"
    assert (await client.post(f"{path}/return"))[0] == 409
    assert (await client.post(f"{path}/messages", {"text": "您好"}))[0] == 409
    assert (await client.post(f"{path}/accept", {"agent": "nobody@shop.local"}))[0] == 404
    assert (await client.post(f"{path}/accept", {"agent": "admin@shop.local"}))[0] == 200
    assert (await client.post(f"{path}/accept"))[0] == 409
    assert (await client.post(f"{path}/close"))[0] == 200
    for verb in ("accept", "return", "close"):
        assert (await client.post(f"{path}/{verb}"))[0] == 409
    assert (await client.post(f"{path}/messages", {"text": "您好"}))[0] == 409


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": "\x00"}, {"text": 5}, {"text": "您好", "client_id": 5}, {"text": "字" * 5000}]
)
async def test_a_persons_message_needs_a_text(client: Client, sender: str, body: dict[str, object]) -> None:
    await client.say(sender, "你好")
    await client.post(f"/api/v1/handoffs/{sender}/accept")
    assert (await client.post(f"/api/v1/handoffs/{sender}/messages", body))[0] == 400


@pytest.mark.parametrize("name", ["小明 的微信", "a@b.c", "100%", "a%2Fb", "o'Neil\"", "a+b&c=d", "%E4%BD%A0", "a?b#c"])
async def test_a_sender_may_be_called_anything_printable(client: Client, sender: str, name: str) -> None:
    whole = f"{sender}{name}"
    await client.say(whole, "你好")
    headers = {"Authorization": "Bearer test-service-key"}
    async with client.session.get(
        URL(f"{client.url}/api/v1/conversations/{quote(whole, safe='')}", encoded=True), headers=headers
    ) as answer:
        assert (answer.status, (await answer.json())["sender"]) == (200, whole)
    url = URL(f"{client.url}/api/v1/handoffs/{quote(whole, safe='')}/accept", encoded=True)
    async with client.session.post(url, json={}, headers=headers) as answer:
        assert answer.status == 200
    assert await client.tickets(whole) == []


async def over_the_limit(client: Client, sender: str) -> dict[str, object]:
    """A cancelled order of 499.00, which a person has to approve."""
    replies = await client.say(sender, "订单2026000000000112我不想要了，退款", customer_id="cust-003")
    for _ in range(3):
        if await client.tickets(sender):
            break
        replies = await client.say(sender, "对的")
    [ticket] = await client.tickets(sender)
    assert set(ticket) == TICKET, replies
    return ticket


async def test_tickets_and_approvals_live_and_the_customer_hears_of_it(client: Client, sender: str) -> None:
    await client.post("/api/v1/demo/reset")
    ticket = await over_the_limit(client, sender)
    assert (ticket["type"], ticket["status"], ticket["amount"], ticket["freight_payer"]) == (
        "cancel",
        "open",
        "499.00",
        "none",
    )
    status, listed = await client.get("/api/v1/approvals")
    [approval] = [entry for entry in listed["items"] if entry["ticket_id"] == ticket["id"]]
    assert (status, approval["amount"]) == (200, "499.00")
    decide = f"/api/v1/approvals/{approval['id']}/decide"
    for wrong in ({}, {"decision": "maybe"}, {"decision": 5}, {"decision": "approve", "amount": "500.00"}):
        assert (await client.post(decide, wrong))[0] == 400
    assert (await client.post(f"/api/v1/tickets/{ticket['id']}/done"))[0] == 409
    assert (await client.post(decide, {"decision": "approve"}))[0] == 200
    assert (await client.post(decide, {"decision": "approve"}))[0] == 409
    told = (await client.conversation(sender))["messages"][-1]
    assert (told["role"], told["keys"]) == ("bot", ["utter_ticket_approved_cancel"])
    assert "499.00" in told["text"]
    status, done = await client.post(f"/api/v1/tickets/{ticket['id']}/done", {})
    assert (status, done["status"], set(done)) == (200, "done", TICKET)
    for verb in ("approve", "reject", "done"):
        assert (await client.post(f"/api/v1/tickets/{ticket['id']}/{verb}"))[0] == 409


async def test_a_rejection_needs_no_reason_and_frees_the_pieces(client: Client, sender: str) -> None:
    await client.post("/api/v1/demo/reset")
    ticket = await over_the_limit(client, sender)
    status, rejected = await client.post(f"/api/v1/tickets/{ticket['id']}/reject", {})
    assert (status, rejected["status"]) == (200, "rejected")
    assert (await client.get("/api/v1/approvals"))[1] == {"items": []}
    assert (await over_the_limit(client, sender + "-2"))["id"] != ticket["id"]


async def test_tickets_are_shown_oldest_first_and_only_the_senders(client: Client, sender: str) -> None:
    await client.say(sender, "我要投诉你们")
    assert [ticket["type"] for ticket in await client.tickets(sender)] == ["complaint"]
    await client.say(sender, "留言：明天下午再给我回话")
    assert [ticket["type"] for ticket in await client.tickets(sender)] == ["complaint", "message"]
    created = [ticket["created_at"] for ticket in await client.tickets(sender)]
    assert created == sorted(created)
    assert await client.tickets(sender + "-2") == []
