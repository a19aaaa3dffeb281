"""Entities: tables of messages with everything that is to be found in them, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.nlu.language import EXTRACT, READ, table

CASES = [
    pytest.param(case, id=f"{group}: {case['text']}")
    for group, cases in table("entities.yml").items()
    for case in cases
]


@pytest.mark.parametrize("case", CASES)
def test_message_holds_exactly(case: dict[str, Any]) -> None:
    expected = {name: value if isinstance(value, list) else [value] for name, value in case.items() if name != "text"}
    found = defaultdict(list)
    for entity in EXTRACT(READ(case["text"])):
        found[entity.name].append(entity.value)
    assert dict(found) == expected


def test_a_long_message_is_read_from_its_beginning() -> None:
    text = "39.9\u5143" + "\u554a\u5440" * 5_000
    assert [entity.value for entity in EXTRACT(READ(text))] == ["39.90"]


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="一二三十百零半个件元块毛角号点月日第尾订单0123456789 .-:xXmMlL￥¥"))
def test_any_text_gives_spans_that_do_not_overlap(text: str) -> None:
    reading = READ(text)
    entities = EXTRACT(reading)
    assert all(left.end <= right.start for left, right in pairwise(entities))
    assert all(0 <= entity.start < entity.end <= len(reading.text) for entity in entities)
