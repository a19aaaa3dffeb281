"""How well promises are caught: every sentence of the sets in its situation, against what has to become of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

from bot.promises.checking import check
from bot.promises.reading import read
from bot.promises.verdict import Verdict
from tests.promises.situations import SITUATIONS
from tests.unit.policy.demo_shop import SHOP

SETS = (
    *("sentences", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth"),
    *("nineteenth", "twentieth", "twentyfirst", "twentysecond", "twentythird", "twentyfourth"),
    *("twentyfifth", "twentysixth", "twentyseventh", "twentyeighth", "twentyninth", "thirtieth"),
)
"""In the order in which they were written; the head of each says what became of it at first sight."""
FILES = tuple(Path(__file__).with_name(f"{name}.yml") for name in SETS)
OUTCOMES = ("block", "warn", "hold", "none")
HALVES = ("tuned on", "held out")


@dataclass(frozen=True)
class Sentence:
    """A sentence with its situation, what has to become of it, and what became of it."""

    text: str
    situation: str
    expected: str
    verdicts: tuple[Verdict, ...]

    @property
    def found(self) -> str:
        """The worst of its verdicts; none where nothing is promised."""
        outcomes = {verdict.outcome for verdict in self.verdicts}
        worst = next((outcome for outcome in ("block", "warn", "holds") if outcome in outcomes), "none")
        return "hold" if worst == "holds" else worst

    @property
    def half(self) -> str:
        """In which half it is, by its text alone."""
        return HALVES[hashlib.sha256(self.text.encode()).digest()[0] % 2]


class Score(NamedTuple):
    """Blocking: what was blocked rightly, wrongly, and what was let through; and all outcomes met exactly."""

    right: int
    wrong: int
    missed: int
    exact: int
    count: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)


def written(*files: Path) -> Iterator[tuple[str, str, str]]:
    """Situation, outcome and text of all sentences of some files; of all sets where none is named."""
    loaded = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files or FILES]
    for situation, outcomes in (entry for content in loaded for entry in content.items()):
        for expected, texts in outcomes.items():
            yield from ((situation, expected, text) for text in texts)


def sentences(*files: Path) -> Iterator[Sentence]:
    """The same, read and checked."""
    for situation, expected, text in written(*files):
        facts = SITUATIONS[situation]
        yield Sentence(text, situation, expected, tuple(check(read(text, facts.now, SHOP.hours_on), facts)))


def score(found: Iterable[Sentence]) -> Score:
    """The figures of some sentences."""
    pairs = [(sentence.expected, sentence.found) for sentence in found]
    return Score(
        right=sum(pair == ("block", "block") for pair in pairs),
        wrong=sum(seen == "block" != wanted for wanted, seen in pairs),
        missed=sum(wanted == "block" != seen for wanted, seen in pairs),
        exact=sum(wanted == seen for wanted, seen in pairs),
        count=len(pairs),
    )


def table(found: list[Sentence]) -> str:
    """The figures of blocking over all, by half and by kind; a sentence counts for the kind that decided it."""
    groups: dict[str, list[Sentence]] = {"all": found}
    groups |= {half: [sentence for sentence in found if sentence.half == half] for half in HALVES}
    for sentence in found:
        for kind in sorted({verdict.promise.kind for verdict in sentence.verdicts}):
            groups.setdefault(f"  {kind}", []).append(sentence)
    lines = [f"{'blocking':<20}{'sentences':>10}{'precision':>11}{'recall':>8}{'exact':>8}"]
    for name, members in groups.items():
        figures = score(members)
        lines.append(
            f"{name:<20}{figures.count:>10}{figures.precision:>11.3f}{figures.recall:>8.3f}"
            f"{figures.exact / figures.count:>8.3f}"
        )
    return "\n".join(lines)


def mistakes(found: Iterable[Sentence], half: str | None = None) -> Iterator[str]:
    """Each sentence that came out otherwise, with what was read in it."""
    for sentence in found:
        if sentence.expected != sentence.found and half in (None, sentence.half):
            why = "; ".join(f"{v.promise.kind} {v.outcome} {v.rule_id}" for v in sentence.verdicts)
            yield f"{sentence.situation}: {sentence.text} — {sentence.expected}, found {sentence.found} ({why})"


if __name__ == "__main__":
    everything = list(sentences())
    print(table(everything))
