"""The checks of `scripts/lint_data.py`, one module per matter: each takes the project's root and yields findings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

HAN = "\u3400-\u9fff"  # for use in a character class


class Finding(NamedTuple):
    """What is wrong and where; lines count from 1."""

    path: Path
    line: int
    message: str


def report(root: Path, name: str, findings: Iterable[Finding]) -> int:
    """Print the findings by file and line; the exit code is 1 when there are any."""
    found = sorted(findings)
    for path, line, message in found:
        print(f"{path.relative_to(root)}:{line}: {message}")
    print(f"{name}: {len(found) or 'no'} finding{'' if len(found) == 1 else 's'}")
    return 1 if found else 0


def normalise(text: str) -> str:
    """What is left to compare: letters, digits and Han characters, in lower case."""
    return "".join(character for character in text.lower() if character.isalnum())
