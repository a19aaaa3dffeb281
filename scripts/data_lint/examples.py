"""Training examples as they stand in `data/nlu`, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from data_lint import Finding
from data_lint.yaml_nodes import child, compose, items, line_of

ENTITY = re.compile(r"\[([^\[\]]+)\](?:\{[^{}]*\}|\([^()]*\))")


class Example(NamedTuple):
    """A training sentence: as written, and as `text` without entity marks."""

    path: Path
    line: int
    intent: str
    written: str

    @property
    def text(self) -> str:
        return without_marks(self.written)

    @property
    def place(self) -> str:
        """File and line, as other findings name it."""
        return f"{self.path.name}:{self.line}"


def without_marks(text: str) -> str:
    """A line with the bare words in place of entity marks."""
    return ENTITY.sub(r"\1", text).strip()


def read_examples(root: Path, findings: list[Finding]) -> list[Example]:
    """All examples of `data/nlu/**/*.yml`; what cannot be read becomes a finding."""
    return [e for path in sorted((root / "data" / "nlu").rglob("*.yml")) for e in _in_file(path, findings)]


def _in_file(path: Path, findings: list[Finding]) -> Iterator[Example]:
    for entry in items(child(compose(path, findings), "nlu")):
        name, block = child(entry, "intent"), child(entry, "examples")
        if name is None:
            continue
        intent = str(name.value)
        if not isinstance(block, yaml.ScalarNode) or block.style != "|":
            findings.append(Finding(path, line_of(entry), f"{intent}: examples must be a block of lines (examples: |)"))
            continue
        for offset, line in enumerate(block.value.splitlines(), start=1):
            example = Example(path, line_of(block) + offset, intent, line.strip().removeprefix("- ").strip())
            if line.strip().startswith("- ") and example.text:
                yield example
            elif line.strip():
                findings.append(Finding(path, example.line, f"{intent}: an example begins with '- '"))
