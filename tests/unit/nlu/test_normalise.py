"""The normaliser: one spelling out of many, never an error, and always a way back to what the customer typed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.normalise import Normaliser
from tests.unit.nlu.language import LEXICON, table

CASES = table("normalise.yml")
NORMALISE = Normaliser(LEXICON)


@pytest.mark.parametrize("case", CASES["rewritten"], ids=lambda case: case["why"])
def test_spelling_becomes_one(case: dict[str, str]) -> None:
    assert NORMALISE(case["text"]).text == case["becomes"]


@pytest.mark.parametrize("case", CASES["spans"], ids=lambda case: case["text"])
def test_spans_lead_back_to_the_original(case: dict[str, str]) -> None:
    normalised = NORMALISE(case["text"])
    found = normalised.text.index(case["find"])
    start, end = normalised.original(found, found + len(case["find"]))
    assert case["text"][start:end] == case["original"]


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_is_normalised_and_every_character_has_its_place(text: str) -> None:
    normalised = NORMALISE(text)
    assert len(normalised.starts) == len(normalised.ends) == len(normalised.text)
    assert all(0 <= start < end <= len(text) for start, end in zip(normalised.starts, normalised.ends, strict=True))
    assert list(normalised.starts) == sorted(normalised.starts)


@pytest.mark.parametrize("text", ["退" * 10_000, "😀" * 10_000, "a1!" * 3_333, "\x00" * 10_000, " " * 10_000])
def test_ten_thousand_characters_are_no_trouble(text: str) -> None:
    assert len(NORMALISE(text).text) <= len(text)
