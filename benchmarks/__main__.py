"""`python -m benchmarks`: this system and, in the same run, stock Rasa with the same model. Talks to 127.0.0.1 only."""

from __future__ import annotations

import os
import platform
import signal
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from benchmarks import report
from benchmarks.measure import LONG_TALKS, measure
from benchmarks.servers import stock_rasa, this_system
from bot.settings import ROOT

SYSTEMS = {"this": (this_system, LONG_TALKS), "stock": (stock_rasa, 1)}  # stock Rasa's long talks take long
RESULTS = ROOT / "benchmarks" / "results"


def main(
    seconds: float = typer.Option(20.0, help="time of each load"),
    only: str = typer.Option("", help="measure one system: this or stock"),
    port: int = typer.Option(8470, help="first of two free ports"),
    out: Path = typer.Option(RESULTS, help="where the result goes"),
) -> None:
    """Measure, print a table, and write JSON and a picture. Let nothing else run meanwhile."""
    if only and only not in SYSTEMS:
        raise typer.BadParameter(f"one of {', '.join(SYSTEMS)}", param_hint="--only")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped as well
    result: dict[str, Any] = {
        "measured_at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "load_average_before": round(os.getloadavg()[0], 2),
        "seconds_of_each_load": seconds,
        "systems": {},
    }
    for name in [only] if only else list(SYSTEMS):
        run, long_talks = SYSTEMS[name]
        typer.echo(f"{report.TITLES[name]} …", err=True)
        with tempfile.TemporaryDirectory(prefix="benchmark-") as directory, run(port, Path(directory)) as server:
            result["systems"][name] = measure(server, seconds, long_talks)
    if not only:
        result["ratio"] = report.compare(result["systems"])
    report.show(result)
    typer.echo(report.write(result, out))


if __name__ == "__main__":
    typer.run(main)
