"""The table and the picture of `python -m benchmarks.understanding`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

MARKS = ("<!-- comparison -->", "<!-- end of comparison -->")
COLUMNS = {
    "held out": "held out",
    "real": "real messages",
    "real, core F1": "real, core F1",
    "training_seconds": "training, CPU s",
    "milliseconds": "ms a message",
}


def write(result: Mapping[str, Any], page: Path) -> None:
    """Put the table between the page's marks, and the picture beside its other images."""
    before, rest = page.read_text(encoding="utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    page.write_text(f"{before}{MARKS[0]}\n{_table(result)}\n{MARKS[1]}{after}", encoding="utf-8")
    _draw(result["rows"], page.parent / "images" / "understanding.png")


def _table(result: Mapping[str, Any]) -> str:
    lines = [
        f"{result['examples']} training examples; accept accuracy of the likeliest intent.\n",
        f"| | {' | '.join(COLUMNS.values())} |",
        f"|---|{'---|' * len(COLUMNS)}",
    ]
    for name, row in result["rows"].items():
        title = f"{name}, {row['epochs']} epochs" if "epochs" in row else name
        lines.append(f"| {title} | {' | '.join(str(row.get(column, '')) for column in COLUMNS)} |")
    return "\n".join(lines)


def _draw(rows: Mapping[str, Mapping[str, float]], path: Path) -> None:
    names = list(reversed(rows))
    figure = Figure(figsize=(10, 0.55 * len(names) + 1.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for offset, column, colour in ((0.2, "held out", "#9db4c0"), (-0.2, "real", "#c8553d")):
        values = [rows[name].get(column, 0.0) for name in names]
        places = [place + offset for place in range(len(names))]
        axes.barh(places, values, height=0.38, color=colour, label=COLUMNS[column])
        for place, value in zip(places, values, strict=True):
            axes.text(value + 0.004, place, f"{value:.3f}", va="center", fontsize=8)
    axes.set_yticks(range(len(names)), [re.sub(r":.*", "", name) for name in names])
    axes.set(xlim=(0.3, 1.0), xlabel="accept accuracy", title="What understands customers' messages best")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, -0.16), ncol=2, frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110)
