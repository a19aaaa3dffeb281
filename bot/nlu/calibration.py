"""Whether confidence means what it says: of answers given with 0.8, eight in ten should be right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True)
class Bin:
    """Answers whose confidence is in [low, high), the last one with its end: how many, how sure, how often right."""

    low: float
    high: float
    answers: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Calibration:
    """`error` is the expected calibration error: the mean gap of confidence and share of right answers, by answers.

    Bins without answers are there with zeros.
    """

    error: float
    answers: int
    bins: Sequence[Bin]


def calibration(answers: Iterable[tuple[float, bool]]) -> Calibration:
    """Calibration of answers (confidence, right)."""
    binned: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in answers:
        binned[max(0, min(int(confidence * BINS), BINS - 1))].append((confidence, right))
    bins = [
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            answers=len(inside),
            confidence=sum(confidence for confidence, _ in inside) / max(1, len(inside)),
            right=sum(right for _, right in inside) / max(1, len(inside)),
        )
        for number, inside in enumerate(binned)
    ]
    total = sum(b.answers for b in bins)
    error = sum(b.answers * abs(b.confidence - b.right) for b in bins) / max(1, total)
    return Calibration(error, total, bins)
