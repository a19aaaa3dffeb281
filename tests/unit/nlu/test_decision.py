"""From probabilities to an intent: fallback, and caution before a case is opened."""

from __future__ import annotations

import pytest

from bot.nlu.classifier import Guess
from bot.nlu.decision import FALLBACK, Limits, because, decide, leaning

LIMITS = Limits(threshold=0.2, familiarity=0.3, case=0.6)
CASES = {"refund_request", "exchange_request"}


def ranking(**probabilities: float) -> list[Guess]:
    return [Guess(name, value) for name, value in probabilities.items()]


@pytest.mark.parametrize(
    ("guesses", "familiarity", "expected"),
    [
        pytest.param(ranking(ask_size=0.9, bargain=0.1), 1.0, "ask_size", id="sure"),
        pytest.param(ranking(ask_size=0.21, bargain=0.2), 1.0, "ask_size", id="just sure enough"),
        pytest.param(ranking(ask_size=0.19, bargain=0.1), 1.0, FALLBACK, id="below the threshold"),
        pytest.param(ranking(ask_size=0.9, bargain=0.1), 0.2, FALLBACK, id="words never seen"),
        pytest.param(ranking(refund_request=0.7, ask_size=0.3), 1.0, "refund_request", id="a case, likely enough"),
        pytest.param(ranking(refund_request=0.5, ask_size=0.3), 1.0, "ask_size", id="a case, not likely enough"),
        pytest.param(
            ranking(refund_request=0.4, ask_size=0.3, exchange_request=0.25), 1.0, "refund_request", id="cases add up"
        ),
        pytest.param(ranking(refund_request=0.5, ask_size=0.1), 1.0, FALLBACK, id="nothing else is likely either"),
        pytest.param(ranking(refund_request=0.5), 1.0, "refund_request", id="there is nothing but cases"),
    ],
)
def test_intent_that_is_acted_on(guesses: list[Guess], familiarity: float, expected: str) -> None:
    assert decide(guesses, familiarity, LIMITS, CASES)[0].intent == expected


def test_fallback_keeps_the_ranking_behind_it() -> None:
    guesses = ranking(ask_size=0.15, bargain=0.1)
    assert decide(guesses, 1.0, LIMITS, CASES) == [Guess(FALLBACK, LIMITS.threshold), *guesses]


def test_the_chosen_intent_moves_to_the_front_and_none_is_lost() -> None:
    guesses = ranking(refund_request=0.5, ask_size=0.3, bargain=0.2)
    assert [guess.intent for guess in decide(guesses, 1.0, LIMITS, CASES)] == ["ask_size", "refund_request", "bargain"]


def test_leaning_moves_the_odds_and_keeps_probabilities() -> None:
    leant = leaning(ranking(request_human=0.5, ask_size=0.4, bargain=0.1), {"request_human": -1.0})
    assert [guess.intent for guess in leant] == ["ask_size", "request_human", "bargain"]
    assert sum(guess.confidence for guess in leant) == pytest.approx(1)
    assert leaning(ranking(ask_size=0.6, bargain=0.4), {}) == ranking(ask_size=0.6, bargain=0.4)


@pytest.mark.parametrize(
    ("guesses", "familiarity", "why"),
    [
        (ranking(ask_size=0.9, bargain=0.1), 1.0, "likeliest"),
        (ranking(refund_request=0.5, ask_size=0.3), 1.0, "caution"),
        (ranking(ask_size=0.19, bargain=0.1), 1.0, "unsure"),
        (ranking(ask_size=0.9, bargain=0.1), 0.2, "unfamiliar"),
    ],
)
def test_it_is_told_why_an_intent_was_taken(guesses: list[Guess], familiarity: float, why: str) -> None:
    decided = decide(guesses, familiarity, LIMITS, CASES)[0]
    assert because(decided, guesses[0], familiarity, LIMITS) == why
