"""The end of a talk and the question how it was: asked of those who were served, at most twice, each answered once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service import Client
from tests.web.conftest import Connect
from tests.web.device import Device


async def served_and_ended(device: Device) -> dict[str, Any]:
    """Somebody who got an answer and ends the talk; the survey that is asked then."""
    await device.send("包邮吗")
    await device.until(lambda: bool(device.texts("bot")), "answered")
    assert await device.ask("end", {}) == {"ok": True}
    await device.until(lambda: bool(device.of("survey")), "asked")
    survey: dict[str, Any] = device.of("survey")[-1]
    return survey


async def scores(server: Client, kind: str, score: int) -> float:
    """How often a score was given, as Prometheus reads it."""
    wanted = f'shop_survey_scores_total{{kind="{kind}",score="{score}"}} '
    lines = (await server.get("/metrics"))[1].decode().splitlines()
    return next((float(line.removeprefix(wanted)) for line in lines if line.startswith(wanted)), 0.0)


async def test_the_customer_ends_the_talk_and_is_asked_about_the_bot(connect: Connect, server: Client) -> None:
    device = await connect()
    survey = await served_and_ended(device)
    assert device.of("state")[-1]["owner"] == "closed"
    assert len(device.texts("system")) == 1
    assert (survey["bot"], survey["agent"]) == (True, None)
    assert all(tag["title"] and tag["title"] != tag["id"] for tag in survey["tags"])
    assert await device.ask("end", {}) == {"ok": True}, "again is no error"
    assert len(device.texts("system")) == 1
    before = await scores(server, "bot", 4)
    rated = {"id": survey["id"], "bot": 4, "tags": [survey["tags"][0]["id"]], "text": "不错"}
    assert await device.ask("rate", rated) == {"ok": True}
    assert await device.ask("rate", {**rated, "bot": 1}) == {"ok": True}, "what was answered stays"
    await device.until(lambda: device.of("survey")[-1] is None, "nothing to ask any more")
    assert await scores(server, "bot", 4) == before + 1
    [welcome] = (await connect(visitor=device.of("welcome")[0]["visitor"])).of("welcome")
    assert welcome["survey"] is None


async def test_what_stays_in_hand_is_said_at_the_end(connect: Connect) -> None:
    device = await connect()
    left = await device.ask("leave_message", {"client_id": "m", "contact": "13800138000", "text": "请回电"})
    assert await device.ask("end", {}) == {"ok": True}
    await device.until(lambda: bool(device.texts("system")), "ended")
    assert left["ticket"] in device.texts("system")[-1]
    assert device.of("state")[-1]["promises"] == 1


async def test_after_a_person_closed_bot_and_person_are_rated_apart(connect: Connect, server: Client) -> None:
    device = await connect()
    await device.send("转人工")
    await device.until(lambda: device.place == 1, "queued")
    assert (await server.post(f"/api/v1/handoffs/{device.sender}/accept"))[0] == 200
    assert (await server.post(f"/api/v1/handoffs/{device.sender}/messages", {"text": "您好"}))[0] == 200
    assert (await server.post(f"/api/v1/handoffs/{device.sender}/close"))[0] == 200
    await device.until(lambda: bool(device.of("survey")), "asked")
    survey = device.of("survey")[-1]
    assert survey["bot"] is True
    assert survey["agent"]["name"]
    before = await scores(server, "agent", 5)
    assert await device.ask("rate", {"id": survey["id"], "bot": 3, "agent": 5}) == {"ok": True}
    assert await scores(server, "agent", 5) == before + 1


async def test_it_is_asked_once_more_and_then_no_more(connect: Connect) -> None:
    first = await served_and_ended(await connect("cust-004"))
    [again] = (await connect("cust-004")).of("welcome")
    assert again["survey"] == first
    [third] = (await connect("cust-004")).of("welcome")
    assert third["survey"] is None


async def test_who_skips_is_not_asked_again(connect: Connect) -> None:
    device = await connect()
    survey = await served_and_ended(device)
    assert await device.ask("skip_survey", {"id": survey["id"]}) == {"ok": True}
    assert (await device.ask("rate", {"id": survey["id"], "bot": 5}))["error"]["code"] == "skipped"
    [welcome] = (await connect(visitor=device.of("welcome")[0]["visitor"])).of("welcome")
    assert welcome["survey"] is None


async def test_nobody_rates_for_another(connect: Connect) -> None:
    device, stranger = await connect(), await connect()
    survey = await served_and_ended(device)
    for event in ("rate", "skip_survey"):
        answer = await stranger.ask(event, {"id": survey["id"], "bot": 1})
        assert answer["error"]["code"] == "not_found"
    assert stranger.of("survey") == []
    assert await device.ask("rate", {"id": survey["id"], "bot": 5}) == {"ok": True}


ODD: list[Any] = [
    None,
    {},
    {"bot": 0},
    {"bot": 6},
    {"bot": True},
    {"bot": "5"},
    {"bot": 4.5},
    {"agent": 5},
    {"bot": 5, "tags": "fast"},
    {"bot": 5, "tags": ["no such tag"]},
    {"bot": 5, "tags": [1]},
    {"bot": 5, "text": 7},
    {"bot": 5, "text": "长" * 501},
]


async def test_impossible_ratings_are_refused_and_change_nothing(connect: Connect) -> None:
    device = await connect()
    survey = await served_and_ended(device)
    for data in ODD:
        answer = await device.ask("rate", data if data is None else {"id": survey["id"], **data})
        assert answer["error"]["code"] == "bad_input", data
    for number in (None, 7, "x", "0" * 32, survey["id"] + "0"):
        assert (await device.ask("rate", {"id": number, "bot": 5}))["error"]["code"] == "not_found"
    assert await device.ask("rate", {"id": survey["id"], "bot": 5}) == {"ok": True}


@pytest.mark.parametrize("event", ["nothing_that_we_know", "connected", "rooms"])
async def test_an_event_that_there_is_not_is_answered_with_an_error(connect: Connect, event: str) -> None:
    answer = await (await connect()).ask(event, {})
    assert (answer["ok"], answer["error"]["code"]) == (False, "bad_input")
