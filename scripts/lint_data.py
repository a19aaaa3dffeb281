#!/usr/bin/env python3
"""Lint what `rasa data validate` does not see: training examples, the shop's texts, Chinese left in code.

`scripts/lint_data.py [ROOT]` prints `file:line: what` for every finding and ends with 1 when there is one.
"""

from __future__ import annotations

import sys
from pathlib import Path

from data_lint import Finding, report
from data_lint.code import lint_code
from data_lint.development_set import lint_development_set
from data_lint.expressions import lint_expressions
from data_lint.nlu import lint_nlu
from data_lint.quick_replies import lint_quick_replies
from data_lint.texts import lint_texts

CHECKS = (lint_nlu, lint_expressions, lint_texts, lint_quick_replies, lint_code, lint_development_set)


def lint(root: Path) -> list[Finding]:
    """All findings in the project at `root`, by file and line."""
    return sorted(finding for check in CHECKS for finding in check(root))


def main(arguments: list[str]) -> int:
    """Print the findings; the exit code is 1 when there are any."""
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[1]
    return report(root, "data linter", lint(root))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
