"""`python -m benchmarks.understanding`: classifiers and features compared on the project's own training examples.

Each row is trained anew and asked for the same messages: those of tests/nlu/heldout.jsonl, which no writer of training
examples has seen, and those of a development set of real messages where there is one. The likeliest intent counts;
caution and fallback (bot/nlu/decision.py) are left out, so that all rows are alike. `--stock EPOCHS` measures Rasa's
own pipeline as well, which takes an hour; without it the row that was measured before is kept. Writes JSON, a picture,
and the table in docs/nlu.md.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import typer
import yaml
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC

from benchmarks import understanding_report
from bot.nlu.classifier import BAYES_SMOOTHING, Classifier, as_matrix
from bot.nlu.evaluate import read_rows
from bot.nlu.features import Vectoriser, features
from bot.nlu.figures import Prediction, Row, measure
from bot.nlu.lexicon import Lexicon
from bot.nlu.reading import Reader, Reading
from bot.settings import ROOT

HELD_OUT = ROOT / "tests" / "nlu" / "heldout.jsonl"
DEVELOPMENT_SET = ROOT.parent / "shared" / "eval" / "dev.jsonl"
RESULTS = ROOT / "benchmarks" / "results" / "understanding.json"
STOCK = "Rasa: jieba, count vectors, DIET"
SEED = 7

Documents = Sequence[Sequence[str]]
Ask = Callable[[Sequence[str]], str]


def linear(penalty: float) -> Callable[[Documents, Sequence[str]], Ask]:
    """The project's classifier."""

    def fit(documents: Documents, intents: Sequence[str]) -> Ask:
        trained = Classifier.fit(documents, intents, penalty)
        return lambda document: trained(document)[0].intent

    return fit


def scikit(make: Callable[[], Any]) -> Callable[[Documents, Sequence[str]], Ask]:
    """A classifier of scikit-learn on the same weighted features."""

    def fit(documents: Documents, intents: Sequence[str]) -> Ask:
        vectoriser = Vectoriser.fit(documents)
        trained = make().fit(as_matrix(vectoriser, documents), np.asarray(intents))
        return lambda document: str(trained.predict(as_matrix(vectoriser, [document]))[0])

    return fit


def only(*kinds: str) -> Callable[[Reading], Iterable[str]]:
    """Features of some kinds alone."""
    return lambda reading: (name for name in features(reading) if name.startswith(kinds))


def one_block(reading: Reading) -> Iterable[str]:
    """All kinds of features normalised together."""
    return (f"all:{name}" for name in features(reading))


def with_politeness(reading: Reading) -> Iterable[str]:
    """The whole message, greetings and thanks included."""
    return features(replace(reading, core=(0, len(reading.text))))


OURS = linear(0.3)
VARIANTS: dict[str, tuple[Callable[[Reading], Iterable[str]], Callable[[Documents, Sequence[str]], Ask]]] = {
    "ours": (features, OURS),
    "linear SVM alone": (features, scikit(lambda: LinearSVC(C=0.3, random_state=SEED))),
    "linear SVM, calibrated": (features, scikit(lambda: CalibratedClassifierCV(LinearSVC(C=0.3), cv=3))),
    "naive Bayes alone": (features, scikit(lambda: MultinomialNB(alpha=BAYES_SMOOTHING, fit_prior=False))),
    "logistic regression": (features, scikit(lambda: LogisticRegression(C=10, max_iter=200))),
    "words only": (only("word:"), OURS),
    "characters only": (only("char"), OURS),
    "concepts only": (only("concept:"), OURS),
    "words and characters": (only("word:", "char"), OURS),
    "characters and concepts": (only("char", "concept:"), OURS),
    "one block for all features": (one_block, OURS),
    "politeness not taken off": (with_politeness, OURS),
}


def examples() -> list[tuple[str, str]]:
    """The training examples: text and intent."""
    found = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = str(block.get("examples", "")).splitlines()
            found += [(line.strip()[2:], block["intent"]) for line in lines if line.strip().startswith("- ")]
    return found


def main(stock: int = typer.Option(0, help="measure Rasa's own pipeline as well, trained for so many epochs")) -> None:
    """Measure, and write what was measured."""
    read = Reader(Lexicon.read(ROOT / "data" / "lexicon", ROOT / "shop" / "products.csv"))
    readings = [(read(text), intent) for text, intent in examples()]
    asked = {"held out": read_rows(HELD_OUT)}
    if DEVELOPMENT_SET.exists():
        asked["real"] = read_rows(DEVELOPMENT_SET)
    before = json.loads(RESULTS.read_text(encoding="utf-8"))["rows"] if RESULTS.exists() else {}
    rows = {}
    for name, (extract, fit) in VARIANTS.items():
        rows[name] = _measured(readings, asked, read, extract, fit)
        typer.echo(f"{name}: {rows[name]}", err=True)
    if stock:
        from benchmarks.stock_nlu import train_and_ask

        answers = train_and_ask([row.text for group in asked.values() for row in group], stock)
        rows[STOCK] = {
            "epochs": stock,
            "training_seconds": round(answers.cpu_seconds, 1),
            "milliseconds": round(answers.message_milliseconds, 2),
            **_accuracies(asked, answers.intents),
        }
    elif STOCK in before:
        rows[STOCK] = before[STOCK]
    result = {"examples": len(readings), "rows": rows}
    RESULTS.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    understanding_report.write(result, ROOT / "docs" / "nlu.md")


def _measured(
    readings: Sequence[tuple[Reading, str]],
    asked: dict[str, list[Row]],
    read: Reader,
    extract: Callable[[Reading], Iterable[str]],
    fit: Callable[[Documents, Sequence[str]], Ask],
) -> dict[str, float]:
    documents = [list(extract(reading)) for reading, _ in readings]
    started = time.process_time()
    ask = fit(documents, [intent for _, intent in readings])
    trained = time.process_time()
    answers: list[str | None] = [ask(list(extract(read(row.text)))) for group in asked.values() for row in group]
    told = time.process_time()
    return {
        "training_seconds": round(trained - started, 1),
        "milliseconds": round((told - trained) * 1000 / len(answers), 2),
        **_accuracies(asked, answers),
    }


def _accuracies(asked: dict[str, list[Row]], answers: Sequence[str | None]) -> dict[str, float]:
    found, start = {}, 0
    for name, rows in asked.items():
        given = [Prediction(intent, 1.0) for intent in answers[start : start + len(rows)]]
        figures = measure(rows, given)
        found |= {name: round(figures.accept_accuracy, 4), f"{name}, core F1": round(figures.core_f1, 4)}
        start += len(rows)
    return found


if __name__ == "__main__":
    typer.run(main)
