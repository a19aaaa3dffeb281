"""The shop's word over HTTP: what an agent must not promise, what a text would come to, what became of promises."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot.http.specification import specification
from bot.store.models import MadePromise
from tests.desk import Colleague, at_work, database_of
from tests.http.test_desk import over_the_limit
from tests.service import NOON, Client, Service

SCHEMAS = specification()["components"]["schemas"]
TOO_MUCH = "尾号0101这单马上退您500元"  # 79.80 were paid
TONIGHT = "尾号0106今晚十点前给您发出"
LAMP = "2026000000000106"
SECONDS = 30.0


async def served(client: Client, colleague: Colleague, sender: str) -> str:
    """A customer with whom a colleague talks; the conversation's id."""
    await client.post("/api/v1/demo/reset")
    await client.say(sender, "转人工", customer_id="cust-001")
    conversation_id = str((await client.conversation(sender))["id"])
    assert (await colleague.at(conversation_id, "accept"))[0] == 200
    return conversation_id


async def said_by_people(client: Client, sender: str) -> list[str]:
    return [m["text"] for m in (await client.conversation(sender))["messages"] if m["role"] == "agent"]


async def check(client: Client, conversation_id: str, text: str) -> list[dict[str, Any]]:
    status, answer = await client.post("/api/v1/check", {"conversation_id": conversation_id, "text": text})
    assert status == 200, answer
    return list(answer["verdicts"])


async def promised(client: Client, sender: str, **query: str) -> list[dict[str, Any]]:
    status, answer = await client.get("/api/v1/promises", params={"sender": sender, **query})
    assert status == 200, answer
    return list(answer["items"])


async def when_settled(client: Client, sender: str) -> dict[str, Any]:
    """The sender's only promise, once the service has settled it of itself."""
    deadline = time.monotonic() + SECONDS
    while True:
        (promise,) = await promised(client, sender)
        if promise["state"] != "open":
            return promise
        assert time.monotonic() < deadline, promise
        await asyncio.sleep(0.2)


async def test_an_agent_cannot_promise_what_the_rules_forbid(service: Service, client: Client, sender: str) -> None:
    async with at_work(service) as colleague:
        conversation_id = await served(client, colleague, sender)
        status, answer = await colleague.write(conversation_id, TOO_MUCH, client_id="one")
        assert (status, answer["error"]["code"]) == (409, "promise_refused")
        detail = answer["error"]["detail"]
        assert set(detail) == {"clause", "rule_id", "wording"}
        assert detail["rule_id"] == "refund_ceiling"
        assert detail["clause"]
        assert "79.80元" in detail["wording"]
        assert await said_by_people(client, sender) == []
        assert await promised(client, sender) == []
        assert (await colleague.write(conversation_id, detail["wording"], client_id="one"))[0] == 200
        assert await said_by_people(client, sender) == [detail["wording"]], "what is true is sent under the same id"


async def test_no_role_and_no_server_may_promise_more_than_was_paid(
    service: Service, client: Client, sender: str
) -> None:
    async with (
        at_work(service) as owner,
        at_work(service, "supervisor") as supervisor,
        at_work(service, "admin") as top,
    ):
        conversation_id = await served(client, owner, sender)
        for person in (supervisor, top):
            assert (await person.write(conversation_id, TOO_MUCH))[1]["error"]["code"] == "promise_refused"
        status, answer = await client.post(f"/api/v1/handoffs/{sender}/messages", {"text": TOO_MUCH})
        assert (status, answer["error"]["code"]) == (409, "promise_refused")
        assert await said_by_people(client, sender) == []


async def test_a_refused_line_takes_no_picture_along(service: Service, client: Client, sender: str, png: bytes) -> None:
    async with at_work(service) as colleague:
        conversation_id = await served(client, colleague, sender)
        form = aiohttp.FormData()
        form.add_field("file", png, filename="cup.png", content_type="image/png")
        _, upload = await colleague.call("POST", "/api/v1/uploads", data=form)
        status, answer = await colleague.write(conversation_id, TOO_MUCH, attachments=[upload["id"]])
        assert (status, answer["error"]["code"]) == (409, "promise_refused")
        assert (await colleague.write(conversation_id, "您看这张图", attachments=[upload["id"]]))[0] == 200


@pytest.mark.parametrize("text", [TOO_MUCH, TONIGHT, "尾号0105今晚十点前给您发出", "您好，请问有什么可以帮您"])
async def test_the_check_says_before_what_sending_would_come_to(
    service: Service, client: Client, sender: str, text: str
) -> None:
    async with at_work(service) as colleague:
        conversation_id = await served(client, colleague, sender)
        verdicts = await check(colleague, conversation_id, text)
        assert all(set(verdict) == set(SCHEMAS["Verdict"]["required"]) for verdict in verdicts)
        assert await said_by_people(client, sender) == []
        assert await promised(client, sender) == []
        blocked = [verdict for verdict in verdicts if verdict["outcome"] == "block"]
        status, answer = await colleague.write(conversation_id, text)
        if not blocked:
            assert status == 200, answer
            return
        shown = {name: blocked[0][name] for name in ("clause", "rule_id", "wording")}
        assert (status, answer["error"]["detail"]) == (409, shown)


async def test_what_cannot_be_checked_is_refused(service: Service, client: Client, sender: str) -> None:
    async with at_work(service) as colleague:
        conversation_id = await served(client, colleague, sender)
        for wrong in ({}, {"conversation_id": conversation_id, "text": 5}, {"conversation_id": 5, "text": "您好"}):
            assert (await colleague.post("/api/v1/check", wrong))[0] == 400
        assert (await colleague.post("/api/v1/check", {"conversation_id": "0" * 32, "text": "您好"}))[0] == 404
        asked = {"conversation_id": conversation_id, "text": TONIGHT}
        assert (await colleague.post("/api/v1/check", asked, headers={"X-CSRF-Token": "wrong"}))[0] == 403
    assert (await client.post("/api/v1/check", asked, key=None))[0] == 401
    for query in ({}, {"state": "forgotten"}):
        assert (await client.get("/api/v1/promises", params=query))[0] == 400
    for path in ("/api/v1/promises?state=open", "/api/v1/promises/figures"):
        assert (await client.get(path, key=None))[0] == 401


async def test_a_promise_is_listed_with_its_deadline_and_kept_by_the_answer(
    service: Service, client: Client, sender: str
) -> None:
    async with at_work(service) as colleague:
        conversation_id = await served(client, colleague, sender)
        (verdict,) = await check(colleague, conversation_id, "一小时内给您答复")
        status, sent = await colleague.write(conversation_id, "一小时内给您答复")
        assert status == 200
        (promise,) = await promised(client, sender)
        assert set(promise) == set(SCHEMAS["Promise"]["required"])
        made_by = f"agent:{colleague.account['id']}"
        assert (promise["kind"], promise["state"], promise["made_by"]) == ("answer_by", "open", made_by)
        assert (promise["message"], promise["settled_at"]) == (sent["seq"], None)
        due, at = datetime.fromisoformat(promise["due_at"]), datetime.fromisoformat(promise["at"])
        assert abs(due - at - timedelta(hours=1)) < timedelta(seconds=5)
        assert due - datetime.fromisoformat(verdict["due_at"]) < timedelta(seconds=30)
        assert await promised(client, sender, state="kept") == []
        assert (await colleague.write(conversation_id, "问到了，是中通的快递"))[0] == 200
        (kept,) = await promised(client, sender, state="kept")
        assert kept["id"] == promise["id"]
        assert kept["settled_at"]
        status, figures = await client.get("/api/v1/promises/figures")
        assert status == 200
        own = [row for row in figures["items"] if row["made_by"] == made_by]
        assert own == [{"kind": "answer_by", "made_by": made_by, "open": 0, "kept": 1, "broken": 0, "withdrawn": 0}]


async def test_a_promise_whose_time_is_over_is_broken(service: Service, client: Client, sender: str) -> None:
    async with at_work(service) as colleague:
        conversation_id = await served(client, colleague, sender)
        assert (await colleague.write(conversation_id, TONIGHT))[0] == 200
        (promise,) = await promised(client, sender)
        assert (promise["kind"], promise["order_no"]) == ("ship_by", LAMP)
        assert datetime.fromisoformat(promise["due_at"]) == datetime.fromisoformat(NOON).replace(hour=22)
        await let_come(service, promise["id"])
        broken = await when_settled(client, sender)
        assert (broken["id"], broken["state"]) == (promise["id"], "broken")
        assert broken["settled_at"]


@pytest.mark.parametrize(("verb", "state"), [("approve", "kept"), ("reject", "broken")])
async def test_what_was_promised_of_a_ticket_is_kept_or_broken_with_it(
    service: Service, client: Client, sender: str, verb: str, state: str
) -> None:
    await client.post("/api/v1/demo/reset")
    ticket = await over_the_limit(client, sender)
    async with at_work(service, "admin") as top:
        await client.say(sender, "转人工", customer_id="cust-003")
        conversation_id = str((await client.conversation(sender))["id"])
        assert (await top.at(conversation_id, "accept"))[0] == 200
        status, answer = await top.write(conversation_id, "明天中午前给您退款499元")
        assert status == 200, answer
        (promise,) = [entry for entry in await promised(client, sender) if entry["made_by"] != "bot"]
        assert (promise["ticket_id"], promise["amount"], promise["state"]) == (ticket["id"], "499.00", "open")
        assert (await client.post(f"/api/v1/tickets/{ticket['id']}/{verb}", {"reason": "核对过"}))[0] == 200
        settled = [entry for entry in await promised(client, sender, state=state) if entry["id"] == promise["id"]]
        assert len(settled) == 1


async def let_come(service: Service, promise_id: int) -> None:
    """Let the time of a promise come."""
    database = database_of(service)
    async with database.session() as session:
        entry = (await session.execute(select(MadePromise).where(MadePromise.id == promise_id))).scalar_one()
        entry.due_at = entry.at
        await session.commit()
    await database.dispose()
