"""Chinese sentences in code; they belong into `shop/texts/` or a locale file. Comments and docstrings may quote."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from data_lint import HAN, Finding

# Four Han characters in a row; punctuation and fields may stand between them. Words listed in a pattern are no text.
SENTENCE = re.compile(rf"(?:[{HAN}](?:[\s，。、！？：；…～]|\$?{{[^{{}}]*}})*){{4}}")
PYTHON = ("bot", "actions")
FRONT_END = "bot/web"
NOT_OURS = {"node_modules", "dist", "tests"}

STRING_OR_COMMENT = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|//[^\n]*|/\*.*?\*/|<!--.*?-->""",
    re.DOTALL,
)


def lint_code(root: Path) -> Iterator[Finding]:
    """Check the Python of `bot/` and `actions/` and the TypeScript and Vue of the front-end."""
    for path in sorted(p for folder in PYTHON for p in (root / folder).rglob("*.py") if _ours(root, p)):
        yield from _lint_python(path)
    for path in sorted(p for kind in ("*.ts", "*.vue") for p in (root / FRONT_END).rglob(kind) if _ours(root, p)):
        yield from _lint_front_end(path)


def _ours(root: Path, path: Path) -> bool:
    return NOT_OURS.isdisjoint(path.relative_to(root).parts)


def _lint_python(path: Path) -> Iterator[Finding]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        yield Finding(path, error.lineno or 1, f"no valid Python: {error.msg}")
        return
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts_of_others = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in docstrings or id(node) in parts_of_others:
            continue
        literals = node.values if isinstance(node, ast.JoinedStr) else [node]
        text = "".join(
            part.value for part in literals if isinstance(part, ast.Constant) and isinstance(part.value, str)
        )
        if SENTENCE.search(text):
            yield _finding(path, getattr(node, "lineno", 1), text)


def _lint_front_end(path: Path) -> Iterator[Finding]:
    code = STRING_OR_COMMENT.sub(_without_comment, path.read_text(encoding="utf-8"))
    for number, line in enumerate(code.splitlines(), start=1):
        if SENTENCE.search(line):
            yield _finding(path, number, line)


def _without_comment(match: re.Match[str]) -> str:
    return match[0] if match["string"] else "\n" * match[0].count("\n")


def _finding(path: Path, line: int, text: str) -> Finding:
    return Finding(path, line, f"Chinese sentence in code: {text.strip()[:40]!r}")
