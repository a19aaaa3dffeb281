"""One ticket over HTTP: what is shown, what people of each role may do with it, and what is refused."""

from __future__ import annotations

import pytest

from tests.desk import at_work
from tests.service import Client, Service

MERGED = "T000000000000"


async def complaint(client: Client, sender: str, text: str = "我要投诉你们") -> str:
    await client.say(sender, text, customer_id="cust-001")
    return str((await client.tickets(sender))[0]["id"])


async def test_a_ticket_is_shown_with_its_log_steps_and_clauses(client: Client, sender: str) -> None:
    number = await complaint(client, sender)
    status, shown = await client.get(f"/api/v1/tickets/{number}")
    assert (status, shown["id"], shown["level"], shown["stage"]) == (200, number, "1", "received")
    assert [event["kind"] for event in shown["events"]] == ["opened", "graded"]
    assert shown["level_reason"]
    assert [rule["id"] for rule in shown["citation"]["rules"]] == ["complaint_1"]
    assert shown["citation"]["version"]
    assert shown["contact"] == "138****1001"
    assert (await client.get("/api/v1/tickets/T1"))[0] == 404


async def test_an_agent_works_on_a_ticket_and_may_not_decide_over_money(
    service: Service, client: Client, sender: str
) -> None:
    number = await complaint(client, sender)
    path = f"/api/v1/tickets/{number}"
    async with at_work(service) as agent:
        status, noted = await agent.post(f"{path}/notes", {"text": "客户下午在家"})
        assert (status, noted["events"][-1]["kind"], noted["events"][-1]["actor"]) == (201, "staff_note", "小周")
        assert (await agent.post(f"{path}/fields", {"solution": "换一件新的"}))[0] == 200
        for stage in ("calmed", "clarified", "offered"):
            assert (await agent.post(f"{path}/stage", {"stage": stage}))[1]["stage"] == stage
        for verb in ("approve", "reject"):
            assert (await agent.post(f"{path}/{verb}"))[0] == 403
        assert (await agent.post(f"{path}/done"))[0] == 200
        assert (await agent.post(f"{path}/reopen", {"reason": "还是坏的"}))[1]["reopened"] == 1
        assert (await agent.post(f"{path}/notes", {"text": "x"}, headers={"X-CSRF-Token": "wrong"}))[0] == 403
    keys = [message["keys"] for message in (await client.conversation(sender))["messages"]]
    assert keys[-2:] == [["utter_ticket_done"], ["utter_ticket_reopened"]]
    assert "客户下午在家" not in str((await client.conversation(sender))["messages"])


async def test_a_complaint_is_answered_in_writing_and_what_happens_elsewhere_is_reported(
    service: Service, client: Client, sender: str
) -> None:
    number = await complaint(client, sender)
    path = f"/api/v1/tickets/{number}"
    async with at_work(service) as agent:
        status, shown = await agent.post(f"{path}/reply", {"text": "是我们打包不仔细，已经登记在案"})
        assert (status, shown["events"][-1]["kind"], shown["events"][-1]["actor"]) == (201, "written_reply", "小周")
        status, shown = await agent.post(f"{path}/milestones", {"what": "vendor_asked", "text": "灯头接触不良"})
        assert (status, shown["events"][-1]["kind"]) == (201, "vendor_asked")
        assert shown["events"][-1]["detail"] == {"text": "灯头接触不良"}
    said = (await client.conversation(sender))["messages"][-2:]
    assert [(each["role"], each["keys"]) for each in said] == [("agent", []), ("bot", ["utter_ticket_vendor_asked"])]
    assert said[0]["text"] == "是我们打包不仔细，已经登记在案"
    _, of_ticket = await client.get("/api/v1/clocks", params={"ticket": number})
    states = {clock["rule"]: clock["state"] for clock in of_ticket["items"]}
    assert (states["complaint_reply"], states["vendor_report"]) == ("kept", "running")


async def test_nobody_without_a_key_or_a_session_sees_a_ticket(client: Client, sender: str) -> None:
    number = await complaint(client, sender)
    assert (await client.get(f"/api/v1/tickets/{number}", key=None))[0] == 401
    for verb in ("reopen", "merge", "link", "notes", "reply", "milestones", "fields", "stage", "confirm"):
        assert (await client.post(f"/api/v1/tickets/{number}/{verb}", {}, key="wrong"))[0] == 401


@pytest.mark.parametrize(
    ("verb", "body", "expected"),
    [
        ("reopen", {"reason": "x"}, 409),
        ("reopen", {}, 400),
        ("merge", {"into": MERGED}, 404),
        ("merge", {}, 400),
        ("link", {"to": MERGED}, 404),
        ("link", {"to": 5}, 400),
        ("notes", {"text": ""}, 400),
        ("notes", {"text": "字" * 501}, 400),
        ("reply", {"text": " "}, 400),
        ("reply", {"text": "字" * 2001}, 413),
        ("reply", {"text": "马上退您九千元"}, 409),
        ("milestones", {"what": "paid"}, 400),
        ("milestones", {"what": "vendor_asked"}, 400),
        ("milestones", {"what": "vendor_asked", "text": 5}, 400),
        ("fields", {}, 400),
        ("fields", {"secret": "x"}, 400),
        ("fields", {"claimed": "viel"}, 400),
        ("fields", {"claimed": "NaN"}, 400),
        ("fields", {"name": "a\nb"}, 400),
        ("stage", {"stage": "closed"}, 409),
        ("stage", {}, 409),
        ("confirm", {"solved": "yes"}, 400),
        ("confirm", {"solved": True}, 409),
    ],
)
async def test_what_cannot_be_is_refused(
    client: Client, sender: str, verb: str, body: dict[str, object], expected: int
) -> None:
    number = await complaint(client, sender)
    status, answer = await client.post(f"/api/v1/tickets/{number}/{verb}", body)
    assert status == expected, answer
    assert answer["error"]["code"]


async def test_duplicates_are_merged_and_linked_ones_stay_apart(client: Client, sender: str) -> None:
    await client.say(sender, "转人工", customer_id="cust-003")
    for text in ("留言：明天下午再给我回话", "转人工", "留言：明天下午回话就行"):
        await client.say(sender, text, customer_id="cust-003")
    first, second = [ticket["id"] for ticket in await client.tickets(sender)]
    assert (await client.post(f"/api/v1/tickets/{first}/link", {"to": second}))[1]["links"] == [
        {"ticket": second, "kind": "related"}
    ]
    status, merged = await client.post(f"/api/v1/tickets/{second}/merge", {"into": first})
    assert (status, merged["status"], merged["parent_id"]) == (200, "withdrawn", first)
    told = [key for message in (await client.conversation(sender))["messages"] for key in message["keys"]]
    assert told.count("utter_ticket_merged") == 1
    assert (await client.post(f"/api/v1/tickets/{second}/merge", {"into": first}))[1]["error"][
        "code"
    ] == "ticket_merged"
