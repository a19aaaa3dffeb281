"""Simulated customers over the REST contract, which both systems speak."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from benchmarks.servers import API_KEY

Step = str | int

_PLANS = yaml.safe_load((Path(__file__).parent / "talks.yml").read_text(encoding="utf-8"))
TALKS: list[list[Step]] = list(_PLANS["talks"].values())
CYCLE: list[Step] = _PLANS["cycle"]
ANSWER_SECONDS = 60.0


@dataclass
class Customer:
    """One sender. `seconds` are the latencies of the answered messages; an empty or refused answer is an error."""

    session: aiohttp.ClientSession
    sender: str = field(default_factory=lambda: secrets.token_hex(8))
    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    _choices: list[str] = field(default_factory=list)

    async def say(self, step: Step) -> None:
        """Send a line, or press the button of that number; the last one where there are fewer."""
        if isinstance(step, int):
            text = self._choices[min(step, len(self._choices)) - 1] if self._choices else str(step)
        else:
            text = step
        started = time.perf_counter()
        replies = await self._post({"sender": self.sender, "message": text})
        if not replies:
            self.errors += 1
            return
        self.seconds.append(time.perf_counter() - started)
        self._choices = [button["payload"] for reply in replies for button in reply.get("buttons", [])]

    async def _post(self, body: dict[str, str]) -> list[dict[str, Any]]:
        try:
            async with self.session.post("/webhooks/rest/webhook", json=body) as answer:
                return list(await answer.json()) if answer.status == 200 else []
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
            return []


@dataclass(frozen=True)
class Load:
    """What some customers at once got in a time (seconds): latencies of all answered messages, and errors."""

    duration: float
    seconds: list[float]
    errors: int


def client(url: str) -> aiohttp.ClientSession:
    """A session for any number of customers."""
    return aiohttp.ClientSession(
        url,
        headers={"Authorization": f"Bearer {API_KEY}"},
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
    )


async def load(url: str, customers: int, duration: float) -> Load:
    """Let customers talk at once for a time; each begins with another talk, and after all talks is somebody new."""
    started = time.perf_counter()
    async with client(url) as session:
        parts = await asyncio.gather(*(_talk(session, first, started + duration) for first in range(customers)))
        took = time.perf_counter() - started
    everybody = list(itertools.chain.from_iterable(parts))
    latencies = [latency for customer in everybody for latency in customer.seconds]
    return Load(took, latencies, sum(customer.errors for customer in everybody))


async def _talk(session: aiohttp.ClientSession, first: int, until: float) -> list[Customer]:
    people = []
    while time.perf_counter() < until:
        customer = Customer(session)
        people.append(customer)
        for step in _steps(first):
            if time.perf_counter() >= until:
                break
            await customer.say(step)
    return people


def _steps(first: int) -> Iterator[Step]:
    turned: Sequence[list[Step]] = TALKS[first % len(TALKS) :] + TALKS[: first % len(TALKS)]
    return itertools.chain.from_iterable(turned)


async def long_talk(url: str, turns: int, budget: float) -> list[float]:
    """The latencies (seconds) of one long conversation, turn by turn; shorter when the budget (seconds) is used up."""
    until = time.perf_counter() + budget
    async with client(url) as session:
        customer = Customer(session)
        for step in itertools.islice(itertools.cycle(CYCLE), turns):
            await customer.say(step)
            if time.perf_counter() >= until:
                break
    return customer.seconds
