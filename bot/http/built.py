"""Built files, sent as they are: compressed where the browser takes it, and only when it has not got them yet."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

from sanic.request import Request
from sanic.response import HTTPResponse, empty, file

from bot.errors import NotFound


async def built_file(request: Request, directory: Path, name: str, headers: dict[str, str]) -> HTTPResponse:
    """A file below `directory`, or 304. Raises NotFound for anything else.

    The front-end's build puts a `.gz` beside what is worth compressing.
    """
    path = (directory / name).resolve()
    if directory.resolve() not in path.parents or not path.is_file():
        raise NotFound("no such page")
    packed = path.with_name(path.name + ".gz")
    compressed = packed.is_file()
    sent = packed if compressed and takes_gzip(request.headers.get("accept-encoding", "")) else path
    tag = _tag(sent, sent.stat().st_mtime_ns)
    headers = {**headers, "ETag": tag, **({"Vary": "Accept-Encoding"} if compressed else {})}
    if _known(request.headers.get("if-none-match", ""), tag):
        return empty(304, headers=headers)
    if sent is packed:
        headers["Content-Encoding"] = "gzip"
    return await file(sent, mime_type=mime_type_of(path), headers=headers)


def mime_type_of(path: Path) -> str:
    """The media type by the file's name, with the charset where it is text."""
    mime_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{mime_type}; charset=utf-8" if mime_type.startswith("text/") else mime_type


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header allows gzip: named without a weight of zero."""
    for part in accepted.lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";q=")
        if coding == "gzip":
            return weight.strip("0.") != "" if weight else True
    return False


def _known(told: str, tag: str) -> bool:
    """Whether an If-None-Match header names the tag; a proxy may have weakened it."""
    return told.strip() == "*" or tag in (part.strip().removeprefix("W/") for part in told.split(","))


@lru_cache(maxsize=256)
def _tag(path: Path, _changed: int) -> str:
    return f'"{hashlib.sha256(path.read_bytes()).hexdigest()[:24]}"'
