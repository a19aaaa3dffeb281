"""`python -m bot evaluate`: how well a model understands labelled messages, as figures, report and pictures.

A row is `{"text", "intent", "accept": […], "sample"}`: the likeliest intent and others whose handling would also be
right; `accept` and `sample` may be absent. What the figures mean stands in `bot.nlu.figures`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bot.errors import BadInput
from bot.nlu.figures import NO_SAMPLE, UNCLEAR, Figures, Prediction, Row, is_right, measure
from bot.nlu.pictures import draw_confusions, draw_reliability
from bot.nlu.report import report

CONFUSIONS = "confusion.png"
RELIABILITY = "reliability.png"


def read_rows(path: Path) -> list[Row]:
    """Labelled rows of a JSONL file. Raises BadInput naming the line that is wrong."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            acceptable = frozenset({raw["intent"], *raw.get("accept", [])})
            rows.append(Row(raw["text"], raw["intent"], acceptable, str(raw.get("sample") or NO_SAMPLE)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInput(f"{path.name}, line {number}: {error!r}") from error
    return rows


def evaluate(rows: Sequence[Row], understand: Callable[[str], Prediction], out: Path | None = None) -> Figures:
    """Figures of a function from text to prediction; with `out` also written there as JSON, Markdown and PNG.

    Only `report.md` shows messages; the folder is not to be committed.
    """
    predictions = [understand(row.text) for row in rows]
    figures = measure(rows, predictions)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "figures.json").write_text(json.dumps(asdict(figures), ensure_ascii=False, indent=1), encoding="utf-8")
        pictures = {"Confidence and right answers": RELIABILITY, "Wrong predictions": CONFUSIONS}
        shown = report(figures, pictures, misunderstood(rows, predictions))
        (out / "report.md").write_text(shown, encoding="utf-8")
        draw_reliability(figures.calibration, out / RELIABILITY)
        draw_confusions(figures.confusions, out / CONFUSIONS)
    return figures


def misunderstood(rows: Sequence[Row], predictions: Sequence[Prediction]) -> Mapping[tuple[str, str], Sequence[str]]:
    """The messages of each confusion (meant, predicted), those that were wrong with most confidence first."""
    wrong: dict[tuple[str, str], list[str]] = defaultdict(list)
    pairs = sorted(zip(rows, predictions, strict=True), key=lambda pair: -pair[1].confidence)
    for row, prediction in pairs:
        if row.intent != UNCLEAR and not is_right(row, prediction.intent):
            wrong[row.intent, prediction.intent or "nlu_fallback"].append(row.text)
    return wrong
