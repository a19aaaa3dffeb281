"""Promises that are not true are caught, and true ones are let through: at least 95 of 100 either way."""

from __future__ import annotations

import pytest

from bot.promises.checking import check
from bot.promises.reading import read
from tests.promises.evaluation import HALVES, Sentence, mistakes, score, sentences, table
from tests.promises.situations import SITUATIONS
from tests.unit.policy.demo_shop import SHOP

LEAST = 0.95
MOST_FALSE = 0.005


@pytest.fixture(scope="module")
def found() -> list[Sentence]:
    return list(sentences())


def test_blocking_is_right_and_complete(found: list[Sentence]) -> None:
    print(f"\n{table(found)}\n\n" + "\n".join(mistakes(found)))
    figures = score(found)
    assert figures.count >= 300
    assert figures.precision >= LEAST
    assert figures.recall >= LEAST


def test_what_promises_nothing_is_let_through_wherever_it_is_said(found: list[Sentence]) -> None:
    """Some tell facts of their own order, which are not those of another one."""
    harmless = {sentence.text for sentence in found if sentence.expected == "none"}
    nows = {facts.now for facts in SITUATIONS.values()}
    promises = {(text, now): read(text, now, SHOP.hours_on) for text in harmless for now in nows}
    blocked = [
        f"{situation}: {text}"
        for situation, facts in SITUATIONS.items()
        for text in harmless
        if any(verdict.outcome == "block" for verdict in check(promises[text, facts.now], facts))
    ]
    assert len(blocked) <= MOST_FALSE * len(harmless) * len(SITUATIONS), "\n".join(blocked)


@pytest.mark.parametrize("half", HALVES)
def test_either_half_is_large_enough_to_tell_something(found: list[Sentence], half: str) -> None:
    assert sum(sentence.half == half and sentence.expected == "block" for sentence in found) >= 80


def test_every_blocked_sentence_cites_a_clause_and_says_what_would_be_true(found: list[Sentence]) -> None:
    for sentence in found:
        for verdict in sentence.verdicts:
            assert verdict.clause
            assert (verdict.truth is None) == (verdict.outcome == "holds")
