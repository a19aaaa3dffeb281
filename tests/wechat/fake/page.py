"""The page on which somebody plays WeChat users by hand."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from .actions import Actions
from .authorise import Authorise
from .user import User
from .view import view
from .world import World

FILES = Path(__file__).parent / "static"
NAMES = ("page.js", "chat.js", "panel.js", "dom.js", "page.css", "icon.svg", "texts.zh.json")
PICTURES = {"image/jpeg", "image/png", "image/gif"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
AT_ONCE = 0.1
"""So long an action may take to be refused, in seconds; its push goes on behind."""
LOOK_AGAIN = 1.0


class Page:
    """Serves the page, what it shows, and what it does."""

    def __init__(
        self, world: World, user: Callable[[str, str], User], jump: Callable[[float], Awaitable[None]]
    ) -> None:
        self._world = world
        self._user = user
        self._actions = Actions(world, user, jump)
        self._open = True
        self._tasks: set[asyncio.Task[Any]] = set()

    def add_to(self, app: web.Application) -> None:
        """Add all paths."""
        app.router.add_get("/", self._index)
        app.router.add_get("/favicon.ico", self._icon)
        for name in NAMES:
            app.router.add_get(f"/fake/{name}", self._file)
        app.router.add_get("/fake/events", self._events)
        app.router.add_post("/fake/act", self._act)
        app.router.add_post("/fake/upload", self._upload)
        app.router.add_get("/mmbiz/{media_id}", self._medium)
        app.router.add_get("/connect/oauth2/authorize", Authorise(self._world, self._user).serve)

    async def stop(self) -> None:
        """Let go of who listens, and of what is under way."""
        self._open = False
        self._world.state.bell.ring()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _index(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(FILES / "index.html", headers=HEADERS)

    async def _icon(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(FILES / "icon.svg", headers=HEADERS)

    async def _file(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(FILES / request.path.removeprefix("/fake/"), headers=HEADERS)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        told = ""
        while self._open:
            now = json.dumps(view(self._world, request.query.get("user", "")), ensure_ascii=False)
            try:
                await response.write(f"data: {now}\n\n".encode() if now != told else b":\n\n")
            except ConnectionError:
                break
            told = now
            await self._world.state.bell.wait(LOOK_AGAIN)
        return response

    async def _act(self, request: web.Request) -> web.Response:
        if not _own(request) or request.content_type != "application/json":
            raise web.HTTPForbidden
        try:
            asked = json.loads(await request.text())
        except ValueError:
            return _answer({"problem": "no JSON"}, 400)
        if not isinstance(asked, Mapping):
            return _answer({"problem": "no object"}, 400)
        if asked.get("act") == "add_user":
            made = self._user(f"o-{secrets.token_hex(4)}", str(asked.get("nickname", "")))
            return _answer({"openid": made.openid})
        return await self._begin(self._actions.run(asked))

    async def _upload(self, request: web.Request) -> web.Response:
        if not _own(request):
            raise web.HTTPForbidden
        what = {"act": request.query.get("kind", ""), "user": request.query.get("user", "")}
        return await self._begin(self._actions.run(what | {"content": await request.read()}))

    async def _begin(self, action: Any) -> web.Response:
        task = asyncio.ensure_future(action)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.wait({task}, timeout=AT_ONCE)
        if not task.done():
            return _answer({})
        error = task.exception()
        return _answer({"problem": f"{error}"}, 400) if error else _answer({"problem": task.result() or ""})

    async def _medium(self, request: web.Request) -> web.Response:
        medium = self._world.media.shown(request.match_info["media_id"])
        if medium is None:
            raise web.HTTPNotFound
        kind = medium.mime if medium.mime in PICTURES else "application/octet-stream"
        return web.Response(body=medium.content, content_type=kind, headers=HEADERS)


def _own(request: web.Request) -> bool:
    """Whether the page itself asks, and not another one that somebody has open."""
    origin = request.headers.get("Origin")
    return origin in (None, f"{request.scheme}://{request.host}")


def _answer(body: Mapping[str, Any], status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers=HEADERS)
