"""Customers who write to a server over Rasa's REST contract, and how long each had to wait."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import yaml

from benchmarks.servers import Server

# A visit: small talk, questions, two flows that are begun, answered and dropped.
VISIT: list[str] = yaml.safe_load((Path(__file__).parent / "visit.yml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Figures:
    """What a load brought: messages per second, milliseconds of waiting."""

    customers: int
    messages: int
    errors: int
    per_second: float
    median_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True)
class Growth:
    """Whether turns get slower in a long conversation: medians over the same messages, early and late."""

    early_ms: float
    late_ms: float
    ratio: float


async def visits(server: Server, customers: int, messages: int) -> Figures:
    """`customers` at once, `messages` in all."""
    started = time.monotonic()
    async with _session() as session:
        each = messages // customers
        lanes = [_visit(session, server, f"{server.name}-{customers}-{lane}", each) for lane in range(customers)]
        waits = [wait for lane in await asyncio.gather(*lanes) for wait in lane]
    seconds = time.monotonic() - started
    good = sorted(wait for wait in waits if wait is not None)
    return Figures(
        customers=customers,
        messages=len(waits),
        errors=len(waits) - len(good),
        per_second=round(len(good) / seconds, 1),
        median_ms=round(statistics.median(good) * 1000, 1),
        p95_ms=round(good[int(len(good) * 0.95)] * 1000, 1),
        p99_ms=round(good[int(len(good) * 0.99)] * 1000, 1),
    )


async def growth(server: Server, turns: int, conversations: int = 3) -> Growth:
    """Turn `turns` of a conversation against turn 10: the visit that ends there against the visit that begins there."""
    early: list[float] = []
    late: list[float] = []
    async with _session() as session:
        for number in range(conversations):
            waits = await _visit(session, server, f"{server.name}-long-{number}", turns + len(VISIT))
            early += [wait for wait in waits[len(VISIT) : 2 * len(VISIT)] if wait is not None]
            late += [wait for wait in waits[-len(VISIT) :] if wait is not None]
    before, after = statistics.median(early) * 1000, statistics.median(late) * 1000
    return Growth(round(before, 1), round(after, 1), round(after / before, 2))


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60), connector=aiohttp.TCPConnector(limit=64))


async def _visit(session: aiohttp.ClientSession, server: Server, sender: str, count: int) -> list[float | None]:
    return [await _say(session, server, sender, VISIT[turn % len(VISIT)]) for turn in range(count)]


async def _say(session: aiohttp.ClientSession, server: Server, sender: str, text: str) -> float | None:
    """Seconds until the answer; None where there was none, or an error."""
    body = {"sender": sender, "message": text, "metadata": {"customer_id": "cust-001"}}
    started = time.monotonic()
    try:
        async with session.post(server.url, json=body, headers={"Authorization": f"Bearer {server.key}"}) as answer:
            replies = await answer.json()
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return None
    return time.monotonic() - started if answer.status == 200 and replies else None
