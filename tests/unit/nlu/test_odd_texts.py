"""Rows of words that a lexicon's expressions could read in very many ways: they are read at once all the same."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from bot import remarks, shortage, variants
from bot.settings import ROOT
from tests.unit.nlu.language import EXTRACT, READ

LEXICONS = sorted((ROOT / "data" / "lexicon").glob("*.yml"))
WORD = re.compile(r"[\u4e00-\u9fff]{1,4}")
ROWS, WORDS_IN_A_ROW = 25, 90


@pytest.mark.parametrize("path", LEXICONS, ids=lambda path: path.stem)
def test_rows_of_the_lexicons_own_words_are_read(path: Path) -> None:
    chance = random.Random(path.stem)
    words = sorted(set(WORD.findall(path.read_text(encoding="utf-8"))))
    for _ in range(ROWS):
        few = chance.sample(words, min(len(words), chance.choice((2, 4, 12))))
        text = "".join(chance.choice(few) for _ in range(WORDS_IN_A_ROW)) + "x1"
        reading = READ(text)
        EXTRACT(reading)
        shortage.words().read(text)
        variants.is_mixup(text)
        remarks.remarks().asks_what_now(text)
        assert reading.text
