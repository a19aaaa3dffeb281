#!/usr/bin/env python3
"""Lint how the shop's texts sound: shop/texts and quick replies, the domain's responses, the rule packs' refusals.

`scripts/lint_tone.py [ROOT]` prints `file:line: key [variant] rule: what → what to do` and ends with 1 on a finding.
Rules and words: scripts/data_lint/tone.yml.
"""

from __future__ import annotations

import sys
from pathlib import Path

from data_lint import report
from data_lint.tone import lint_tone


def main(arguments: list[str]) -> int:
    """Print the findings; the exit code is 1 when there are any."""
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[1]
    return report(root, "tone linter", lint_tone(root))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
