"""From probabilities to the intent that is acted on: caution before opening a case, and fallback where nothing is sure.

A margin between the first two intents was measured as well: it refuses more right answers than wrong ones.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
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


def decide(ranking: Sequence[Guess], familiarity: float, limits: Limits, cases: Collection[str]) -> list[Guess]:
    """The ranking (likeliest first, not empty), what to act on in front; fallback has the threshold as confidence."""
    first = ranking[0]
    if first.intent in cases and sum(guess.confidence for guess in ranking if guess.intent in cases) < limits.case:
        first = next((guess for guess in ranking if guess.intent not in cases), first)
    if familiarity < limits.familiarity or first.confidence < limits.threshold:
        return [Guess(FALLBACK, limits.threshold), *ranking]
    return [first, *(guess for guess in ranking if guess is not first)]
