"""The result of a run: a table, a small JSON file, a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

TITLES = {"this": "this system", "stock": "stock Rasa"}
COLOURS = {"this": "#2a78b5", "stock": "#c8743b"}


def show(result: dict[str, Any]) -> None:
    """Print the table."""
    systems = result["systems"]
    table = Table(title=f"{result['measured_at']}, {result['machine']['cpus']} CPUs")
    table.add_column("")
    for name in systems:
        table.add_column(TITLES[name], justify="right")
    for title, *path in _rows(systems):
        table.add_row(title, *(str(_at(system, path)) for system in systems.values()))
    Console().print(table)
    if "ratio" in result:
        Console().print("this system / stock Rasa:", result["ratio"])


def _rows(systems: dict[str, Any]) -> list[tuple[str, ...]]:
    crowds = next(iter(systems.values()))["load"]
    rows: list[tuple[str, ...]] = [
        ("seconds from start to ready", "start_seconds"),
        ("MB resident, ready", "rss_mb_ready"),
        ("MB resident, afterwards", "rss_mb_after"),
    ]
    for crowd in crowds:
        who = f"{crowd} customer{'s' if crowd != '1' else ''}"
        rows.append((f"{who}: messages a second", "load", crowd, "per_second"))
        rows += [(f"{who}: {name} (ms)", "load", crowd, f"{name}_ms") for name in ("median", "p95", "p99")]
        rows.append((f"{who}: errors", "load", crowd, "errors"))
    rows += [
        ("turn 10 (ms)", "turns", "early_ms"),
        ("last turn (ms)", "turns", "late_ms"),
        ("last turn: its number", "turns", "turns"),
        ("last turn / turn 10", "turns", "ratio"),
    ]
    return rows


def _at(values: Any, path: list[str]) -> Any:
    for name in path:
        values = values.get(name, "–")
        if values == "–":
            break
    return values


def compare(systems: dict[str, Any]) -> dict[str, float]:
    """Throughput and median latency of this system as multiples of stock Rasa's."""
    ratio = {}
    for crowd, ours in systems["this"]["load"].items():
        stock = systems["stock"]["load"][crowd]
        for figure in ("per_second", "median_ms"):
            if ours.get(figure) and stock.get(figure):
                ratio[f"{figure}_{crowd}"] = round(ours[figure] / stock[figure], 2)
    return ratio


def write(result: dict[str, Any], directory: Path) -> Path:
    """Write `<date>.json` and `<date>.png`; the path of the first. A second run of a day replaces it."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{result['measured_at'][:10]}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    draw(result, path.with_suffix(".png"))
    return path


def draw(result: dict[str, Any], path: Path) -> None:
    """Latency by number of customers, and the cost of a turn by its number in the conversation."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    systems = result["systems"]
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4), layout="constrained")
    kinds = [(crowd, name) for crowd in next(iter(systems.values()))["load"] for name in ("median", "p95")]
    width = 0.8 / len(systems)
    for place, (name, system) in enumerate(systems.items()):
        heights = [system["load"][crowd].get(f"{kind}_ms", 0) for crowd, kind in kinds]
        at = [index + place * width for index in range(len(kinds))]
        bars = left.bar(at, heights, width, label=TITLES[name], color=COLOURS[name])
        left.bar_label(bars, fmt="%.0f", padding=2, fontsize=8)
        curve = system["turns"].get("median_ms_by_turn", {})
        right.plot([int(turn) for turn in curve], list(curve.values()), label=TITLES[name], color=COLOURS[name])
    left.set_xticks([index + width / 2 for index in range(len(kinds))])
    left.set_xticklabels([f"{crowd} at once\n{kind}" for crowd, kind in kinds])
    left.set(title="Answer to one message", ylabel="milliseconds", yscale="log")
    right.set(title="A long conversation", xlabel="turn", ylabel="milliseconds (median)")
    right.set_ylim(bottom=0)
    for axes in (left, right):
        axes.legend(frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
