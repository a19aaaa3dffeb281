"""Expressions of the lexicon: no group may repeat without end, or a customer's odd text is read for hours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from data_lint import Finding

UNBOUNDED = re.compile(r"\)[*+]|\{(?!sign\}|digits\})[a-z_]+\}[*+]")
"""`sign` and `digits` are classes of characters: a run of them is read in one way."""


def lint_expressions(root: Path) -> Iterator[Finding]:
    """Groups repeated by * or + in `data/lexicon/*.yml`; {0,5} is enough for what people say."""
    for path in sorted((root / "data" / "lexicon").glob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.lstrip().startswith("#") and (found := UNBOUNDED.search(line)):
                yield Finding(
                    path, number, f"a group repeats without end: …{line[max(0, found.start() - 20) : found.end()]}"
                )
