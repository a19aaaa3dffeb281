"""Parts of files, for players that begin in the middle: one range of bytes, as browsers ask for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import RequestError

ASKED = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class NoSuchPart(RequestError):
    """The file ends before the part begins."""

    status, code = 416, "no_such_part"


@dataclass
class Part:
    """Bytes `start` to `end`, both included, of `total`."""

    start: int
    end: int
    size: int
    total: int


def part_of(header: str | None, total: int) -> Part | None:
    """The part that a Range header asks for; None for the whole file, also where it is not understood.

    Raises NoSuchPart.
    """
    asked = ASKED.fullmatch(header.strip()) if header else None
    if asked is None or not (asked[1] or asked[2]):
        return None
    start = int(asked[1]) if asked[1] else max(total - int(asked[2]), 0)
    end = min(int(asked[2]), total - 1) if asked[1] and asked[2] else total - 1
    if start >= total or start > end:
        raise NoSuchPart("the file has no such part")
    return Part(start, end, end - start + 1, total)
