"""Chinese words: jieba with the shop's dictionary, in an instance of its own (the global one is the process's)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache

import jieba

jieba.setLogLevel(logging.WARNING)


class Segmenter:
    """Cuts a normalised text into words; `words` are kept whole, `apart` never are."""

    def __init__(self, words: Sequence[str], apart: Sequence[str]) -> None:
        self._jieba = _tokenizer(tuple(words), tuple(apart))

    def __call__(self, text: str) -> list[tuple[str, int, int]]:
        """Words with their [start, end) in the text, in order; spaces are left out."""
        cut = self._jieba.tokenize(text, HMM=False)  # its guesses at unknown words cost accuracy on short messages
        return [(word, start, end) for word, start, end in cut if word.strip()]


@lru_cache(maxsize=2)
def _tokenizer(words: tuple[str, ...], apart: tuple[str, ...]) -> jieba.Tokenizer:
    """A tokenizer takes most of a second and some 80 MB, and is only read once it is made: the same words share one."""
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for word in words:
        tokenizer.add_word(word)
    for phrase in apart:
        tokenizer.del_word(phrase)
    return tokenizer
