"""The words and shapes of bargaining, from data/lexicon/bargain.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml

from bot.lexicon import bare, lexicon
from bot.settings import ROOT


class BargainWords:
    """The lexicon, read once. Texts are given as `plain` makes them."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._lists = {name: tuple(map(str, entry)) for name, entry in raw.items() if isinstance(entry, list)}
        self.numbers = {word: Decimal(value) for word, value in raw["numbers"].items()}
        self.scales: Mapping[str, int] = raw["scales"]
        classes: Mapping[str, str] = raw["classes"]
        self.shapes = {name: re.compile(_filled(shape, classes)) for name, shape in raw["patterns"].items()}

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return self._lists[name]

    def has(self, name: str, text: str) -> bool:
        """Whether one of these words stands anywhere."""
        return any(word in text for word in self._lists[name])

    def is_whole(self, name: str, text: str) -> bool:
        """Whether the text is one of these words, particles and punctuation aside."""
        return bare(text).rstrip("?") in self._lists[name] or lexicon().core(text) in self._lists[name]


def _filled(shape: str, classes: Mapping[str, str]) -> str:
    for name, expression in classes.items():
        shape = shape.replace(f"{{{name}}}", expression)
    return shape


@lru_cache(maxsize=1)
def words() -> BargainWords:
    """The lexicon of bargaining."""
    path = ROOT / "data" / "lexicon" / "bargain.yml"
    return BargainWords(yaml.safe_load(path.read_text(encoding="utf-8")))
