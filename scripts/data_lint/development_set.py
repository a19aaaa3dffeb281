"""Sentences of the development set must not stand in the project: they are for measuring only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from data_lint import Finding, normalise
from data_lint.nlu import ENTITY

DEVELOPMENT_SET = "../shared/eval/dev.jsonl"
SHORTEST = 7  # normalised characters; anybody may write a shorter sentence by chance


def lint_development_set(root: Path) -> Iterator[Finding]:
    """Compare every line of `data/` and of the tests' data with the development set, where that is at hand."""
    source = root / DEVELOPMENT_SET
    if not source.exists():
        return
    with source.open(encoding="utf-8") as rows:
        sentences = {normalise(json.loads(row)["text"]) for row in rows if row.strip()}
    sentences = {sentence for sentence in sentences if len(sentence) >= SHORTEST}
    for path in sorted(p for folder in ("data", "tests") for p in (root / folder).rglob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if normalise(ENTITY.sub(r"\1", line)) in sentences:
                yield Finding(path, number, f"stands in the development set: {line.strip()[:40]!r}")
