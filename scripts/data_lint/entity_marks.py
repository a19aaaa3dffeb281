"""Entity marks in examples: there are to be none, since rules find the entities and would not read the marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from data_lint import Finding
from data_lint.examples import Example

MARK = re.compile(r"\[[^\[\]]*\]\s*[({][^(){}]*[)}]?|\][({]")  # a broken one too


def entity_marks(examples: Iterable[Example]) -> Iterator[Finding]:
    """Each `[words](entity)` or `[words]{...}`, whole or broken; an emoticon such as `[smile]` alone is none."""
    for example in examples:
        for found in MARK.finditer(example.written):
            message = f"{example.intent}: entity mark '{found[0]}', entities come from data/lexicon/entities.yml"
            yield Finding(example.path, example.line, message)
