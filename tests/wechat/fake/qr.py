"""QR codes with a scene."""

from __future__ import annotations

import secrets
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .clock import DAY, Clock
from .refused import Refused

LONGEST = 30 * DAY
SHORTEST = 60.0
TEMPORARY = {"QR_SCENE": "scene_id", "QR_STR_SCENE": "scene_str"}
LASTING = {"QR_LIMIT_SCENE": "scene_id", "QR_LIMIT_STR_SCENE": "scene_str"}
MODULES, PIXELS = 21, 8


@dataclass(frozen=True)
class Code:
    """A code; `until` is None for one that lasts."""

    ticket: str
    scene: str
    until: float | None


class Codes:
    """All codes of the account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: dict[str, Code] = {}

    def create(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """As `qrcode/create` answers. Raises `Refused` 40035."""
        action = str(body.get("action_name", ""))
        name = {**TEMPORARY, **LASTING}.get(action)
        try:
            scene = str(body["action_info"]["scene"][name])
        except (KeyError, TypeError) as error:
            raise Refused(40035) from error
        if name is None or not 1 <= len(scene) <= 64:
            raise Refused(40035)
        seconds = min(max(float(body.get("expire_seconds", SHORTEST)), SHORTEST), LONGEST)
        until = self._clock.now() + seconds if action in TEMPORARY else None
        code = Code(f"gQ{secrets.token_urlsafe(60)}==", scene, until)
        self._codes[code.ticket] = code
        answer = {"ticket": code.ticket, "url": f"http://weixin.qq.com/q/{secrets.token_urlsafe(12)}"}
        return answer | ({"expire_seconds": int(seconds)} if until else {})

    def scanned(self, ticket: str) -> Code | None:
        """The code, unless there is none or its time is over."""
        code = self._codes.get(ticket)
        if code is None or (code.until is not None and self._clock.now() >= code.until):
            return None
        return code


def picture(ticket: str) -> bytes:
    """A PNG of black and white squares for a ticket. It stands for a code and is none: scan the ticket instead."""
    bits = zlib.crc32(ticket.encode()).to_bytes(4, "big") * 14
    rows = []
    for y in range(MODULES):
        cells = [bits[(y * MODULES + x) // 8] >> ((y * MODULES + x) % 8) & 1 for x in range(MODULES)]
        row = b"\0" + b"".join((b"\0" if cell else b"\xff") * PIXELS for cell in cells)
        rows.append(row * PIXELS)
    side = MODULES * PIXELS
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
