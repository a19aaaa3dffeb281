"""Replays the dialogues beside this file: what a customer writes, the keys that answer, the state at the end.

A file is one dialogue, its name a sentence. Steps: `user: text`, `press: {slot: value}` (a button of the last replies,
or its payload), `show: {product: MUG}` or `{order_no: "…"}` (a card), `picture: true` (with or without a text),
`away_minutes: 45` (a break before that step), `person: done` (somebody at the desk decides the newest ticket so, and
the customer reads the news); `bot:` are the keys of the replies in order, `bot_has:` keys that must be
among them, `says:` figures that must stand in the text, `says_not:` words that must not. `at: night` lets it happen
outside hours. At the end: `tickets`, `owner` (bot unless named), `handoff` and `summary` fields, `approvals`: amounts
that a person approves.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.conversation import transcript
from bot.model import Attachment
from bot.store.models import Conversation
from tests.conftest import NIGHT, NOON, Customer, Shop

DIALOGUES = sorted(Path(__file__).parent.glob("*/*.yml"))
PICTURE = Attachment("", "image/jpeg", "https://example.org/broken.jpg")


@pytest.mark.parametrize("path", DIALOGUES, ids=lambda p: f"{p.parent.name}/{p.stem}")
async def test_dialogue(path: Path, open_shop: Callable[[datetime], Shop]) -> None:
    dialogue = yaml.safe_load(path.read_text(encoding="utf-8"))
    shop = open_shop(NIGHT if dialogue.get("at") == "night" else NOON)
    customer = shop.customer(dialogue.get("customer"))
    try:
        for number, step in enumerate(dialogue["steps"], start=1):
            await _step(customer, step, f"step {number} of {path.stem}")
        await _compare(customer, dialogue)
    finally:
        await shop.worker.drain()
        await shop.services.database.dispose()


async def _step(customer: Customer, step: dict[str, Any], where: str) -> None:
    if "away_minutes" in step:
        await customer.go_away(step["away_minutes"])
    if "press" in step:
        keys = await customer.press(step["press"])
    elif "show" in step:
        keys = await customer.show(step["show"])
    elif "person" in step:
        keys = await _decided(customer, step["person"])
    else:
        keys = await customer.say(step.get("user", ""), (PICTURE,) if step.get("picture") else ())
    said = "\n".join(message.text for message in customer.seen)
    if "bot" in step:
        assert keys == step["bot"], f"{where}\n{customer.transcript}"
    missing = [key for key in step.get("bot_has", ()) if key not in keys]
    assert not missing, f"{where}: no {missing}\n{customer.transcript}"
    wrong = [part for part in step.get("says", ()) if str(part) not in said]
    assert not wrong, f"{where}: {wrong} not in the last replies\n{customer.transcript}"
    wrong = [part for part in step.get("says_not", ()) if str(part) in said]
    assert not wrong, f"{where}: {wrong} in the last replies\n{customer.transcript}"


async def _decided(customer: Customer, status: str) -> list[str]:
    """A person decides the newest ticket; the keys of what the customer reads then."""
    number = (await customer.tickets())[-1]["id"]
    talk = (await customer.conversation())["id"]
    async with customer.shop.services.database.session() as session:
        before = await transcript.latest(session, talk, of_customer=False)
    await customer.shop.desk.decide_ticket(number, status, "service", "")
    async with customer.shop.services.database.session() as session:
        told, _ = await transcript.page(session, Conversation.id == talk, after=before.seq if before else 0)
    customer.seen = told
    return customer.keys


async def _compare(customer: Customer, dialogue: dict[str, Any]) -> None:
    conversation = await customer.conversation()
    assert conversation["owner"] == dialogue.get("owner", "bot"), customer.transcript
    found = await customer.tickets()
    expected = dialogue.get("tickets", [])
    assert len(found) == len(expected), f"{found}\n{customer.transcript}"
    for ticket, wanted in zip(found, expected, strict=True):
        assert {name: ticket[name] for name in wanted} == wanted, customer.transcript
    approvals = await customer.shop.desk.approvals()
    assert [approval["amount"] for approval in approvals] == dialogue.get("approvals", [])
    for name, value in dialogue.get("handoff", {}).items():
        assert (conversation["handoff"] or {}).get(name) == value
    summary = (conversation["handoff"] or {}).get("summary", {})
    for name, value in dialogue.get("summary", {}).items():
        assert summary.get(name) == value
