"""The figures of an evaluation, counted by hand on a few rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.nlu.evaluate import Row, evaluate, measure, read_rows

PNG = b"\x89PNG"


def row(intent: str, *accept: str) -> Row:
    return Row(text=intent, intent=intent, acceptable=frozenset({intent, *accept}))


ROWS = [
    row("refund_request"),
    row("refund_request", "ask_return_policy"),
    row("bargain"),
    row("ask_price", "bargain"),
    row("ask_size"),
    row("unclear"),
    row("unclear"),
]
PREDICTED = ["refund_request", "ask_return_policy", "ask_price", "bargain", "nlu_fallback", "refund_request", None]


def test_figures_follow_their_definitions() -> None:
    figures = measure(ROWS, PREDICTED)
    assert figures.rows == 7
    assert figures.accept_accuracy == pytest.approx(3 / 5)
    assert figures.false_flow_rate == pytest.approx(1 / 7)
    assert figures.coverage == pytest.approx(5 / 7)
    assert figures.unclear_handled == pytest.approx(1 / 2)
    assert figures.intents["refund_request"].f1 == pytest.approx(2 / 3)
    assert figures.intents["bargain"].f1 == pytest.approx(2 / 3)
    assert figures.core_f1 == pytest.approx(2 / 3)
    assert set(figures.confusions) == {("bargain", "ask_price", 1), ("ask_size", "nlu_fallback", 1)}


def test_perfect_predictions_have_perfect_figures() -> None:
    clear = [r for r in ROWS if r.intent != "unclear"]
    figures = measure(clear, [r.intent for r in clear])
    assert (figures.accept_accuracy, figures.core_f1, figures.macro_f1, figures.coverage) == (1, 1, 1, 1)
    assert (figures.false_flow_rate, figures.confusions) == (0, [])


def test_report_is_written_as_json_markdown_and_picture(tmp_path: Path) -> None:
    answers = iter(PREDICTED)
    figures = evaluate(ROWS, lambda text: next(answers), tmp_path / "report")
    written = json.loads((tmp_path / "report" / "figures.json").read_text(encoding="utf-8"))
    assert written["accept_accuracy"] == figures.accept_accuracy
    assert "| refund_request | 2 |" in (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert (tmp_path / "report" / "confusion.png").read_bytes().startswith(PNG)


def test_rows_are_read_and_bad_ones_are_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "hi", "intent": "greet", "accept": ["chitchat"]}\n\n', encoding="utf-8")
    assert read_rows(path) == [Row("hi", "greet", frozenset({"greet", "chitchat"}))]
    path.write_text('{"text": "hi", "intent": "greet"}\n{"text": "hi"}\n', encoding="utf-8")
    with pytest.raises(BadInput, match="line 2"):
        read_rows(path)
