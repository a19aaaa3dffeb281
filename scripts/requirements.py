"""Write docs/requirements.md: for each requirement where it lives and which test shows it, or why it is left out.

`python -m scripts.requirements` reads docs/requirements.yml and the rule packs; `--check` only ends with 1 where
it would change something. A file, rule or test that is not there, and a row that is missing, is an error.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[1]
NAMES = {"POL": "policy", "TKT": "tickets", "SLA": "deadlines"}
FIELDS = {"code", "zh", "lives", "test", "left_out", "status", "note"}
HEAD = """# What becomes of each requirement

Made by `python -m scripts.requirements` from `docs/requirements.yml` and the rules of `shop/policies/`: change those.
"""


class Row(NamedTuple):
    """A requirement with the rules of the packs that name it."""

    id: str
    fields: Mapping[str, Any]
    rules: tuple[str, ...]

    @property
    def state(self) -> str:
        """shown, left out, or pending."""
        return "left out" if "left_out" in self.fields else self.fields.get("status", "shown")


def load(root: Path) -> tuple[list[Row], Mapping[str, int]]:
    """The rows, by code and number, and how many each code has."""
    content = yaml.safe_load((root / "docs" / "requirements.yml").read_text(encoding="utf-8"))
    named = _rules(root)
    rows = [Row(name, fields, tuple(named.get(name, ()))) for name, fields in content["rows"].items()]
    codes = list(content["counts"])
    return sorted(rows, key=lambda row: (codes.index(row.fields["code"]), row.id)), content["counts"]


def _rules(root: Path) -> Mapping[str, list[str]]:
    named: dict[str, list[str]] = defaultdict(list)
    for path in sorted((root / "shop" / "policies").glob("*.yml")):
        pack = yaml.safe_load(path.read_text(encoding="utf-8"))
        for rule in pack["rules"]:
            for name in rule["requirements"]:
                if rule["id"] not in named[name]:
                    named[name].append(rule["id"])
    return named


def mistakes(root: Path, rows: list[Row], counts: Mapping[str, int]) -> Iterator[str]:
    """What is wrong with the rows."""
    found = Counter(row.fields["code"] for row in rows)
    for code, count in counts.items():
        if found[code] != count:
            yield f"{code}: {found[code]} rows instead of {count}"
    for row in rows:
        yield from (f"{row.id}: {what}" for what in _mistakes_of(root, row))


def _mistakes_of(root: Path, row: Row) -> Iterator[str]:
    fields = row.fields
    if unknown := set(fields) - FIELDS:
        yield f"unknown {', '.join(sorted(unknown))}"
    if not fields.get("zh"):
        yield "no text"
    if fields.get("status") not in (None, "pending"):
        yield f"unknown status {fields['status']}"
    if row.state == "shown" and not ("test" in fields and ("lives" in fields or row.rules)):
        yield "neither shown by a test nor left out with a reason"
    if "lives" in fields and not (root / fields["lives"]).exists():
        yield f"no file {fields['lives']}"
    if "test" in fields and not _test_exists(root / "tests", fields["test"]):
        yield f"no test {fields['test']}"


def _test_exists(tests: Path, name: str) -> bool:
    path, _, function = name.partition("::")
    if not (tests / path).is_file():
        return False
    if not function:
        return True
    tree = ast.parse((tests / path).read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function for node in tree.body)


def page(rows: list[Row], counts: Mapping[str, int]) -> str:
    """The whole of docs/requirements.md."""
    parts = [HEAD]
    for code in counts:
        own = [row for row in rows if row.fields["code"] == code]
        states = Counter(row.state for row in own)
        told = ", ".join(f"{states[state]} {state}" for state in ("shown", "left out", "pending") if states[state])
        parts.append(f"## {code}: {NAMES[code]}\n\n{len(own)} rows: {told}.\n")
        lines = ["| id | 要求 | where | shown by |", "|---|---|---|---|", *map(_line, own)]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _line(row: Row) -> str:
    fields = row.fields
    places = [f"`{fields['lives']}`"] if "lives" in fields else []
    where = "<br>".join([*places, *(f"rule `{rule}`" for rule in row.rules)])
    if row.state == "left out":
        shown = f"left out: {fields['left_out']}"
    elif row.state == "pending":
        shown = "pending" + (f": {fields['note']}" if "note" in fields else "")
    else:
        shown = f"`tests/{fields['test']}`"
    return f"| {row.id} | {fields['zh']} | {where or '–'} | {shown} |"


def main() -> int:
    """Write the page, or with --check tell whether it is up to date."""
    rows, counts = load(ROOT)
    wrong = list(mistakes(ROOT, rows, counts))
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    path, made = ROOT / "docs" / "requirements.md", page(rows, counts)
    if "--check" in sys.argv[1:]:
        return int(not path.exists() or path.read_text(encoding="utf-8") != made)
    path.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
