"""The linters on what agents say with one key."""

from __future__ import annotations

from pathlib import Path

import pytest
from data_lint.quick_replies import lint_quick_replies
from data_lint.tone import lint_tone

CLEAN = """
- group: 开场
  replies:
    - {id: hello, title: 问好, text: "{customer}您好，我是{agent}，马上帮您看。"}
"""


def lint(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "shop").mkdir(exist_ok=True)
    (tmp_path / "shop" / "quick_replies.yml").write_text(text, encoding="utf-8")
    findings = [*lint_quick_replies(tmp_path), *lint_tone(tmp_path)]
    return [finding.message for finding in findings]


def test_a_clean_file_and_no_file_have_no_findings(tmp_path: Path) -> None:
    assert list(lint_quick_replies(tmp_path)) == []
    assert lint(tmp_path, CLEAN) == []


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{id: a, title: 问好}", "without text"),
        ("{id: hello, title: 又一条, text: 您请说。}", "stands twice"),
        ("{id: a, title: 问好, text: '{name}您好'}", "unknown field"),
        ("{id: a, title: 问好, text: '{customer您好'}", "broken field"),
        ("{id: a, title: 问好, text: 你好呀，您请说。}", "instead of"),
        ("{id: a, title: 问好, text: 保证给您办好。}", "claim"),
        ("{id: a, title: 问好, text: 三天内一定到您手上。}", "numbers"),
        ("{id: a, title: 问好, text: 退款已到账，您看看。}", "paid"),
        ("{id: a, title: 问好, text: 这个没办法。}", "refusing"),
    ],
)
def test_what_agents_should_not_say_is_found(tmp_path: Path, entry: str, expected: str) -> None:
    found = lint(tmp_path, f"{CLEAN}    - {entry}\n")
    assert any(expected in what for what in found), found
