"""The process is killed while people write: nothing acknowledged is lost, answered twice or ticketed twice."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.service import Client, Service

LONG = bool(os.environ.get("TEST_LONG"))
KILL_AFTER = (30, 110) if not LONG else tuple(range(15, 190, 15))
QUESTIONS = [
    "你好",
    "你们包邮吗",
    "什么时候发货",
    "T恤多少钱",
    "发什么快递",
    "能开发票吗",
    "有优惠券吗",
    "几点下班",
    "谢谢",
    "再见",
]
CLAIMS = {
    "cust-001": ["收到的马克杯碎了", "两个都碎了", "没有照片", "补发", "对的"],
    "cust-004": ["洗衣液洒了，包装破了", "没有照片", "补发", "对的", "你们包邮吗"],
}
COMPLAINT = ["你好", "你们包邮吗", "我要投诉你们", "人呢", "还要多久"]


@dataclass
class Talker:
    """Somebody who sends every message with an id until it is answered."""

    sender: str
    customer_id: str | None
    texts: list[str]
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    tries: int = 0

    async def talk(self, client: Client, answered: asyncio.Queue[str]) -> None:
        for number in range(len(self.texts)):
            self.answers[self.id_of(number)] = await self.send(client, number)
            answered.put_nowait(self.sender)

    async def send(self, client: Client, number: int) -> list[dict[str, Any]]:
        metadata = {"message_id": self.id_of(number)} | ({"customer_id": self.customer_id} if self.customer_id else {})
        body = {"sender": self.sender, "message": self.texts[number], "metadata": metadata}
        for _ in range(600):
            self.tries += 1
            try:
                status, replies = await client.post("/webhooks/rest/webhook", body)
            except (aiohttp.ClientError, asyncio.TimeoutError, ConnectionError):
                await asyncio.sleep(0.2)
                continue
            if status == 200:
                return replies
            assert status == 503, replies
        raise AssertionError(f"{self.sender} was never answered")

    def id_of(self, number: int) -> str:
        return f"{self.sender}-{number}"


def talkers() -> list[Talker]:
    claiming = [Talker(f"claim-{c}", c, [*texts, *QUESTIONS[1:6]]) for c, texts in CLAIMS.items()]
    complaining = [Talker(f"complaint-{n}", None, [*COMPLAINT, *QUESTIONS[:5]]) for n in range(3)]
    asking = [Talker(f"question-{n}", None, QUESTIONS) for n in range(15)]
    return [*claiming, *complaining, *asking]


@pytest.fixture
async def service(model: Path, tmp_path: Path) -> AsyncIterator[Service]:
    made = Service(tmp_path / "var")
    made.start()
    await made.ready()
    yield made
    made.stop()


@pytest.fixture
async def client(service: Service) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        yield Client(service.url, session)


async def test_two_hundred_messages_survive_kills(service: Service, client: Client) -> None:
    people, answered = talkers(), asyncio.Queue[str]()
    talking = [asyncio.ensure_future(person.talk(client, answered)) for person in people]
    for number in range(1, sum(len(person.texts) for person in people) + 1):
        await asyncio.wait_for(answered.get(), 300)
        if number in KILL_AFTER:
            service.kill()
            service.start()
            await service.ready()
    await asyncio.gather(*talking)
    assert sum(len(person.answers) for person in people) == 200
    assert sum(person.tries for person in people) > 200, "no kill met a message on its way"
    for person in people:
        await all_is_answered_once(client, person)
        types = [ticket["type"] for ticket in await client.tickets(person.sender)]
        assert types == {"claim": ["reship"], "complaint": ["complaint"], "question": []}[person.sender.split("-")[0]]


async def all_is_answered_once(client: Client, person: Talker) -> None:
    """The transcript has each message once and in order, and after it the replies that its sender got, now and then."""
    again = {person.id_of(number): await person.send(client, number) for number in range(len(person.texts))}
    assert again == person.answers
    expected: list[tuple[str, str]] = []
    for number, text in enumerate(person.texts):
        expected.append(("customer", text))
        expected += [("bot", reply["text"]) for reply in person.answers[person.id_of(number)]]
    shown = (await client.conversation(person.sender))["messages"]
    assert [(message["role"], message["text"]) for message in shown] == expected


async def test_sigterm_lets_running_turns_end_and_leaves_nothing_half_done(service: Service, client: Client) -> None:
    people = [Talker(f"late-{number}", None, ["你们包邮吗"]) for number in range(20)]
    sending = [asyncio.ensure_future(person.send(client, 0)) for person in people]
    await asyncio.sleep(0.15)
    code = await asyncio.get_running_loop().run_in_executor(None, service.terminate)
    assert code == 0, service.tail()
    assert "Traceback" not in service.tail()
    service.start()
    await service.ready()
    for person, sent in zip(people, sending, strict=True):
        person.answers[person.id_of(0)] = await sent
        assert person.answers[person.id_of(0)]
        await all_is_answered_once(client, person)
