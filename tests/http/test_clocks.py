"""Clocks and penalties over HTTP: for servers and the desk, described in the reference."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.http.specification import specification
from tests.desk import at_work
from tests.service import Client, Service

FIELDS = set(specification()["components"]["schemas"]["Clock"]["required"])


def rules(listed: dict[str, Any]) -> list[str]:
    """The rules of listed clocks; not of promises, which depend on the wording of an answer."""
    return [clock["rule"] for clock in listed["items"] if clock["rule"] != "promise"]


async def test_the_clocks_of_a_complaint_are_listed_the_nearest_first(client: Client, sender: str) -> None:
    await client.say(sender, "我要投诉你们")
    talk = await client.conversation(sender)
    (ticket,) = await client.tickets(sender)
    status, of_ticket = await client.get("/api/v1/clocks", params={"ticket": ticket["id"]})
    assert status == 200
    assert rules(of_ticket) == ["complaint_reply", "complaint_1"]
    first = of_ticket["items"][0]
    assert set(first) == FIELDS
    assert (first["state"], first["paused"], first["ticket_id"]) == ("running", False, ticket["id"])
    assert datetime.fromisoformat(first["due_at"]) > datetime.fromisoformat(first["started_at"])
    status, of_talk = await client.get("/api/v1/clocks", params={"conversation": talk["id"]})
    assert status == 200
    assert rules(of_talk) == ["chat_reply", "complaint_reply", "complaint_1"]


async def test_metrics_count_clocks_by_rule(client: Client, sender: str) -> None:
    await client.say(sender, "转人工")
    status, metrics = await client.get("/metrics")
    assert status == 200
    assert b'shop_clocks_total{outcome="started",rule="chat_reply"}' in metrics


async def test_what_is_asked_wrongly_is_refused(client: Client) -> None:
    for query in (
        {},
        {"ticket": "T1", "conversation": "c"},
        {"order": "1", "ticket": "T1"},
        {"ticket": ""},
        {"ticket": "x" * 40},
    ):
        status, answer = await client.get("/api/v1/clocks", params=query)
        assert (status, "message" in answer["error"]) == (400, True), query
    assert (await client.get("/api/v1/penalties", params={"platform": "mars"}))[0] == 400
    assert (await client.get("/api/v1/clocks", params={"ticket": "T000000000000"})) == (200, {"items": []})


async def test_a_leader_lets_a_clock_stand_and_go_on(service: Service, client: Client, sender: str) -> None:
    await client.say(sender, "我要投诉你们")
    (ticket,) = await client.tickets(sender)
    _, of_ticket = await client.get("/api/v1/clocks", params={"ticket": ticket["id"]})
    path = f"/api/v1/clocks/{of_ticket['items'][-1]['id']}"
    async with at_work(service, "agent") as agent:
        assert (await agent.post(f"{path}/pause", {"reason": "等客户寄回"}))[0] == 403
    async with at_work(service, "supervisor") as boss:
        status, clock = await boss.post(f"{path}/pause", {"reason": "等客户寄回"})
        assert (status, clock["state"], set(clock)) == (200, "paused", FIELDS)
        assert (await boss.post(f"{path}/pause", {"reason": "等客户寄回"}))[0] == 409
        status, clock = await boss.post(f"{path}/resume", {})
        assert (status, clock["state"]) == (200, "running")
        assert (await boss.post(f"{path}/pause", {}))[0] == 400
    assert (await client.post("/api/v1/clocks/none/pause", {"reason": "x"}))[0] == 404


async def test_other_systems_report_what_they_know(service: Service, client: Client, sender: str) -> None:
    await client.say(sender, "你好")
    path = "/api/v1/happenings"
    assert await client.post(path, {"what": "customer_assigned", "sender": sender}) == (200, {"started": 1})
    order = {"order": "2026000000000106"}
    assert (await client.post(path, {"what": "courier_scanned", **order}))[0] == 200
    for wrong in (
        {"what": "customer_assigned"},
        {"what": "closed", **order},
        {"what": "paid", **order, "sender": sender},
        {"what": "paid", **order, "at": "yesterday"},
        {"what": "paid", **order, "at": "2026-03-04T10:00:00"},
        {"what": "paid", **order, "at": "2999-03-04T10:00:00+08:00"},
    ):
        assert (await client.post(path, wrong))[0] == 400, wrong
    assert (await client.post(path, {"what": "paid", "order": "1"}))[0] == 404
    async with at_work(service, "admin") as admin:
        assert (await admin.post(path, {"what": "paid", **order}))[0] in (401, 403)


async def test_penalties_are_told_by_platform(client: Client) -> None:
    status, told = await client.get("/api/v1/penalties", params={"platform": "wechat"})
    assert (status, told) == (200, {"totals": [], "items": []})


async def test_both_are_for_servers_and_the_desk_only(client: Client, service: Service) -> None:
    for path in ("/api/v1/clocks?ticket=T000000000000", "/api/v1/penalties"):
        assert (await client.get(path, key=None))[0] == 401
        async with at_work(service, "agent") as agent:
            assert (await agent.get(path))[0] == 200
