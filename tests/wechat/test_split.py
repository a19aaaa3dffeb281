"""Long texts: nothing is lost, everything fits, and the cut comes where a reader would pause."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.split import LIMIT, split
from tests.wechat.often import anything, often

PIECES = [
    "字",
    "a",
    "。",
    "，",
    "\n",
    "\n\n",
    " ",
    "😀",
    "👨‍👩‍👧",
    "👍🏽",
    "🇨🇳",
    "é",
    "[微笑]",
    "https://a.example/?a=1&b=2",
]
PIECES += ['<a href="https://a.example/1">查看订单</a>', "<a ", "</a>", "”", "！", "1. "]
texts = st.lists(st.sampled_from(PIECES) | anything, max_size=80).map("".join)


def solid(text: str) -> str:
    return "".join(text.split())


def test_a_text_that_fits_is_one_part() -> None:
    assert split("您好") == ["您好"]
    assert split("字" * 666) == ["字" * 666]
    assert split(" \n ") == split("") == []


@pytest.mark.parametrize(("text", "parts"), [("字" * 682, 1), ("字" * 683, 2), ("a" * 2046 + "😀", 2), ("a" * 2048, 1)])
def test_wechats_own_limit_is_kept_to_the_byte(text: str, parts: int) -> None:
    found = split(text, 2048)
    assert len(found) == parts
    assert "".join(found) == text
    assert all(len(part.encode()) <= 2048 for part in found)


@often
@given(texts, st.integers(4, 300))
def test_nothing_but_blanks_at_the_seams_is_lost_and_all_parts_fit(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert solid("".join(parts)) == solid(text)
    assert all(part.strip() == part and 0 < len(part.encode()) <= limit for part in parts)


@often
@given(texts, st.integers(120, 300))
def test_what_belongs_together_stays_together(text: str, limit: int) -> None:
    parts = split(text, limit)
    for kept in (r'<a href="[^"]*">[^<]*</a>', r"\[微笑\]", "👨‍👩‍👧", "👍🏽"):
        assert sum(len(re.findall(kept, part)) for part in parts) == len(re.findall(kept, text))


@often
@given(st.text("字a。，", max_size=2000), st.integers(12, 300))
def test_few_parts_are_needed(text: str, limit: int) -> None:
    assert len(split(text, limit)) <= 1 + 2 * len(text.encode()) / limit


def test_the_cut_comes_after_a_paragraph_before_a_line_before_a_sentence_before_a_clause() -> None:
    half, rest = "字" * 40, "尾" * 40
    for pause, other in (("\n\n", "\n"), ("\n", "。"), ("。", "，"), ("！”", "、"), ("，", "字")):
        first = half + pause + "中" * 10 + other + "中" * 5
        assert split(first + rest, 210)[0] == (half + pause).strip()


def test_a_pause_in_the_first_half_does_not_make_a_short_part() -> None:
    first, *_ = split("好。" + "字" * 200, 300)
    assert len(first.encode()) > 150


def test_a_sentence_keeps_its_closing_marks() -> None:
    text = "字" * 30 + "好吗？！”" + "字" * 60
    assert split(text, 120)[0].endswith("？！”")


def test_a_link_longer_than_a_part_is_cut_outside_its_tags() -> None:
    tag = '<a href="https://a.example/">'
    parts = split(tag + "长" * 100 + "</a>", 90)
    assert parts[0].startswith(tag)
    assert parts[-1].endswith("</a>")
    assert all(part.count("<") == part.count(">") for part in parts)


def test_a_heap_of_marks_on_one_character_is_cut_all_the_same() -> None:
    assert all(len(part.encode()) <= LIMIT for part in split("a" + "\u0301" * 5000))


ODD = ["<a " * 20_000, "[" * 60_000, "https://" * 8_000, "<a b>" * 12_000, "好。\n" * 20_000]


@pytest.mark.parametrize("text", ODD)
def test_long_and_odd_texts_are_cut_at_once(text: str) -> None:
    started = time.process_time()
    assert solid("".join(split(text))) == solid(text)
    assert time.process_time() - started < 5
