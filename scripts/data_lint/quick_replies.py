"""What agents say with one key: whole entries, each id once, only fields that the console fills, polite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import yaml

from data_lint import Finding
from data_lint.characters import odd_characters
from data_lint.texts import IMPOLITE, POLITE
from data_lint.yaml_nodes import child, compose, items, line_of

FILE = Path("shop") / "quick_replies.yml"
FIELDS = {"customer", "order_tail", "agent", "shop"}
PARTS = ("id", "title", "text")


def lint_quick_replies(root: Path) -> Iterator[Finding]:
    """Check `shop/quick_replies.yml`, where the shop has one."""
    path = root / FILE
    findings: list[Finding] = []
    seen: set[str] = set()
    for reply in replies(path, findings):
        parts = {name: str(node.value) for name in PARTS if (node := child(reply, name)) is not None}
        if missing := [name for name in PARTS if not parts.get(name, "").strip()]:
            findings.append(Finding(path, line_of(reply), f"a reply without {', '.join(missing)}"))
            continue
        if parts["id"] in seen:
            findings.append(Finding(path, line_of(reply), f"{parts['id']} stands twice"))
        seen.add(parts["id"])
        findings.extend(Finding(path, line_of(reply), f"{parts['id']}: {what}") for what in _wrong(parts["text"]))
    yield from findings


def replies(path: Path, findings: list[Finding]) -> Iterator[yaml.Node]:
    """The nodes of all replies; nothing where there is no file."""
    for group in items(compose(path, findings)) if path.exists() else ():
        if child(group, "group") is None:
            findings.append(Finding(path, line_of(group), "replies without a group"))
        yield from items(child(group, "replies"))


def _wrong(text: str) -> Iterator[str]:
    try:
        used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        yield f"broken field: {error}"
        return
    yield from (f"unknown field {{{name}}}" for name in sorted(used - FIELDS))
    if IMPOLITE in text:
        yield f"{IMPOLITE} instead of {POLITE}"
    yield from (f"odd character {name}" for name in odd_characters(text))
