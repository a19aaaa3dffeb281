"""What is measured of a running system, as plain numbers: milliseconds, messages a second, MB."""

from __future__ import annotations

import asyncio
from statistics import median, quantiles
from typing import Any

from benchmarks.customers import CYCLE, Load, load, long_talk
from benchmarks.servers import Server

CROWDS = (1, 32)
WARM_UP_SECONDS = 2.0
TURNS = 200
EARLY = 10
LONG_TALKS = 5
LONG_TALK_SECONDS = 60.0  # for all long talks of a system together


def measure(server: Server, duration: float, long_talks: int = LONG_TALKS) -> dict[str, Any]:
    """Everything about one system; `duration` is the time of each load in seconds."""
    asyncio.run(load(server.url, 2, WARM_UP_SECONDS))
    found: dict[str, Any] = {"start_seconds": round(server.start_seconds, 1), "rss_mb_ready": round(server.rss_mb())}
    found["load"] = {str(crowd): _figures(asyncio.run(load(server.url, crowd, duration))) for crowd in CROWDS}
    found["turns"] = _growth(server.url, long_talks)
    found["rss_mb_after"] = round(server.rss_mb())
    return found


def _figures(found: Load) -> dict[str, Any]:
    milliseconds = sorted(1000 * latency for latency in found.seconds)
    if len(milliseconds) < 2:
        return {"messages": len(milliseconds), "errors": found.errors}
    cuts = quantiles(milliseconds, n=100)
    return {
        "messages": len(milliseconds),
        "errors": found.errors,
        "per_second": round(len(milliseconds) / found.duration, 1),
        "median_ms": round(median(milliseconds), 1),
        "p95_ms": round(cuts[94], 1),
        "p99_ms": round(cuts[98], 1),
    }


def _growth(url: str, talks: int) -> dict[str, Any]:
    """Turn 200 against turn 10: medians over the cycle of messages that ends there, of all talks."""
    curves = [asyncio.run(long_talk(url, TURNS, LONG_TALK_SECONDS / talks)) for _ in range(talks)]
    length = min(len(curve) for curve in curves) // len(CYCLE) * len(CYCLE)
    if length <= EARLY:
        return {"turns": length}
    early, late = _around(curves, EARLY), _around(curves, length)
    by_turn = {str(turn): round(_around(curves, turn), 1) for turn in range(EARLY, length + 1, EARLY)}
    return {
        "talks": talks,
        "turns": length,
        "early_ms": round(early, 1),
        "late_ms": round(late, 1),
        "ratio": round(late / early, 2),
        "median_ms_by_turn": by_turn,
    }


def _around(curves: list[list[float]], turn: int) -> float:
    return 1000 * median(latency for curve in curves for latency in curve[turn - len(CYCLE) : turn])
