"""The checks of `scripts/lint_data.py`, one module per matter: each takes the project's root and yields findings."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

HAN = "\u3400-\u9fff"  # for use in a character class


class Finding(NamedTuple):
    """What is wrong and where; lines count from 1."""

    path: Path
    line: int
    message: str


def normalise(text: str) -> str:
    """What is left to compare: letters, digits and Han characters, in lower case."""
    return "".join(character for character in text.lower() if character.isalnum())
