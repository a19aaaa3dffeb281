"""The figures of an evaluation, counted by hand on a few rows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.nlu.evaluate import evaluate, read_rows
from bot.nlu.figures import NO_SAMPLE, Prediction, Row, measure
from bot.nlu.report import report

PNG = b"\x89PNG"


def row(intent: str, *accept: str, text: str = "", sample: str = NO_SAMPLE) -> Row:
    return Row(text or intent, intent, frozenset({intent, *accept}), sample)


def sure(*intents: str | None) -> list[Prediction]:
    return [Prediction(intent, 0.95) for intent in intents]


ROWS = [
    row("refund_request"),
    row("refund_request", "ask_return_policy"),
    row("bargain"),
    row("ask_price", "bargain"),
    row("ask_size"),
    row("unclear"),
    row("unclear"),
]
PREDICTED = sure("refund_request", "ask_return_policy", "ask_price", "bargain", "nlu_fallback", "refund_request", None)


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
    figures = measure(clear, sure(*(r.intent for r in clear)))
    assert (figures.accept_accuracy, figures.core_f1, figures.macro_f1, figures.coverage) == (1, 1, 1, 1)
    assert (figures.false_flow_rate, figures.confusions) == (0, [])


def test_each_sample_has_its_own_figures() -> None:
    rows = [row("bargain", sample="a"), row("bargain", sample="a"), row("ask_size"), row("unclear", sample="b")]
    figures = measure(rows, sure("bargain", "refund_request", "ask_size", "refund_request"))
    assert {name: sample.rows for name, sample in figures.samples.items()} == {"a": 2, "b": 1, NO_SAMPLE: 1}
    assert {name: sample.accept_accuracy for name, sample in figures.samples.items()} == {
        "a": 0.5,
        "b": 0,
        NO_SAMPLE: 1,
    }
    assert {name: sample.false_flow_rate for name, sample in figures.samples.items()} == {
        "a": 0.5,
        "b": 1,
        NO_SAMPLE: 0,
    }
    assert {sample.coverage for sample in figures.samples.values()} == {1}


def test_calibration_compares_confidence_with_what_was_right() -> None:
    rows = [row("bargain")] * 6 + [row("unclear")]
    intents = ["bargain", "bargain", "bargain", "ask_size", "bargain", "nlu_fallback", "ask_size"]
    confidences = [0.8, 0.8, 0.8, 0.8, 1.0, 0.1, 0.8]
    found = measure(rows, [Prediction(*pair) for pair in zip(intents, confidences, strict=True)]).calibration
    filled = {b.low: (b.answers, b.confidence, b.right) for b in found.bins if b.answers}
    assert filled == {0.8: (4, pytest.approx(0.8), 0.75), 0.9: (1, 1.0, 1.0)}
    assert found.answers == 5
    assert found.error == pytest.approx(4 / 5 * 0.05)


def test_a_row_or_prediction_too_many_is_no_evaluation() -> None:
    with pytest.raises(ValueError, match="zip"):
        measure(ROWS, PREDICTED[:-1])


def test_report_is_written_as_json_markdown_and_pictures(tmp_path: Path) -> None:
    answers = iter(PREDICTED)
    out = tmp_path / "report"
    figures = evaluate(ROWS, lambda text: next(answers), out)
    written = json.loads((out / "figures.json").read_text(encoding="utf-8"))
    assert written["accept_accuracy"] == figures.accept_accuracy
    assert written["calibration"]["error"] == figures.calibration.error
    shown = (out / "report.md").read_text(encoding="utf-8")
    assert "| refund_request | 2 |" in shown
    assert f"| expected calibration error | {figures.calibration.error:.3f} |" in shown
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", shown)
    assert set(pictures) == {file.name for file in out.glob("*.png")} == {"confusion.png", "reliability.png"}
    for picture in pictures:
        assert (out / picture).read_bytes().startswith(PNG)


def test_only_the_report_in_the_folder_shows_messages_and_at_most_three(tmp_path: Path) -> None:
    texts = ["first|<b>\n*one*", "second", "third", "fourth"]
    rows = [row("bargain", text=text) for text in texts] + [row("ask_size", text="understood")]
    predictions = [Prediction("ask_price", 0.9 - n / 10) for n in range(4)] + sure("ask_size")
    answers = dict(zip((r.text for r in rows), predictions, strict=True))
    figures = evaluate(rows, answers.__getitem__, tmp_path)
    shown = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "| bargain | ask_price | 4 | first\\|&lt;b&gt; \\*one\\*<br>second<br>third |" in shown
    assert "fourth" not in shown
    assert "understood" not in shown
    assert "second" not in report(figures) + (tmp_path / "figures.json").read_text(encoding="utf-8")


def test_no_rows_and_no_mistakes_are_reported_too(tmp_path: Path) -> None:
    evaluate([], lambda text: Prediction(None, 0.0), tmp_path / "none")
    evaluate([row("bargain")], lambda text: Prediction("bargain", 1.0), tmp_path / "perfect")
    for folder in ("none", "perfect"):
        assert {file.name for file in (tmp_path / folder).iterdir()} == {
            *("figures.json", "report.md", "confusion.png", "reliability.png")
        }


def test_rows_are_read_and_bad_ones_are_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "hi", "intent": "greet", "accept": ["chitchat"]}\n\n', encoding="utf-8")
    assert read_rows(path) == [row("greet", "chitchat", text="hi")]
    path.write_text('{"text": "hi\u2028", "intent": "greet", "sample": "spring"}\n', encoding="utf-8")
    assert read_rows(path) == [row("greet", text="hi\u2028", sample="spring")]
    path.write_text('{"text": "hi", "intent": "greet"}\n{"text": "hi"}\n', encoding="utf-8")
    with pytest.raises(BadInput, match="line 2"):
        read_rows(path)
