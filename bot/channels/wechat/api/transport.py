"""HTTP to WeChat's API: what came back, or whether the request had gone out when it failed.

Addresses hold the access token, and some the secret: no exception of aiohttp's leaves here, since they quote addresses.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.channels.wechat.api.errors import Unreachable
from bot.conversation.outbox import DeliveryUnknown
from bot.errors import TooLarge

CONNECT_SECONDS, TOTAL_SECONDS = 5.0, 10.0
IDLE_SECONDS = 4.0
LARGEST_JSON = 1024 * 1024
OK = 200
NOTHING_DONE = frozenset({429, 503})
"""Statuses that say so, beside those of redirections and of our own mistakes."""


@dataclass(frozen=True)
class Answer:
    """What WeChat answered with status 200."""

    path: str
    media_type: str
    body: bytes

    def as_json(self) -> dict[str, Any] | None:
        """The JSON object, whatever its content type says; None where it is none."""
        try:
            told = json.loads(self.body.decode())
        except ValueError:
            return None
        return told if isinstance(told, dict) else None


@dataclass(frozen=True)
class Request:
    """A call: `query` without the token; `body` is JSON in UTF-8; `file` goes as the form's field `media`."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    file: File | None = None
    largest: int = LARGEST_JSON


@dataclass(frozen=True)
class File:
    """A file for a form."""

    name: str
    media_type: str
    content: bytes


class Transport:
    """One pool of connections to one server, made on first use. On one event loop only."""

    def __init__(self, base: str, *, connect: float = CONNECT_SECONDS, total: float = TOTAL_SECONDS) -> None:
        """`base`: WECHAT_API_BASE; the times are in seconds."""
        self.base = base
        self._timeout = aiohttp.ClientTimeout(total=total, sock_connect=connect)
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, request: Request, **added: str) -> Answer:
        """Call; `added` joins the query. Raises Unreachable: nothing was done; DeliveryUnknown: it may have been."""
        headers = {"Content-Type": "application/json; charset=utf-8"} if request.body is not None else {}
        return await self._ask(
            request.method,
            self.base + request.path,
            request.path,
            request.largest,
            params={**request.query, **added},
            data=_form(request.file) if request.file else request.body,
            headers=headers,
        )

    async def fetch(self, address: str, largest: int) -> Answer:
        """A file at an address that WeChat named. Raises as `ask`, and Unreachable for an address elsewhere."""
        if not _is_of_wechat(address, self.base):
            raise Unreachable("a film's address elsewhere")
        return await self._ask("GET", address, "film", largest)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, method: str, address: str, path: str, largest: int, **told: Any) -> Answer:
        session, sent = self._open(), SimpleNamespace(begun=False)
        failure = ""
        try:
            async with session.request(
                method, address, trace_request_ctx=sent, allow_redirects=False, **told
            ) as answer:
                body = await _limited(answer, largest) if answer.status == OK else b""
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            failure = type(error).__name__
        if failure:  # outside of the handler, so that the error of aiohttp is not this one's context
            raise _failed(path, failure, sent.begun)
        if answer.status != OK:
            raise _failed(path, f"status {answer.status}", not _says_nothing_done(answer.status))
        return Answer(path, answer.content_type, body)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            watch = aiohttp.TraceConfig()
            watch.on_request_headers_sent.append(_begins)  # type: ignore[arg-type]  # aiohttp 3.9 declares another signature
            # One kept open longer may be closed by WeChat just when it is used again: the outcome is unknown then.
            connector = aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, timeout=self._timeout, trace_configs=[watch])
        return self._session


async def _begins(_session: aiohttp.ClientSession, context: Any, _told: Any) -> None:
    context.trace_request_ctx.begun = True


async def _limited(answer: aiohttp.ClientResponse, largest: int) -> bytes:
    parts, size = [], 0
    async for part in answer.content.iter_any():
        size += len(part)
        if size > largest:
            answer.close()
            raise TooLarge(f"this may have {largest} bytes")
        parts.append(part)
    return b"".join(parts)


def _form(file: File) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("media", file.content, filename=file.name, content_type=file.media_type)
    return form


def _failed(path: str, failure: str, begun: bool) -> Exception:
    return DeliveryUnknown(f"{path}: {failure}") if begun else Unreachable(f"{path}: {failure}")


def _says_nothing_done(status: int) -> bool:
    return status in NOTHING_DONE or 300 <= status < 500


def _is_of_wechat(address: str, base: str) -> bool:
    """Films come from servers of Tencent's, or from the one that we call anyway."""
    told, own = urlsplit(address), urlsplit(base)
    if (told.scheme, told.netloc) == (own.scheme, own.netloc):
        return True
    host = told.hostname or ""
    return told.scheme in ("http", "https") and any(host.endswith(f".{ours}") for ours in ("qq.com", "qpic.cn"))
