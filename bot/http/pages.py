"""The demo page, the widget, the API reference: built files, served as they are."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, file

from bot.errors import NotFound
from bot.settings import ROOT

pages = Blueprint("pages")

DIST = ROOT / "bot" / "web" / "dist"
SPEC = Path(__file__).parent / "openapi.yml"
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
FRESH = {"Cache-Control": "no-cache"}


@pages.get("/")
async def index(_request: Request) -> HTTPResponse:
    """The demo shop."""
    return await _file(DIST / "demo", "index.html", FRESH)


@pages.get("/assets/<path:path>")
async def assets(_request: Request, path: str) -> HTTPResponse:
    """The demo page's scripts and styles; their names change with their content."""
    return await _file(DIST / "demo" / "assets", path, FOREVER)


@pages.get("/widget.js")
async def widget(_request: Request) -> HTTPResponse:
    """The widget, for any page."""
    return await _file(DIST, "widget.js", {**FRESH, "Access-Control-Allow-Origin": "*"})


@pages.get("/widget/<name:str>")
async def widget_locale(_request: Request, name: str) -> HTTPResponse:
    """What the widget loads beside itself, for any page: its texts in another language."""
    return await _file(DIST / "widget", name, {**FRESH, "Access-Control-Allow-Origin": "*"})


@pages.get("/docs")
async def docs(_request: Request) -> HTTPResponse:
    """The API reference."""
    return await _file(DIST / "docs", "index.html", FRESH)


@pages.get("/docs/<path:path>")
async def docs_assets(_request: Request, path: str) -> HTTPResponse:
    """What the API reference loads; its specification is kept beside the handlers."""
    if path == "openapi.yml":
        return await file(SPEC, mime_type="application/yaml", headers=FRESH)
    return await _file(DIST / "docs", path, FRESH)


async def _file(directory: Path, name: str, headers: dict[str, str]) -> HTTPResponse:
    """A file below `directory`. Raises NotFound for anything else."""
    path = (directory / name).resolve()
    if directory.resolve() not in path.parents or not path.is_file():
        raise NotFound("no such page")
    mime_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return await file(
        path, mime_type=f"{mime_type}; charset=utf-8" if mime_type.startswith("text/") else mime_type, headers=headers
    )
