"""docs/requirements.md is up to date, and a row that leads nowhere is told (scripts/requirements.py)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.requirements import ROOT, Row, load, mistakes, page

COUNTS = {"POL": 61, "TKT": 41, "SLA": 37}


def test_the_page_is_what_the_command_would_write() -> None:
    rows, counts = load(ROOT)
    assert (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8") == page(rows, counts)
    assert list(mistakes(ROOT, rows, counts)) == []


def test_every_row_of_the_codes_is_there() -> None:
    rows, counts = load(ROOT)
    assert counts == COUNTS
    assert len({row.id for row in rows}) == sum(COUNTS.values())


def test_rules_that_name_a_requirement_are_told_with_it() -> None:
    rows, _ = load(ROOT)
    late = next(row for row in rows if row.id == "R746")
    assert late.rules == ("late_shipping",)


def test_a_missing_row_is_told() -> None:
    rows, counts = load(ROOT)
    told = list(mistakes(ROOT, [row for row in rows if row.id != "R746"], counts))
    assert told == ["POL: 60 rows instead of 61"]


Change = Callable[[dict[str, Any]], Any]
MISTAKES: list[tuple[Change, str]] = [
    (lambda fields: fields.update(lives="bot/nothing.py"), "R154: no file bot/nothing.py"),
    (lambda fields: fields.update(test="unit/nothing.py"), "R154: no test unit/nothing.py"),
    (
        lambda fields: fields.update(test="unit/policy/test_claimed.py::test_x"),
        "R154: no test unit/policy/test_claimed",
    ),
    (lambda fields: fields.pop("test"), "R154: neither shown by a test nor left out"),
    (lambda fields: fields.update(zh=""), "R154: no text"),
    (lambda fields: fields.update(status="soon"), "R154: unknown status soon"),
    (lambda fields: fields.update(tset="x"), "R154: unknown tset"),
]


@pytest.mark.parametrize(("change", "told"), MISTAKES, ids=[told for _, told in MISTAKES])
def test_a_row_that_leads_nowhere_is_told(change: Change, told: str) -> None:
    rows, counts = load(ROOT)
    at = next(index for index, row in enumerate(rows) if row.id == "R154")
    fields = dict(rows[at].fields)
    change(fields)
    rows[at] = Row("R154", fields, rows[at].rules)
    found = list(mistakes(ROOT, rows, counts))
    assert any(each.startswith(told) for each in found)


def test_a_left_out_row_needs_no_test_and_a_pending_one_says_so(tmp_path: Path) -> None:
    rows = [
        Row("R001", {"code": "POL", "zh": "甲", "left_out": "没有电话"}, ()),
        Row("R002", {"code": "POL", "zh": "乙", "status": "pending"}, ()),
    ]
    assert list(mistakes(tmp_path, rows, {"POL": 2})) == []
    told = page(rows, {"POL": 2})
    assert "2 rows: 1 left out, 1 pending." in told
    assert "left out: 没有电话" in told
