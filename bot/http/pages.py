"""The demo page, the widget, the console, the API reference: built files, served as they are."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, text

from bot.http.built import built_file
from bot.http.specification import as_yaml
from bot.settings import ROOT

pages = Blueprint("pages")

DIST = ROOT / "bot" / "web" / "dist"
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
FRESH = {"Cache-Control": "no-cache"}
ANYWHERE = {**FRESH, "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


@pages.get("/")
async def index(request: Request) -> HTTPResponse:
    """The demo shop."""
    return await built_file(request, DIST / "demo", "index.html", FRESH)


@pages.get("/assets/<path:path>")
async def assets(request: Request, path: str) -> HTTPResponse:
    """The demo page's scripts and styles; their names change with their content."""
    return await built_file(request, DIST / "demo" / "assets", path, FOREVER)


@pages.get("/widget.js")
async def widget(request: Request) -> HTTPResponse:
    """The widget, for any page."""
    return await built_file(request, DIST, "widget.js", ANYWHERE)


@pages.get("/widget/<path:path>")
async def widget_parts(request: Request, path: str) -> HTTPResponse:
    """What the widget loads only where it is needed: its other languages."""
    return await built_file(request, DIST / "widget", path, ANYWHERE)


@pages.get("/console")
async def console(request: Request) -> HTTPResponse:
    """The agents' console."""
    return await built_file(request, DIST / "console", "index.html", FRESH)


@pages.get("/console/assets/<path:path>")
async def console_assets(request: Request, path: str) -> HTTPResponse:
    """The console's scripts and styles; their names change with their content."""
    return await built_file(request, DIST / "console" / "assets", path, FOREVER)


@pages.get("/docs")
async def docs(request: Request) -> HTTPResponse:
    """The API reference."""
    return await built_file(request, DIST / "docs", "index.html", FRESH)


@pages.get("/docs/<path:path>")
async def docs_assets(request: Request, path: str) -> HTTPResponse:
    """What the API reference loads; its specification is kept beside the handlers."""
    if path == "openapi.yml":
        return text(as_yaml(), content_type="application/yaml; charset=utf-8", headers=FRESH)
    return await built_file(request, DIST / "docs", path, FRESH)
