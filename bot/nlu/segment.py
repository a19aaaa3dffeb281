"""Chinese words: jieba with the shop's dictionary, in an instance of its own (the global one is the process's)."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import jieba

jieba.setLogLevel(logging.WARNING)


class Segmenter:
    """Cuts a normalised text into words; `words` are kept whole, `apart` never are."""

    def __init__(self, words: Iterable[str], apart: Iterable[str]) -> None:
        self._jieba = jieba.Tokenizer()
        self._jieba.initialize()
        for word in words:
            self._jieba.add_word(word)
        for phrase in apart:
            self._jieba.del_word(phrase)

    def __call__(self, text: str) -> list[tuple[str, int, int]]:
        """Words with their [start, end) in the text, in order; spaces are left out."""
        cut = self._jieba.tokenize(text, HMM=False)  # its guesses at unknown words cost accuracy on short messages
        return [(word, start, end) for word, start, end in cut if word.strip()]
