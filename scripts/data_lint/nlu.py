"""Training examples: valid, none twice, no odd characters, enough of each intent, the same intents as in the domain."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from data_lint import Finding, normalise
from data_lint.yaml_nodes import child, compose, entries, items, line_of

FEWEST = 40
FEWEST_CORE = 100
CORE = {"refund_request", "missing_item", "wrong_item", "damaged_item", "bargain", "request_human"}
WITHOUT_EXAMPLES = {"nlu_fallback"}  # predicted by the fallback, never learned

ENTITY = re.compile(r"\[([^\[\]]+)\](?:\{[^{}]*\}|\([^()]*\))")
LOOK_ALIKES = set("АВЕЅІЈКМНОРСТУХаеіјорсухѕ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧνο")  # Cyrillic, Greek


class Example(NamedTuple):
    """A training sentence without its entity marks."""

    path: Path
    line: int
    intent: str
    text: str


def lint_nlu(root: Path) -> Iterator[Finding]:
    """Check `data/nlu/**/*.yml` against itself and against `domain.yml`."""
    findings: list[Finding] = []
    examples = [e for path in sorted((root / "data" / "nlu").rglob("*.yml")) for e in _examples(path, findings)]
    yield from findings
    yield from _odd_characters(examples)
    yield from _duplicates(examples)
    yield from _thin(examples)
    yield from _against_domain(root, examples)


def odd_characters(text: str) -> list[str]:
    """Characters that only look like a Latin letter, a digit or a space, by their Unicode names."""
    names = ((character, unicodedata.name(character, "")) for character in text)
    return [
        name
        for character, name in names
        if character in LOOK_ALIKES
        or name.startswith(("FULLWIDTH DIGIT", "FULLWIDTH LATIN", "MATHEMATICAL"))
        or name in ("IDEOGRAPHIC SPACE", "NO-BREAK SPACE", "SOFT HYPHEN")
        or (unicodedata.category(character) == "Cf" and name != "ZERO WIDTH JOINER")  # a joiner belongs to emoji
    ]


def _examples(path: Path, findings: list[Finding]) -> Iterator[Example]:
    for entry in items(child(compose(path, findings), "nlu")):
        name, block = child(entry, "intent"), child(entry, "examples")
        if name is None:
            continue
        intent = str(name.value)
        if not isinstance(block, yaml.ScalarNode) or block.style != "|":
            findings.append(Finding(path, line_of(entry), f"{intent}: examples must be a block of lines (examples: |)"))
            continue
        for offset, line in enumerate(block.value.splitlines(), start=1):
            text = ENTITY.sub(r"\1", line.strip().removeprefix("- ")).strip()
            if line.strip().startswith("- ") and text:
                yield Example(path, line_of(block) + offset, intent, text)
            elif line.strip():
                findings.append(Finding(path, line_of(block) + offset, f"{intent}: an example begins with '- '"))


def _odd_characters(examples: list[Example]) -> Iterator[Finding]:
    for example in examples:
        for name in odd_characters(example.text):
            yield Finding(example.path, example.line, f"{example.intent}: odd character {name} in '{example.text}'")


def _duplicates(examples: list[Example]) -> Iterator[Finding]:
    first: dict[str, Example] = {}
    for example in examples:
        known = first.setdefault(normalise(example.text) or example.text, example)
        if known is not example:
            where = f"{known.path.name}:{known.line}"
            what = "stands twice" if known.intent == example.intent else f"is also an example of {known.intent}"
            yield Finding(example.path, example.line, f"{example.intent}: '{example.text}' {what} ({where})")


def _thin(examples: list[Example]) -> Iterator[Finding]:
    first = {example.intent: example for example in reversed(examples)}
    for intent, count in Counter(example.intent for example in examples).items():
        needed = FEWEST_CORE if intent in CORE else FEWEST
        if count < needed:
            yield Finding(first[intent].path, first[intent].line, f"{intent}: {count} examples, needs {needed}")


def _against_domain(root: Path, examples: list[Example]) -> Iterator[Finding]:
    path = root / "domain.yml"
    if not path.exists():
        yield Finding(path, 1, "is missing")
        return
    findings: list[Finding] = []
    declared = dict(_domain_intents(compose(path, findings)))
    yield from findings
    first = {example.intent: example for example in reversed(examples)}
    for intent in sorted(first.keys() - declared.keys()):
        yield Finding(first[intent].path, first[intent].line, f"{intent}: not an intent of domain.yml")
    for intent in sorted(declared.keys() - first.keys() - WITHOUT_EXAMPLES):
        yield Finding(path, declared[intent], f"{intent}: has no examples in data/nlu")


def _domain_intents(domain: yaml.Node | None) -> Iterator[tuple[str, int]]:
    for item in items(child(domain, "intents")):
        names = [str(item.value)] if isinstance(item, yaml.ScalarNode) else entries(item)
        for name in names:
            yield name, line_of(item)
