"""`python -m benchmarks`: measure, print a table, write `benchmarks/results/<date>.json` and a plot beside it."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from rich.console import Console
from rich.table import Table

from benchmarks import load
from benchmarks.servers import ROOT, Server, our_service, stock_rasa

RESULTS = Path(__file__).parent / "results"
LOADS = ((1, 200), (32, 640))
STOCK_LOADS = ((1, 60), (32, 320))
LONG = 200
STOCK_LONG = 100


def main() -> None:
    """Measure both servers, one after the other, on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        ours, stock = Path(folder, "ours"), Path(folder, "stock")
        ours.mkdir()
        stock.mkdir()
        with our_service(ours) as server:
            measured = {"ours": asyncio.run(_measure(server, LOADS, LONG))}
        model = max((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
        with stock_rasa(stock, model) as server:
            measured["stock Rasa"] = asyncio.run(_measure(server, STOCK_LOADS, STOCK_LONG))
    result = {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **measured,
    }
    RESULTS.mkdir(exist_ok=True)
    stem = RESULTS / f"{datetime.now():%Y-%m-%d}"
    stem.with_suffix(".json").write_text(json.dumps(result, indent=1), encoding="utf-8")
    _plot(measured, stem.with_suffix(".png"))
    _print(measured)


async def _measure(server: Server, loads: tuple[tuple[int, int], ...], turns: int) -> dict[str, Any]:
    await load.visits(server, 1, len(load.VISIT))
    rest = [asdict(await load.visits(server, customers, messages)) for customers, messages in loads]
    long = asdict(await load.growth(server, turns)) | {"turns": turns}
    memory = round(server.rss_megabytes())
    return {"ready_seconds": round(server.ready_seconds, 1), "rss_megabytes": memory, "rest": rest, "long": long}


def _print(measured: Mapping[str, Any]) -> None:
    table = Table("server", "customers", "messages/s", "median ms", "p95 ms", "p99 ms", "errors")
    for name, figures in measured.items():
        for row in figures["rest"]:
            names = ("customers", "per_second", "median_ms", "p95_ms", "p99_ms", "errors")
            table.add_row(name, *(str(row[column]) for column in names))
    console = Console()
    console.print(table)
    for name, figures in measured.items():
        long = figures["long"]
        console.print(
            f"{name}: ready after {figures['ready_seconds']} s, {figures['rss_megabytes']} MB, "
            f"turn {long['turns']} against turn 10: {long['late_ms']} / {long['early_ms']} ms = {long['ratio']}"
        )


def _plot(measured: Mapping[str, Any], path: Path) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
    for offset, (name, figures) in enumerate(measured.items()):
        places = [index + 0.38 * offset for index in range(len(figures["rest"]))]
        left.bar(places, [row["per_second"] for row in figures["rest"]], 0.36, label=name)
        right.bar(places, [row["median_ms"] for row in figures["rest"]], 0.36, label=name)
    for axes, title in ((left, "messages per second"), (right, "median wait, ms")):
        axes.set_title(title)
        axes.set_xticks([0.19, 1.19], ["1 customer", "32 customers"])
        axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    main()
