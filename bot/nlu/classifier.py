"""The intent classifier: one linear model over TF-IDF features, saved as arrays and JSON."""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

from bot.nlu.features import Floats, Vectoriser

FOLDS = 5
SEED = 7


@dataclass(frozen=True)
class Guess:
    """An intent and the probability that it is meant."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Classifier:
    """Linear scores, made probabilities by a softmax whose temperature was fitted on held-out folds.

    weights: float32 [features, intents]; bias: float32 [intents].
    """

    intents: Sequence[str]
    vectoriser: Vectoriser
    weights: Floats
    bias: Floats
    temperature: float

    @classmethod
    def fit(cls, documents: Sequence[Sequence[str]], intents: Sequence[str], penalty: float) -> Classifier:
        """Train on feature lists (`bot.nlu.features.features`) and their intents; `penalty` is LinearSVC's C."""
        vectoriser = Vectoriser.fit(documents)
        matrix = _matrix(vectoriser, documents)
        model = LinearSVC(C=penalty, random_state=SEED)
        held_out = cross_val_predict(
            model, matrix, intents, cv=StratifiedKFold(FOLDS, shuffle=True, random_state=SEED), method="decision_function"
        )
        model.fit(matrix, intents)
        return cls(
            intents=[str(intent) for intent in model.classes_],
            vectoriser=vectoriser,
            weights=np.ascontiguousarray(model.coef_.T, dtype=np.float32),
            bias=np.asarray(model.intercept_, dtype=np.float32),
            temperature=_temperature(held_out, np.searchsorted(model.classes_, intents)),
        )

    def __call__(self, document: Iterable[str]) -> list[Guess]:
        """All intents, the likeliest first; probabilities sum to 1 and are equal where no feature is known."""
        indices, values = self.vectoriser(document)
        scores = values @ self.weights[indices] + self.bias if len(indices) else np.zeros_like(self.bias)
        probabilities = _softmax(scores / self.temperature)
        order = np.argsort(-probabilities, kind="stable")
        return [Guess(self.intents[i], float(probabilities[i])) for i in order]

    def reasons(self, document: Iterable[str], intent: str, against: str, count: int = 10) -> list[tuple[str, float]]:
        """Features that speak most for `intent` against the other, with their share of the score difference."""
        indices, values = self.vectoriser(document)
        ours, theirs = self.intents.index(intent), self.intents.index(against)
        shares = values * (self.weights[indices, ours] - self.weights[indices, theirs])
        names = {index: name for name, index in self.vectoriser.vocabulary.items()}
        order = np.argsort(-np.abs(shares), kind="stable")[:count]
        return [(names[int(indices[i])], float(shares[i])) for i in order]

    def save(self, folder: Path) -> None:
        """Write `classifier.json` and `classifier.npz` into an existing folder."""
        vocabulary = sorted(self.vectoriser.vocabulary, key=self.vectoriser.vocabulary.__getitem__)
        plain = {"intents": self.intents, "vocabulary": vocabulary, "temperature": self.temperature}
        (folder / "classifier.json").write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "classifier.npz", weights=self.weights, bias=self.bias, idf=self.vectoriser.idf)

    @classmethod
    def load(cls, folder: Path) -> Classifier:
        """Read what `save` wrote."""
        plain: dict[str, Any] = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        with np.load(folder / "classifier.npz", allow_pickle=False) as arrays:
            vectoriser = Vectoriser({name: index for index, name in enumerate(plain["vocabulary"])}, arrays["idf"])
            return cls(plain["intents"], vectoriser, arrays["weights"], arrays["bias"], plain["temperature"])


def _matrix(vectoriser: Vectoriser, documents: Sequence[Iterable[str]]) -> Any:
    rows = [vectoriser(document) for document in documents]
    ends = np.cumsum([0, *(len(indices) for indices, _ in rows)])
    shape = (len(rows), len(vectoriser.vocabulary))
    return csr_matrix((np.concatenate([v for _, v in rows]), np.concatenate([i for i, _ in rows]), ends), shape=shape)


def _softmax(scores: npt.NDArray[Any]) -> npt.NDArray[Any]:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _temperature(scores: npt.NDArray[Any], gold: npt.NDArray[Any]) -> float:
    """The temperature under which the held-out intents are likeliest."""
    rows = np.arange(len(gold))

    def loss(log_temperature: float) -> float:
        probabilities = _softmax(scores / np.exp(log_temperature))
        return float(-np.log(np.maximum(probabilities[rows, gold], 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-5, 2), method="bounded").x))
