"""YAML as nodes, which know their lines and show a key that stands twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from data_lint import Finding


def compose(path: Path, findings: list[Finding]) -> yaml.Node | None:
    """The file's root node; None, and a finding, when it is no YAML. Doubled keys become findings."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or error
        findings.append(Finding(path, mark.line + 1 if mark else 1, f"no valid YAML: {reason}"))
        return None
    findings.extend(_doubled_keys(path, root))
    return root


def entries(node: yaml.Node | None) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    """A mapping's (key node, value node) by key; empty for any other node."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): (key, value) for key, value in node.value}


def child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """What a mapping has under `key`; None when it has not, or is no mapping."""
    return entries(node).get(key, (None, None))[1]


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """A sequence's nodes; empty for any other node."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """All values below a node, keys left out."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from scalars(item)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from scalars(value)


def line_of(node: yaml.Node) -> int:
    """The line on which the node begins, from 1."""
    return int(node.start_mark.line) + 1


def _doubled_keys(path: Path, node: yaml.Node | None) -> Iterator[Finding]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _doubled_keys(path, item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                yield Finding(path, line_of(key), f"key {key.value} stands twice, only the last one counts")
            seen.add(str(key.value))
            yield from _doubled_keys(path, value)
