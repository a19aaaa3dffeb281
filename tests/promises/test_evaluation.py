"""Promises that are not true are caught, and true ones are let through: at least 95 of 100 either way."""

from __future__ import annotations

import pytest

from tests.promises.evaluation import HALVES, Sentence, mistakes, score, sentences, table

LEAST = 0.95


@pytest.fixture(scope="module")
def found() -> list[Sentence]:
    return list(sentences())


def test_blocking_is_right_and_complete(found: list[Sentence]) -> None:
    print(f"\n{table(found)}\n\n" + "\n".join(mistakes(found)))
    figures = score(found)
    assert figures.count >= 300
    assert figures.precision >= LEAST
    assert figures.recall >= LEAST


@pytest.mark.parametrize("half", HALVES)
def test_either_half_is_large_enough_to_tell_something(found: list[Sentence], half: str) -> None:
    assert sum(sentence.half == half and sentence.expected == "block" for sentence in found) >= 80


def test_every_blocked_sentence_cites_a_clause_and_says_what_would_be_true(found: list[Sentence]) -> None:
    for sentence in found:
        for verdict in sentence.verdicts:
            assert verdict.clause
            assert (verdict.truth is None) == (verdict.outcome == "holds")
