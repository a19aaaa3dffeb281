"""From probabilities to the intent that is acted on: caution before opening a case, and fallback where nothing is sure.

A margin between the first two intents was measured as well: it refuses more right answers than wrong ones.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.nlu.classifier import Guess

FALLBACK = "nlu_fallback"
PERSON = "request_human"


@dataclass(frozen=True)
class Limits:
    """Probabilities and shares between 0 and 1.

    threshold    below it the likeliest intent is not believed
    familiarity  a message of which a smaller share is known from training is not understood, whatever is likeliest
    person       a wish for a person is only believed if it is at least this likely: wish and mention look alike
    case         a flow that opens a case is only begun if all these flows together are at least this likely; else the
                 likeliest other intent is taken, for a question answered costs the customer less than a wrong case
    """

    threshold: float
    familiarity: float
    person: float
    case: float


def decide(ranking: Sequence[Guess], familiarity: float, limits: Limits, cases: Collection[str]) -> list[Guess]:
    """The ranking (likeliest first, two or more), what to act on in front; fallback has the threshold as confidence."""
    first = ranking[0]
    if first.intent == PERSON and first.confidence < limits.person:
        first = ranking[1]
    if first.intent in cases and sum(guess.confidence for guess in ranking if guess.intent in cases) < limits.case:
        first = next((guess for guess in ranking if guess.intent not in cases), first)
    if familiarity < limits.familiarity or first.confidence < limits.threshold:
        return [Guess(FALLBACK, limits.threshold), *ranking]
    return [first, *(guess for guess in ranking if guess is not first)]


def because(decided: Guess, likeliest: Guess, familiarity: float, limits: Limits) -> str:
    """Why `decide` took what it took.

    likeliest   the likeliest intent was sure enough
    caution     another was likelier, but not likely enough to open a case or to call a person
    unsure      fallback: nothing was likely enough
    unfamiliar  fallback: too little of the message occurred in training
    """
    if decided.intent == FALLBACK:
        return "unfamiliar" if familiarity < limits.familiarity else "unsure"
    return "likeliest" if decided.intent == likeliest.intent else "caution"
