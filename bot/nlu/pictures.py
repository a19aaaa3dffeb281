"""The pictures of an evaluation: what was confused, and whether confidence means what it says. PNG, by matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.nlu.calibration import Calibration
from bot.nlu.figures import Confusion

DARK, BAR, LINE, FAINT = "#1b2a41", "#3b7dd8", "#c2410c", "#c9d1dc"
INCHES_PER_INTENT = 0.26
SMALLEST = 6.0


def draw_confusions(confusions: Sequence[Confusion], path: Path) -> None:
    """Wrong predictions: rows are what was meant, columns what was predicted, numbers are messages."""
    meant = sorted({confusion.meant for confusion in confusions})
    predicted = sorted({confusion.predicted for confusion in confusions})
    counts = [[0] * len(predicted) for _ in meant]
    for confusion in confusions:
        counts[meant.index(confusion.meant)][predicted.index(confusion.predicted)] = confusion.rows
    size = [max(SMALLEST, 3 + INCHES_PER_INTENT * len(names)) for names in (predicted, meant)]
    figure = _figure(size)
    axes = figure.subplots()
    axes.set(title="Messages understood wrongly", xlabel="predicted", ylabel="meant")
    if counts:
        most = max(confusion.rows for confusion in confusions)
        axes.imshow(counts, cmap="Blues", vmin=0, vmax=most)
        axes.set_xticks(range(len(predicted)), predicted, rotation=90, fontsize=8)
        axes.set_yticks(range(len(meant)), meant, fontsize=8)
        axes.set_xticks([x - 0.5 for x in range(1, len(predicted))], minor=True)
        axes.set_yticks([y - 0.5 for y in range(1, len(meant))], minor=True)
        axes.grid(which="minor", color=FAINT, linewidth=0.4)
        axes.tick_params(which="minor", length=0)
        for y, row in enumerate(counts):
            for x, count in enumerate(row):
                if count:
                    colour = "white" if count > most / 2 else DARK
                    axes.text(x, y, str(count), ha="center", va="center", fontsize=8, color=colour)
    figure.savefig(path, dpi=100)


def draw_reliability(calibration: Calibration, path: Path) -> None:
    """Share of acceptable answers by confidence, against the line where both are equal; below, the answers counted."""
    bins = [b for b in calibration.bins if b.answers]
    figure = _figure((7.5, 7.5))
    upper, lower = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": (3, 1)})
    title = f"Confidence against acceptable answers (expected calibration error {calibration.error:.3f})"
    upper.set(title=title, ylabel="share of acceptable answers", xlim=(0, 1), ylim=(0, 1.08))
    upper.bar([b.low for b in bins], [b.right for b in bins], 0.1, align="edge", color=BAR, edgecolor="white")
    upper.plot([0, 1], [0, 1], color=DARK, linestyle="--", linewidth=1.2, label="confidence = share")
    upper.plot(
        [b.confidence for b in bins], [b.right for b in bins], "o", color=LINE, label="mean confidence of the bin"
    )
    upper.legend(loc="upper left")
    for b in bins:
        middle = (b.low + b.high) / 2
        upper.text(middle, b.right / 2, f"{b.right:.0%}", ha="center", va="center", color="white", fontsize=9)
        lower.text(middle, b.answers, str(b.answers), ha="center", va="bottom", color=DARK, fontsize=9)
    lower.set(xlabel="confidence", ylabel="answers", xticks=[n / 10 for n in range(11)])
    lower.bar([b.low for b in bins], [b.answers for b in bins], 0.1, align="edge", color=FAINT, edgecolor="white")
    lower.margins(y=0.25)
    figure.savefig(path, dpi=100)


def _figure(size: Sequence[float]) -> Any:
    """An empty figure that needs no display."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=tuple(size), layout="constrained")
    FigureCanvasAgg(figure)
    return figure
