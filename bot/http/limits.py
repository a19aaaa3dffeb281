"""Limits: a token bucket per sender or address, in this process; how large a request may be; who proxies say calls."""

from __future__ import annotations

import time
from collections import OrderedDict

from sanic import Sanic
from sanic.request import Request

from bot.errors import TooLarge, TooMany

MOST_KEYS = 20_000
MOST_BYTES = 16 * 1024 * 1024
UPLOADS = "/api/v1/uploads"  # has limits of its own


class Limiter:
    """Allows `per_minute` calls a minute for each key, with as many at once. The oldest keys are forgotten."""

    def __init__(self, per_minute: int) -> None:
        self._most = float(per_minute)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Count one call. Raises TooMany."""
        now = time.monotonic()
        tokens, then = self._buckets.pop(key, (self._most, now))
        tokens = min(self._most, tokens + (now - then) * self._most / 60)
        self._buckets[key] = (max(tokens - 1, 0.0) if tokens >= 1 else tokens, now)
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        if tokens < 1:
            raise TooMany("too many requests; try again in a minute")


def address_of(request: Request, trusted_proxies: int) -> str:
    """The caller's address; X-Forwarded-For counts only as far as our own proxies wrote it."""
    forwarded = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    if trusted_proxies and len(forwarded) >= trusted_proxies:
        return str(forwarded[-trusted_proxies])
    return str(request.ip)


def add_body_limit(app: Sanic) -> None:
    """Refuse bodies that are larger than anything but a film need be."""

    @app.middleware("request")
    async def limit(request: Request) -> None:
        if request.path != UPLOADS and len(request.body) > MOST_BYTES:
            raise TooLarge(f"a request may have {MOST_BYTES // 2**20} MB")


def is_https(request: Request, trusted_proxies: int) -> bool:
    """Whether the browser's connection is encrypted; X-Forwarded-Proto counts only behind our own proxies."""
    if trusted_proxies and (forwarded := request.headers.get("x-forwarded-proto", "")):
        return str(forwarded).split(",")[-1].strip() == "https"
    return str(request.scheme) in ("https", "wss")


def own_hosts(request: Request, trusted_proxies: int) -> set[str]:
    """The names, with port, under which the browser may have called us."""
    forwarded = request.headers.get("x-forwarded-host", "") if trusted_proxies else ""
    return {str(request.headers.get("host", "")), forwarded.split(",")[-1].strip()} - {""}
