"""`python -m benchmarks.widget`: what the widget costs a shopper with a slow phone on a slow 4G line.

Starts the service with a conversation of 1,000 messages, and Chromium with network and processor slowed down as `LINE`
and `CPU_SLOWDOWN` say. Prints a table and writes benchmarks/results/widget.json. Chromium slows down HTTP, and the
opening of a WebSocket, but not what goes through it.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import tempfile
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import Request, urlopen

import typer
from playwright.async_api import async_playwright
from rich.console import Console
from rich.table import Table

from benchmarks.servers import Server, this_system
from benchmarks.widget_page import CPU_SLOWDOWN, LINE, Visitor, chromium, host_page
from bot.conversation import transcript
from bot.settings import ROOT
from bot.store.database import Database
from bot.store.models import Conversation

RESULTS = ROOT / "benchmarks" / "results" / "widget.json"
CUSTOMER = "cust-001"
MESSAGES = 1000
LINES = (
    "您好，我的台灯什么时候发货？",
    "亲，您的订单已经打包好了，今天之内就会交给快递，请放心。",
    "好的，谢谢",
    "不客气，有事随时找我。",
)
GOALS = {"gzip_kb": 60.0, "last_page_ms": 200.0}

TITLES = {
    "gzip_kb": "widget.js, gzipped (kB)",
    "launcher_ms": "navigation to first paint of the launcher (ms)",
    "host_paint_ms": "navigation to first paint of the host page (ms)",
    "usable_ms": "click to usable input: there, focus inside, online (ms)",
    "last_page_ms": "1,000 messages: new connection to last page shown, full speed (ms)",
    "last_page_slow_ms": "the same on the slow line and phone (ms)",
    "older_page_ms": "1,000 messages: one page of older ones, full speed (ms)",
    "rows_in_document": "1,000 messages: rows in the document",
    "frames_fast": "scrolling through 1,000 messages, full speed: frames",
    "frame_p95_fast_ms": "… frame time, 95th percentile (ms)",
    "frames_late_fast_percent": "… frames longer than 50 ms (%)",
    "frames_slow": "the same on the slow phone: frames",
    "frame_p95_slow_ms": "… frame time, 95th percentile (ms)",
    "frames_late_slow_percent": "… frames longer than 50 ms (%)",
}


def main(
    runs: int = typer.Option(5, help="visits; medians are told"),
    port: int = typer.Option(8480, help="a free port"),
    out: Path = typer.Option(RESULTS, help="where the result goes"),
) -> None:
    """Measure, print a table, and write JSON. Let nothing else run meanwhile."""
    load = round(os.getloadavg()[0], 2)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name, this_system(port, Path(name)) as server:
        asyncio.run(_talk_long(Path(name)))
        figures = asyncio.run(_measure(server, runs))
    result = {
        "measured_at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "load_average_before": load,
        "line": asdict(LINE),
        "cpu_slowdown": CPU_SLOWDOWN,
        "runs": runs,
        "figures": figures,
        "goals": GOALS,
    }
    _show(result)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    typer.echo(out)


async def _talk_long(directory: Path) -> None:
    """Give the customer a conversation of 1,000 messages."""
    database = Database(f"sqlite+aiosqlite:///{directory / 'shop.db'}")
    start = datetime.now(timezone.utc) - timedelta(seconds=90 * MESSAGES)
    try:
        async with database.session() as session:
            talk = Conversation(channel="web", sender=f"c-{CUSTOMER}", customer_id=CUSTOMER, created_at=start)
            session.add(talk)
            await session.flush()
            for number in range(MESSAGES):
                role = "bot" if number % 2 else "customer"
                text = f"{number + 1}. {LINES[number % len(LINES)]}"
                await transcript.append(session, talk.id, role, text, start + timedelta(seconds=90 * number))
            await session.commit()
    finally:
        await database.dispose()


async def _measure(server: Server, runs: int) -> dict[str, float]:
    token = _token(server.url)
    with host_page(server.url) as host:
        return {"gzip_kb": round(_gzipped_bytes(server.url) / 1000, 1)} | await _visit(host, token, runs)


async def _visit(host: str, token: str, runs: int) -> dict[str, float]:
    async with async_playwright() as playwright:
        browser = await chromium(playwright)
        arrivals = [await Visitor(browser, host).arrives() for _ in range(runs)]
        last_pages = [await Visitor(browser, host).comes_back(token, slow=False) for _ in range(runs)]
        slow_pages = [await Visitor(browser, host).comes_back(token, slow=True) for _ in range(runs)]
        scrolled = await Visitor(browser, host).scrolls(token, MESSAGES)
        await browser.close()
    figures: dict[str, float] = {name: round(median(arrival[name] for arrival in arrivals)) for name in arrivals[0]}
    figures |= {"last_page_ms": round(median(last_pages)), "last_page_slow_ms": round(median(slow_pages))}
    return figures | scrolled


def _gzipped_bytes(url: str) -> int:
    with urlopen(Request(url + "/widget.js", headers={"Accept-Encoding": "gzip"})) as answer:
        assert answer.headers["Content-Encoding"] == "gzip", "build the front-end first: python3 scripts/setup.py web"
        return len(answer.read())


def _token(url: str) -> str:
    body = json.dumps({"customer_id": CUSTOMER}).encode()
    with urlopen(Request(url + "/demo/identity", body, {"Content-Type": "application/json"})) as answer:
        return str(json.load(answer)["token"])


def _show(result: dict[str, Any]) -> None:
    line = result["line"]
    title = (
        f"{line['down_kbit']} kbit/s down, {line['up_kbit']} up, {line['latency_ms']} ms; CPU {CPU_SLOWDOWN}x slower"
    )
    table = Table(title=f"{result['measured_at']}: {title}")
    for column in ("", "measured", "goal"):
        table.add_column(column, justify="right" if column else "left")
    for name, value in result["figures"].items():
        table.add_row(TITLES[name], str(value), f"< {GOALS[name]:g}" if name in GOALS else "")
    Console(width=120).print(table)


if __name__ == "__main__":
    typer.run(main)
