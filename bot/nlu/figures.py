"""The figures of an evaluation.

A fallback is never right; rows of intent `unclear` have no right intent, and only the last three figures count them.

accept accuracy   share of clear rows whose prediction is acceptable
core F1           mean F1 of the core intents; an acceptable prediction counts as a hit of the predicted intent
macro F1          the same over all intents
false-flow rate   share of all rows for which a flow that opens a case is predicted although none is acceptable
coverage          share of all rows not answered by fallback
unclear handled   share of `unclear` rows for which no case flow is predicted
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.nlu.calibration import Calibration, calibration

CORE = ("refund_request", "missing_item", "wrong_item", "damaged_item", "bargain", "request_human")
CASES = frozenset(
    {"refund_request", "exchange_request", "cancel_order", "missing_item", "wrong_item", "damaged_item"}
    | {"quality_issue", "not_received", "price_protection", "complain"}
)
UNCLEAR = "unclear"
FALLBACK = frozenset({"nlu_fallback", "out_of_scope_fallback", UNCLEAR, None})
NO_SAMPLE = "unnamed"


@dataclass(frozen=True)
class Row:
    """A labelled message; `acceptable` holds the likeliest intent, too; `sample` names where it comes from."""

    text: str
    intent: str
    acceptable: frozenset[str]
    sample: str = NO_SAMPLE


class Prediction(NamedTuple):
    """What a model makes of a message; an intent of None stands for fallback."""

    intent: str | None
    confidence: float


class Confusion(NamedTuple):
    """How many rows of an intent were wrongly predicted to be another."""

    meant: str
    predicted: str
    rows: int


@dataclass(frozen=True)
class IntentFigures:
    """One intent: rows labelled with it, share of those answered acceptably, precision, recall and F1."""

    rows: int
    accuracy: float
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class SampleFigures:
    """One sample: its rows and its own figures."""

    rows: int
    accept_accuracy: float
    false_flow_rate: float
    coverage: float


@dataclass(frozen=True)
class Figures:
    """All figures of an evaluation; shares between 0 and 1. Confusions stand with the most frequent first."""

    rows: int
    accept_accuracy: float
    core_f1: float
    macro_f1: float
    false_flow_rate: float
    coverage: float
    unclear_handled: float
    calibration: Calibration
    samples: Mapping[str, SampleFigures]
    intents: Mapping[str, IntentFigures]
    confusions: Sequence[Confusion]


Pairs = Sequence[tuple[Row, str | None]]


def measure(rows: Sequence[Row], predictions: Sequence[Prediction]) -> Figures:
    """Figures of predictions, one for each row in order."""
    pairs = [(row, prediction.intent) for row, prediction in zip(rows, predictions, strict=True)]
    clear = [(row, guess) for row, guess in pairs if row.intent != UNCLEAR]
    intents = {name: _of_intent(name, pairs) for name in sorted({row.intent for row, _ in clear})}
    core = [intents[name].f1 for name in CORE if name in intents]
    wrong = Counter((row.intent, guess or "nlu_fallback") for row, guess in clear if not is_right(row, guess))
    whole = _of_sample(pairs)
    return Figures(
        rows=len(pairs),
        accept_accuracy=whole.accept_accuracy,
        core_f1=sum(core) / max(1, len(core)),
        macro_f1=sum(figures.f1 for figures in intents.values()) / max(1, len(intents)),
        false_flow_rate=whole.false_flow_rate,
        coverage=whole.coverage,
        unclear_handled=_share(guess not in CASES for row, guess in pairs if row.intent == UNCLEAR),
        calibration=calibration(
            (prediction.confidence, is_right(row, prediction.intent))
            for row, prediction in zip(rows, predictions, strict=True)
            if row.intent != UNCLEAR and prediction.intent not in FALLBACK
        ),
        samples={
            name: _of_sample([pair for pair in pairs if pair[0].sample == name])
            for name in sorted({row.sample for row in rows})
        },
        intents=intents,
        confusions=[Confusion(meant, guess, count) for (meant, guess), count in wrong.most_common()],
    )


def is_right(row: Row, guess: str | None) -> bool:
    """Whether a prediction is acceptable."""
    return guess not in FALLBACK and guess in row.acceptable


def _of_sample(pairs: Pairs) -> SampleFigures:
    return SampleFigures(
        rows=len(pairs),
        accept_accuracy=_share(is_right(row, guess) for row, guess in pairs if row.intent != UNCLEAR),
        false_flow_rate=_share(guess in CASES and not row.acceptable & CASES for row, guess in pairs),
        coverage=_share(guess not in FALLBACK for _, guess in pairs),
    )


def _of_intent(name: str, pairs: Pairs) -> IntentFigures:
    labelled = [(row, guess) for row, guess in pairs if row.intent == name]
    true = sum(guess == name and name in row.acceptable for row, guess in pairs)
    false = sum(guess == name and name not in row.acceptable for row, guess in pairs)
    missed = sum(guess != name and guess not in row.acceptable for row, guess in labelled)
    return IntentFigures(
        rows=len(labelled),
        accuracy=_share(is_right(row, guess) for row, guess in labelled),
        precision=true / max(1, true + false),
        recall=true / max(1, true + missed),
        f1=2 * true / max(1, 2 * true + false + missed),
    )


def _share(outcomes: Iterable[bool]) -> float:
    counted = list(outcomes)
    return sum(counted) / max(1, len(counted))
