"""Training examples: none twice or nearly, no odd characters or marks, enough of each intent, intents of the domain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from data_lint import Finding, normalise
from data_lint.characters import odd_characters
from data_lint.entity_marks import entity_marks
from data_lint.examples import Example, read_examples
from data_lint.near_duplicates import near_duplicates
from data_lint.yaml_nodes import child, compose, entries, items, line_of

FEWEST = 80
FEWEST_CORE = 150
CORE = {"refund_request", "missing_item", "wrong_item", "damaged_item", "bargain", "request_human"}
WITHOUT_EXAMPLES = {"nlu_fallback"}  # predicted by the fallback, never learned


def lint_nlu(root: Path) -> Iterator[Finding]:
    """Check `data/nlu/**/*.yml` against itself and against `domain.yml`."""
    findings: list[Finding] = []
    examples = read_examples(root, findings)
    yield from findings
    yield from _odd_characters(examples)
    yield from entity_marks(examples)
    yield from _duplicates(examples)
    yield from near_duplicates(examples)
    yield from _thin(examples)
    yield from _against_domain(root, examples)


def _odd_characters(examples: list[Example]) -> Iterator[Finding]:
    for example in examples:
        for name in odd_characters(example.text):
            yield Finding(example.path, example.line, f"{example.intent}: odd character {name} in '{example.text}'")


def _duplicates(examples: list[Example]) -> Iterator[Finding]:
    first: dict[str, Example] = {}
    for example in examples:
        known = first.setdefault(normalise(example.text) or example.text, example)
        if known is not example:
            what = "stands twice" if known.intent == example.intent else f"is also an example of {known.intent}"
            yield Finding(example.path, example.line, f"{example.intent}: '{example.text}' {what} ({known.place})")


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
