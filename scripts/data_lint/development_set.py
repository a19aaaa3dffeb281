"""Sentences of the development set must not stand in the project, nor nearly: they are for measuring only."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data_lint import Finding, normalise
from data_lint.examples import without_marks

DEVELOPMENT_SET = "../shared/eval/dev.jsonl"
PLACES = (("data", "*.yml"), ("tests", "*.yml"), ("tests", "*.jsonl"))
SIZE = 4  # characters of a gram
FEWEST = 4  # different grams of a text; anybody may write a shorter one by chance
MOST_SHARED = 0.6  # of the grams of the shorter text
KEY = re.compile(r"^\s*(?:- +)?(?:\w+: +)?")  # what stands before the text in a line of YAML
FLOW = re.compile(r"[\[\]{}]|, ")


def lint_development_set(root: Path) -> Iterator[Finding]:
    """Compare `data/` and the tests' data, line by line, with the development set, where that is at hand.

    A finding quotes the project's line only: the set is not to be read from the findings either.
    """
    source = root / DEVELOPMENT_SET
    if not source.exists():
        return
    rows = DevelopmentSet(source)
    for path in sorted(path for folder, kind in PLACES for path in (root / folder).rglob(kind)):
        for number, text in _texts(path):
            shared = rows.shared(text)
            if shared >= MOST_SHARED:
                yield Finding(path, number, f"stands to {shared:.0%} in the development set: {text[:40]!r}")


class DevelopmentSet:
    """The rows by their grams."""

    def __init__(self, source: Path) -> None:
        self._sizes: list[int] = []
        self._rows: defaultdict[str, list[int]] = defaultdict(list)
        for line in source.read_text(encoding="utf-8").splitlines():
            found = _grams(json.loads(line)["text"]) if line.strip() else set()
            if len(found) >= FEWEST:
                for gram in found:
                    self._rows[gram].append(len(self._sizes))
                self._sizes.append(len(found))

    def shared(self, text: str) -> float:
        """How much of the shorter of the two the text shares with the row most like it."""
        found = _grams(text)
        if len(found) < FEWEST:
            return 0.0
        common = Counter(row for gram in found for row in self._rows.get(gram, ()))
        return max((count / min(len(found), self._sizes[row]) for row, count in common.items()), default=0.0)


def _grams(text: str) -> set[str]:
    letters = normalise(text)
    return {letters[i : i + SIZE] for i in range(len(letters) - SIZE + 1)}


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a file with their lines: those of the rows of JSON, the lines of YAML."""
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        yield from ((number, text) for text in (_in_json(line) if path.suffix == ".jsonl" else _in_yaml(line)))


def _in_yaml(line: str) -> list[str]:
    """The line without its key; the members of a list that stands in it."""
    text = KEY.sub("", line, count=1)
    return FLOW.split(text) if text.startswith(("[", "{")) else [without_marks(text)]


def _in_json(line: str) -> Iterator[str]:
    """The strings of the row, however deep; the line itself where it is no JSON."""
    try:
        yield from _strings(json.loads(line))
    except ValueError:
        yield line


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)
