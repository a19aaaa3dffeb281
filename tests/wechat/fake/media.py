"""Temporary media: three days, by their kind's size and format."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from .clock import DAY, Clock
from .refused import Refused

LIFETIME = 3 * DAY
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Rule:
    """What a kind of media may be."""

    size: int
    too_large: int
    formats: frozenset[str]


RULES = {
    "image": Rule(10 * MEGABYTE, 40009, frozenset({"image/jpeg", "image/png", "image/gif"})),
    "voice": Rule(2 * MEGABYTE, 40010, frozenset({"audio/amr", "audio/mpeg"})),
    "video": Rule(10 * MEGABYTE, 40011, frozenset({"video/mp4"})),
    "thumb": Rule(64 << 10, 40012, frozenset({"image/jpeg"})),
}
SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
}


def format_of(content: bytes) -> str:
    """The MIME type by the first bytes; empty when it is none of those that WeChat takes."""
    starts = {
        b"\xff\xd8\xff": "image/jpeg",
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"GIF8": "image/gif",
        b"#!AMR": "audio/amr",
        b"ID3": "audio/mpeg",
        b"\xff\xfb": "audio/mpeg",
    }
    if content[4:8] == b"ftyp":
        return "video/mp4"
    return next((mime for start, mime in starts.items() if content.startswith(start)), "")


@dataclass(frozen=True)
class Medium:
    """A file in the store."""

    media_id: str
    kind: str
    content: bytes
    mime: str
    created_at: float

    @property
    def filename(self) -> str:
        """A name with the suffix of its type."""
        return f"{self.media_id}.{SUFFIXES.get(self.mime, 'bin')}"


class Media:
    """What users sent and what the account uploaded."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._store: dict[str, Medium] = {}

    def keep(self, kind: str, content: bytes) -> Medium:
        """Store what a user sent."""
        medium = Medium(secrets.token_urlsafe(48), kind, content, format_of(content), self._clock.now())
        self._store[medium.media_id] = medium
        return medium

    def upload(self, kind: str, content: bytes) -> Medium:
        """Store what the account uploads. Raises `Refused`."""
        rule = RULES.get(kind)
        if rule is None:
            raise Refused(40004)
        if not content:
            raise Refused(44001)
        if len(content) > rule.size:
            raise Refused(rule.too_large)
        if format_of(content) not in rule.formats:
            raise Refused(40005)
        return self.keep(kind, content)

    def get(self, media_id: str, kind: str = "") -> Medium:
        """One that is there still, and of that kind. Raises `Refused` 40007."""
        medium = self._store.get(media_id)
        if medium is None or self._clock.now() >= medium.created_at + LIFETIME:
            raise Refused(40007)
        if kind and medium.kind != kind:
            raise Refused(40007)
        return medium

    def shown(self, media_id: str) -> Medium | None:
        """One that a user has on the screen, which does not expire there."""
        return self._store.get(media_id)
