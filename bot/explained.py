"""`python -m bot explain`: an explanation (`bot.nlu.explanation.explain`) as tables in the terminal."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text


def show_explanation(explained: dict[str, Any]) -> None:
    """Print what was read and decided, then the features that decided."""
    console = Console(highlight=False)
    likeliest, runner_up = explained["likeliest"], explained["runner_up"]
    overview = Table(show_header=False, box=box.SIMPLE)
    for name, found in (
        ("text", explained["text"]),
        ("normalised", explained["normalised"]),
        ("matter", explained["matter"]),
        ("tokens", " | ".join(explained["tokens"])),
        ("concepts", ", ".join(explained["concepts"])),
        ("entities", ", ".join(f"{entity['entity']}={entity['value']}" for entity in explained["entities"])),
        ("intent", f"{_guess(explained['intent'])}, {explained['because']}"),
        ("by words", explained["by_words"] or ""),
        ("likeliest", _guess(likeliest)),
        ("runner-up", _guess(runner_up)),
        ("familiarity", f"{explained['familiarity']:.2f}"),
    ):
        overview.add_row(name, Text(found or "-"))
    console.print(overview)
    weights = Table("feature", Column("weight", justify="right"), "speaks for", box=box.SIMPLE)
    for entry in explained["features"]:
        speaks_for = likeliest if entry["weight"] > 0 else runner_up
        weights.add_row(Text(entry["feature"]), f"{entry['weight']:+.3f}", speaks_for["name"])
    console.print(weights if explained["features"] else "no feature is known from training")


def _guess(guess: dict[str, Any]) -> str:
    return f"{guess['name']} {guess['confidence']:.2f}"
