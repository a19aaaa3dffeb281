"""The shop's texts: every `utter_` of the domain can be said, only known fields, polite, lines of readable length."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator
from pathlib import Path
from string import Formatter

import yaml

from data_lint import Finding
from data_lint.characters import odd_characters
from data_lint.yaml_nodes import child, compose, entries, items, line_of, scalars

LONGEST_LINE = 120
IMPOLITE, POLITE = "\u4f60", "\u60a8"  # the plain and the polite word for "you"


def lint_texts(root: Path) -> Iterator[Finding]:
    """Check `shop/texts/*.yml` and that they hold what `domain.yml` names."""
    findings: list[Finding] = []
    fields = _declared_fields(root / "bot" / "texts.py")
    keys: dict[str, Path] = {}
    for path in sorted((root / "shop" / "texts").glob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if len(line) > LONGEST_LINE:
                findings.append(Finding(path, number, f"line of {len(line)} characters, at most {LONGEST_LINE}"))
        for key, (node, variants) in entries(compose(path, findings)).items():
            if key in keys:
                findings.append(Finding(path, line_of(node), f"{key} stands in {keys[key].name} too"))
            keys[key] = path
            if not items(variants):
                findings.append(Finding(path, line_of(node), f"{key}: needs a list with at least one variant"))
            findings.extend(_lint_variants(path, key, variants, fields))
    findings.extend(_missing(root / "domain.yml", keys.keys()))
    yield from findings


def _lint_variants(path: Path, key: str, variants: yaml.Node, fields: set[str] | None) -> Iterator[Finding]:
    for variant in items(variants):
        text = variant if isinstance(variant, yaml.ScalarNode) else child(variant, "text")
        if not isinstance(text, yaml.ScalarNode) or not text.value.strip():
            yield Finding(path, line_of(variant), f"{key}: a variant without text")
            continue
        yield from _lint_fields(path, key, text, fields)
    for scalar in scalars(variants):
        if IMPOLITE in scalar.value:
            yield Finding(path, line_of(scalar), f"{key}: {IMPOLITE} instead of {POLITE}")
        for name in odd_characters(scalar.value):
            yield Finding(path, line_of(scalar), f"{key}: odd character {name}")


def _lint_fields(path: Path, key: str, text: yaml.ScalarNode, known: set[str] | None) -> Iterator[Finding]:
    try:
        used = {name for _, name, _, _ in Formatter().parse(text.value) if name is not None}
    except ValueError as error:
        yield Finding(path, line_of(text), f"{key}: broken field: {error}")
        return
    if known is not None:
        for name in sorted(used - known):
            yield Finding(path, line_of(text), f"{key}: unknown field {{{name}}}")


def _declared_fields(module: Path) -> set[str] | None:
    """The constant FIELDS of `bot/texts.py`, read without importing it; None where it has none."""
    if not module.exists():
        return None
    for statement in ast.parse(module.read_text(encoding="utf-8")).body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "FIELDS" for target in targets):
            strings = (node.value for node in ast.walk(statement) if isinstance(node, ast.Constant))
            return {value for value in strings if isinstance(value, str)}
    return None


def _missing(domain: Path, keys: Container[str]) -> Iterator[Finding]:
    if not domain.exists():
        return
    root = compose(domain, [])
    responses = [key for key, _ in entries(child(root, "responses")).values()]
    for node in [*responses, *items(child(root, "actions"))]:
        if isinstance(node, yaml.ScalarNode) and node.value.startswith("utter_") and node.value not in keys:
            yield Finding(domain, line_of(node), f"{node.value}: has no text in shop/texts")
