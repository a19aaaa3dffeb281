"""No message may keep the lexicon busy: these took a backtracking pattern from ten seconds to for ever."""

from __future__ import annotations

import pytest

from bot.lexicon import lexicon


@pytest.mark.parametrize(
    "text", ["？" * 40 + "怎么回事", "对" * 50 + "x", "算了" * 25 + "x", "啊" * 20_000, "谢谢" * 20_000]
)
def test_repeated_words_are_read_and_are_no_short_answer(text: str) -> None:
    words = lexicon()
    assert not any(words.is_whole(name, text) for name in ("yes", "no", "cancel", "repeat"))
    assert words.queue_wish(text) is None
