"""Films as they come from phones: what they tell of where and by whom they were taken is blanked, byte for byte."""

from __future__ import annotations

import struct

CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"moof", b"traf", b"mvex"})
TELLING = frozenset({b"udta", b"meta", b"uuid", b"loci"})
"""User data, metadata, extensions (XMP among them), the place itself."""
COPYRIGHT = b"\xa9"  # begins the names of remarks, such as the place's
PLAYED = CONTAINERS | {
    b"ftyp",
    b"styp",
    b"mdat",
    b"mfra",
    b"sidx",
    b"ssix",
    b"pdin",
    b"emsg",
    b"free",
    b"skip",
    b"wide",
}
"""What a film consists of on the outermost level; makers of cameras put their own after it."""
FREE = b"free"
HEADER, LARGE_HEADER = 8, 16
MOST_BOXES = 20_000


def without_location(film: bytes) -> bytes:
    """The same film, of the same length, with every telling box empty. Raises ValueError for what is no MP4."""
    blank = bytearray(film)
    ranges, seen, is_film = [(0, len(film), True)], 0, False
    while ranges:
        at, end, is_outermost = ranges.pop()
        while at < end:
            seen += 1
            if seen > MOST_BOXES:
                raise ValueError("too many boxes")
            try:
                kind, body, after = _box(film, at, end)
            except ValueError:
                if not (is_outermost and is_film):
                    raise
                blank[at:end] = bytes(end - at)  # what players do not read either
                break
            is_film = is_film or kind == b"moov"
            if kind in TELLING or kind.startswith(COPYRIGHT) or (is_outermost and kind not in PLAYED):
                blank[at + 4 : at + 8] = FREE
                blank[body:after] = bytes(after - body)
            elif kind in CONTAINERS:
                ranges.append((body, after, False))
            at = after
    if not is_film:
        raise ValueError("no film in it")
    return bytes(blank)


def _box(film: bytes, at: int, end: int) -> tuple[bytes, int, int]:
    """Kind, begin of the content and end of the box at this place."""
    if end - at < HEADER:
        raise ValueError("a box is cut off")
    size, kind = struct.unpack_from(">I4s", film, at)
    body = at + HEADER
    if size == 1:  # the true size follows
        if end - at < LARGE_HEADER:
            raise ValueError("a box is cut off")
        (size,) = struct.unpack_from(">Q", film, body)
        body = at + LARGE_HEADER
    elif size == 0:  # as far as there is something
        size = end - at
    if size < body - at or size > end - at:
        raise ValueError("a box does not fit")
    return kind, body, at + size
