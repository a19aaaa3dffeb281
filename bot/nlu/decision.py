"""From probabilities to the intent that is acted on: caution before opening a case, and fallback where nothing is sure.

A margin between the first two intents was measured as well: it refuses more right answers than wrong ones.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.nlu.classifier import Guess

FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class Limits:
    """Probabilities and shares between 0 and 1.

    threshold    below it the likeliest intent is not believed
    familiarity  a message of which a smaller share is known from training is not understood, whatever is likeliest
    case         a flow that opens a case is only begun if all these flows together are at least this likely; else the
                 likeliest other intent is taken, for a question answered costs the customer less than a wrong case
    """

    threshold: float
    familiarity: float
    case: float


def leaning(ranking: Sequence[Guess], lean: Mapping[str, float]) -> list[Guess]:
    """The ranking with some intents believed more or less readily, by so much in log odds.

    Examples are written evenly for all intents, and with more words of trouble than customers use.
    """
    odds = [(guess.intent, guess.confidence * math.exp(lean.get(guess.intent, 0.0))) for guess in ranking]
    total = sum(value for _, value in odds)
    return sorted((Guess(intent, value / total) for intent, value in odds), key=lambda guess: -guess.confidence)


def decide(ranking: Sequence[Guess], familiarity: float, limits: Limits, cases: Collection[str]) -> list[Guess]:
    """The ranking (likeliest first, not empty), what to act on in front; fallback has the threshold as confidence."""
    first = ranking[0]
    if first.intent in cases and sum(guess.confidence for guess in ranking if guess.intent in cases) < limits.case:
        first = next((guess for guess in ranking if guess.intent not in cases), first)
    if familiarity < limits.familiarity or first.confidence < limits.threshold:
        return [Guess(FALLBACK, limits.threshold), *ranking]
    return [first, *(guess for guess in ranking if guess is not first)]


def because(decided: Guess, likeliest: Guess, familiarity: float, limits: Limits) -> str:
    """Why `decide` took what it took.

    likeliest   the likeliest intent was sure enough
    caution     another was likelier, but not likely enough to open a case
    unsure      fallback: nothing was likely enough
    unfamiliar  fallback: too little of the message occurred in training
    """
    if decided.intent == FALLBACK:
        return "unfamiliar" if familiarity < limits.familiarity else "unsure"
    return "likeliest" if decided.intent == likeliest.intent else "caution"
