"""The two ways to an access token; neither knows of the other."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from .clock import DAY, Clock
from .refused import Refused

LIFETIME = 7_200.0
OVERLAP = 300.0
FORCES_PER_DAY, FORCE_PAUSE = 20, 30.0
SHAPE = re.compile(r"[A-Za-z0-9_-]{64,512}")


@dataclass
class Token:
    """An access token that was given out."""

    value: str
    until: float
    revoked: bool = False


class Tokens:
    """All tokens of the account. `plain_overlap`: the seconds for which a plain token stays good beside the next."""

    def __init__(self, clock: Clock, plain_overlap: float = 0.0) -> None:
        self._clock = clock
        self.plain_overlap = plain_overlap
        self._issued: dict[str, Token] = {}
        self._plain: Token | None = None
        self._stable: Token | None = None
        self._forced: list[float] = []

    def plain(self) -> tuple[str, int]:
        """`GET token`: a new one, which ends the one before. Token and seconds of life."""
        if self._plain is not None:
            self._end(self._plain, self.plain_overlap)
        self._plain = self._new()
        return self._plain.value, int(LIFETIME)

    def stable(self, force: bool) -> tuple[str, int]:
        """`POST stable_token`: the same one until its last five minutes, when a new one comes beside it.

        Raises `Refused` 45011 when forced within 30 s, 45009 when forced more than 20 times a day.
        """
        now = self._clock.now()
        current = self._stable
        if force:
            self._may_force(now)
            if current is not None:
                current.revoked = True
            current = None
        if current is None or current.revoked or current.until - now < OVERLAP:
            current = self._stable = self._new()
        return current.value, int(current.until - now)

    def check(self, value: str | None) -> None:
        """Raises `Refused`: 41001 missing, 40014 no token at all, 42001 expired, 40001 not the latest."""
        if not value:
            raise Refused(41001)
        token = self._issued.get(value)
        if token is None:
            raise Refused(40001 if SHAPE.fullmatch(value) else 40014)
        if token.revoked:
            raise Refused(40001)
        if self._clock.now() >= token.until:
            raise Refused(42001)

    def revoke(self) -> None:
        """End all that are out, as when the secret is reset."""
        for token in self._issued.values():
            token.revoked = True

    def _may_force(self, now: float) -> None:
        today = [at for at in self._forced if now - at < DAY]
        if len(today) >= FORCES_PER_DAY:
            raise Refused(45009)
        if today and now - today[-1] < FORCE_PAUSE:
            raise Refused(45011)
        self._forced = [*today, now]

    def _end(self, token: Token, overlap: float) -> None:
        if overlap:
            token.until = min(token.until, self._clock.now() + overlap)
        else:
            token.revoked = True

    def _new(self) -> Token:
        token = Token(f"9_{secrets.token_urlsafe(96)}", self._clock.now() + LIFETIME)
        self._issued[token.value] = token
        return token
