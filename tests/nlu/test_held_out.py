"""Messages whose writer saw no training example: what is understood of them must not fall."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from data_lint.development_set import DEVELOPMENT_SET, lint_development_set

from bot.nlu.evaluate import evaluate, read_rows
from bot.nlu.figures import FALLBACK, Prediction
from bot.nlu.model import NluModel
from bot.settings import ROOT

HERE = Path(__file__).parent
MAY_FALL = 0.02


def test_accuracy_on_held_out_messages_does_not_fall(model: Path) -> None:
    rows = read_rows(HERE / "heldout.jsonl")
    nlu = NluModel(model)

    def understand(text: str) -> Prediction:
        intent = nlu.parse(text)["intent"]
        return Prediction(None if intent["name"] in FALLBACK else intent["name"], intent["confidence"])

    figures = evaluate(rows, understand)
    baseline = json.loads((HERE / "baseline.json").read_text(encoding="utf-8"))
    assert figures.accept_accuracy >= baseline["accept_accuracy"] - MAY_FALL
    assert figures.false_flow_rate <= baseline["false_flow_rate"] + MAY_FALL


def test_no_sentence_of_the_development_set_stands_in_the_project() -> None:
    if not (ROOT / DEVELOPMENT_SET).exists():
        pytest.skip("the development set is not beside the project")
    assert list(lint_development_set(ROOT)) == []
