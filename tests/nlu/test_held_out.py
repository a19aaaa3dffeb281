"""Messages whose writer saw no training example: what is understood of them must not fall."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from data_lint.development_set import DEVELOPMENT_SET, lint_development_set

from bot.nlu.evaluate import FALLBACK, measure, read_rows
from bot.nlu.model import NluModel
from bot.settings import ROOT

HERE = Path(__file__).parent
MAY_FALL = 0.02


def test_accuracy_on_held_out_messages_does_not_fall(model: Path) -> None:
    rows = read_rows(HERE / "heldout.jsonl")
    nlu = NluModel(model)
    guesses = [str(nlu.parse(row.text)["intent"]["name"]) for row in rows]
    figures = measure(rows, [None if guess in FALLBACK else guess for guess in guesses])
    baseline = json.loads((HERE / "baseline.json").read_text(encoding="utf-8"))
    assert figures.accept_accuracy >= baseline["accept_accuracy"] - MAY_FALL
    assert figures.false_flow_rate <= baseline["false_flow_rate"] + MAY_FALL


def test_no_sentence_of_the_development_set_stands_in_the_project() -> None:
    if not (ROOT / DEVELOPMENT_SET).exists():
        pytest.skip("the development set is not beside the project")
    assert list(lint_development_set(ROOT)) == []
