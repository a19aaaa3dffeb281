"""Why a text is understood as it is: the answer, its bounds, and that it does not hold up the rest."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from typing import Any

import pytest

from bot.settings import ROOT
from tests.service import KEY, Client

PATH = "/api/v1/explain"
BROKEN = "订单尾号0101的杯子碎了一个，要退款"


async def explain(client: Client, text: str) -> dict[str, Any]:
    status, explained = await client.get(PATH, params={"text": text})
    assert status == 200, explained
    return dict(explained)


async def test_it_tells_what_was_read_decided_and_why(client: Client) -> None:
    explained = await explain(client, BROKEN)
    assert explained["text"] == BROKEN
    assert "杯子" in explained["tokens"]
    assert "damaged" in explained["concepts"]
    assert {entity["entity"] for entity in explained["entities"]} >= {"order_tail", "product"}
    assert explained["likeliest"]["confidence"] >= explained["runner_up"]["confidence"]
    assert explained["by_words"] in ("damaged_item", None)
    assert {"concept:damaged", "concept:refund"} & {entry["feature"] for entry in explained["features"]}


async def test_words_that_overrule_the_model_are_told(client: Client) -> None:
    assert (await explain(client, "再不处理我就打12315"))["by_words"] == "complain"
    assert (await explain(client, "你们包邮吗"))["by_words"] is None


async def test_the_command_says_the_same(client: Client) -> None:
    command = [sys.executable, "-m", "bot", "explain", "--json", BROKEN]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert json.loads(said) == await explain(client, BROKEN)


@pytest.mark.parametrize(
    ("text", "problem"),
    [(None, "empty"), ("", "empty"), (" \n\x00\u200b", "empty"), ("字" * 501, "500 characters")],
)
async def test_bad_input_is_named(client: Client, text: str | None, problem: str) -> None:
    status, body = await client.get(PATH, params={} if text is None else {"text": text})
    assert (status, body["error"]["code"]) == (400, "bad_input")
    assert problem in body["error"]["message"]


@pytest.mark.parametrize("text", ["字" * 500, "🎁🎁🎁", "/restart", "///", '/inform{"order_no": "1"}', "<b>", "?!"])
async def test_any_text_within_the_bounds_is_explained(client: Client, text: str) -> None:
    assert (await explain(client, text))["intent"]["name"] not in ("restart", "inform{")


async def test_a_shoppers_token_is_not_enough(client: Client) -> None:
    _, identity = await client.post("/demo/identity", {"customer_id": "cust-001"}, key=None)
    status, _ = await client.get(PATH, params={"text": "hi"}, key=identity.get("token", KEY + "x"))
    assert status == 401


async def test_others_are_served_meanwhile(client: Client, sender: str) -> None:
    async def slowest_health() -> float:
        slowest = 0.0
        while not asking.done():
            started = time.monotonic()
            assert (await client.get("/healthz", key=None))[0] == 200
            slowest = max(slowest, time.monotonic() - started)
        return slowest

    asking = asyncio.gather(*(explain(client, "字" * 500) for _ in range(40)))
    assert await slowest_health() < 0.5
    assert len(await asking) == 40
    assert await client.say(sender, "你们包邮吗")
