"""The linear classifier: learns, is sure of what it knows, explains itself, and is the same after a save."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.classifier import Classifier
from bot.nlu.features import features
from tests.unit.nlu.language import READ, table

LANGUAGE = table("classifier.yml")
UNSEEN = [(intent, text) for intent, text in dict(LANGUAGE["unseen"]).items()]


def document(text: str) -> list[str]:
    return list(features(READ(text)))


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    pairs = [(text, intent) for intent, texts in dict(LANGUAGE["examples"]).items() for text in texts]
    return Classifier.fit([document(text) for text, _ in pairs], [intent for _, intent in pairs], penalty=1.0)


@pytest.mark.parametrize(("intent", "text"), UNSEEN)
def test_unseen_message_is_understood(classifier: Classifier, intent: str, text: str) -> None:
    guesses = classifier(document(text))
    assert guesses[0].intent == intent
    assert sum(guess.confidence for guess in guesses) == pytest.approx(1)
    assert [g.confidence for g in guesses] == sorted((g.confidence for g in guesses), reverse=True)


@pytest.mark.parametrize("text", ["", "🎁"])
def test_nothing_to_read_makes_all_intents_equal(classifier: Classifier, text: str) -> None:
    assert {round(guess.confidence, 6) for guess in classifier(document(text))} == {round(1 / 3, 6)}


def test_familiarity_tells_known_wordings_from_strange_ones(classifier: Classifier) -> None:
    known, strange = (dict(LANGUAGE["unseen"])["bargain"], "qwfp zxcv")
    assert classifier.familiarity(document(known)) > 0.4
    assert classifier.familiarity(document(strange)) < 0.1
    assert classifier.familiarity([]) == 0


def test_reasons_are_the_features_that_decide(classifier: Classifier) -> None:
    words = document(dict(LANGUAGE["unseen"])["ask_invoice"])
    everything = classifier.reasons(words, "ask_invoice", "bargain", count=1_000)
    assert sum(weight for _, weight in everything) > 0
    assert {name for name, _ in everything} <= set(words)
    assert classifier.reasons(words, "ask_invoice", "bargain", count=3) == everything[:3]
    assert "concept:invoice" in {name for name, weight in everything if weight > 0}


def test_saved_and_loaded_it_says_the_same(classifier: Classifier, tmp_path: Path) -> None:
    classifier.save(tmp_path)
    loaded = Classifier.load(tmp_path)
    for _, text in UNSEEN:
        assert loaded(document(text)) == classifier(document(text))


def test_no_pickle_is_written(classifier: Classifier, tmp_path: Path) -> None:
    classifier.save(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npz"}
