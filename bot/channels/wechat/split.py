"""Cuts a long text into parts that WeChat takes, where a reader would pause: paragraph, line, sentence, clause.

A part ends at the best pause of its second half, so that few parts are needed. What belongs together is never cut: a
character with its marks, an emoji made of several, a link, an address, an emoticon such as [微笑].
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LIMIT = 2000
"""Bytes in UTF-8; WeChat's own is 2048, or by some reports 2047."""

TOGETHER = re.compile(r"<a\s[^<>]*>[^<]*</a\s*>|https?://[!#-;=?-~]+|\[[^\[\]\s\d]{1,6}\]", re.IGNORECASE)
TAG = re.compile(r"<a\s[^<>]*>|</a\s*>", re.IGNORECASE)
SENTENCE_ENDS, CLAUSE_ENDS, CLOSING = "。！？!?…；;", "，,、：: ", "”’」』）)》"
JOINER = "\u200d"
CUT, CLAUSE, SENTENCE, LINE, PARAGRAPH = range(5)


def split(text: str, limit: int = LIMIT) -> list[str]:
    """The parts, each of at most `limit` bytes (at least 4); only white space at the seams is lost."""
    parts: list[str] = []
    pending: list[str] = []
    size = 0
    for atom in _atoms(text, limit, (TOGETHER, TAG)):
        while pending and size + _size(atom) > limit:
            end = _pause(pending, atom, limit)
            parts.append("".join(pending[:end]))
            pending = pending[end:]
            size = sum(map(_size, pending))
        pending.append(atom)
        size += _size(atom)
    parts.append("".join(pending))
    return [part.strip() for part in parts if part.strip()]


def _size(text: str) -> int:
    return len(text.encode())


def _pause(atoms: list[str], following: str, limit: int) -> int:
    """How many of the atoms make the next part: up to the last of the best pauses in the second half."""
    best, end, size = -1, len(atoms), 0
    for place, atom in enumerate(atoms):
        size += _size(atom)
        if 2 * size < limit and place + 1 < len(atoms):
            continue
        then = atoms[place + 1] if place + 1 < len(atoms) else following
        rank = _rank(atoms[place - 1] if place else "", atom, then)
        if rank >= best:
            best, end = rank, place + 1
    return end


def _rank(before: str, atom: str, following: str) -> int:
    """How good a pause there is after an atom."""
    if atom == "\n":
        return PARAGRAPH if before == "\n" else LINE
    ends = atom in SENTENCE_ENDS or (atom in CLOSING and before != "" and before in SENTENCE_ENDS)
    if ends and following not in SENTENCE_ENDS + CLOSING:
        return SENTENCE
    return CLAUSE if atom in CLAUSE_ENDS else CUT


def _atoms(text: str, limit: int, patterns: tuple[re.Pattern[str], ...]) -> Iterator[str]:
    """What is not to be cut, in order; what is too long for a part falls into what it is made of."""
    if not patterns:
        yield from _characters(text, limit)
        return
    place = 0
    for found in patterns[0].finditer(text):
        yield from _atoms(text[place : found.start()], limit, patterns[1:])
        if _size(found[0]) <= limit:
            yield found[0]
        else:
            yield from _atoms(found[0], limit, patterns[1:])
        place = found.end()
    yield from _atoms(text[place:], limit, patterns[1:])


def _characters(text: str, limit: int) -> Iterator[str]:
    """Characters as a reader sees them."""
    cluster = ""
    for character in text:
        if cluster and _belongs(cluster, character) and _size(cluster + character) <= limit:
            cluster += character
            continue
        if cluster:
            yield cluster
        cluster = character
    if cluster:
        yield cluster


def _belongs(cluster: str, character: str) -> bool:
    """Whether the character is part of what stands before it: a mark, a skin tone, a flag's second half."""
    if cluster.endswith(JOINER) or character == JOINER or "\U0001f3fb" <= character <= "\U0001f3ff":
        return True
    if _is_flag_half(character):
        return len(cluster) == 1 and _is_flag_half(cluster)
    return unicodedata.category(character) in ("Mn", "Me", "Mc") or "\U000e0020" <= character <= "\U000e007f"


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
