"""The HTTP side of the API: which path does what, who may call it, and the faults on the way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from . import api_base as base
from . import api_messages as messages
from .call import Call
from .faults import Fault
from .refused import Refused
from .state import ApiCall
from .world import World

Handler = Callable[[Call], Awaitable[dict[str, Any] | web.Response]]
LARGEST = 32 << 20


@dataclass(frozen=True)
class Route:
    """A path of the API. `right` is what the account must have for it; `token`: whether it takes an access token."""

    method: str
    run: Handler
    right: str = ""
    token: bool = True


ROUTES = {
    "/cgi-bin/token": Route("GET", base.token, token=False),
    "/cgi-bin/stable_token": Route("POST", base.stable_token, token=False),
    "/cgi-bin/getcallbackip": Route("GET", base.addresses),
    "/cgi-bin/get_api_domain_ip": Route("GET", base.addresses),
    "/cgi-bin/clear_quota": Route("POST", base.clear_quota),
    "/cgi-bin/clear_quota/v2": Route("POST", base.clear_quota_v2, token=False),
    "/cgi-bin/media/upload": Route("POST", base.upload, "media"),
    "/cgi-bin/media/get": Route("GET", base.download, "media"),
    "/cgi-bin/menu/create": Route("POST", base.menu_create, "menu"),
    "/cgi-bin/menu/get": Route("GET", base.menu_get, "menu"),
    "/cgi-bin/menu/delete": Route("GET", base.menu_delete, "menu"),
    "/cgi-bin/qrcode/create": Route("POST", base.qr_create, "qr"),
    "/cgi-bin/showqrcode": Route("GET", base.qr_show, token=False),
    "/cgi-bin/user/info": Route("GET", base.user_info, "user"),
    "/cgi-bin/message/custom/send": Route("POST", messages.custom_send, "custom"),
    "/cgi-bin/message/custom/typing": Route("POST", messages.typing, "custom"),
    "/cgi-bin/message/template/send": Route("POST", messages.template_send, "template"),
    "/cgi-bin/message/subscribe/bizsend": Route("POST", messages.notice_send, "notice"),
    "/cgi-bin/customservice/getkflist": Route("GET", messages.staff, "desk"),
    "/cgi-bin/customservice/getonlinekflist": Route("GET", messages.staff_online, "desk"),
    "/customservice/kfsession/create": Route("POST", messages.session_create, "desk"),
    "/customservice/kfsession/close": Route("POST", messages.session_close, "desk"),
    "/customservice/kfsession/getsession": Route("GET", messages.session_of, "desk"),
    "/customservice/kfsession/getsessionlist": Route("GET", messages.sessions_of, "desk"),
    "/customservice/kfsession/getwaitcase": Route("GET", messages.waiting, "desk"),
    "/sns/oauth2/access_token": Route("GET", base.oauth_exchange, "oauth", token=False),
    "/sns/oauth2/refresh_token": Route("GET", base.oauth_refresh, "oauth", token=False),
    "/sns/auth": Route("GET", base.oauth_check, "oauth", token=False),
    "/sns/userinfo": Route("GET", base.oauth_user, "oauth", token=False),
}


class Api:
    """Serves the API of a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_to(self, app: web.Application) -> None:
        """Add all paths."""
        for path in ROUTES:
            app.router.add_route("*", path, self._serve)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        fault = self._world.faults.take(request.path)
        if fault is not None and fault.kind == "lose_request":
            self._note(request, None, None, fault.kind)
            return _cut(request)
        call = await self._read(request)
        if fault is not None and fault.kind in ("errcode", "status", "garbage"):
            return self._failed(request, call, fault)
        answer, errcode = await self._run(ROUTES[request.path], call)
        kind = fault.kind if fault is not None else ""
        self._note(request, call, errcode, kind)
        if fault is not None and fault.kind == "delay":
            await asyncio.sleep(fault.value)
        if kind == "lose_answer":
            return _cut(request)
        return answer if isinstance(answer, web.Response) else _json(request.path, answer)

    async def _run(self, route: Route, call: Call) -> tuple[dict[str, Any] | web.Response, int | None]:
        try:
            if call.method != route.method:
                raise Refused(43001 if route.method == "GET" else 43002)
            if route.token:
                self._world.tokens.check(call.query.get("access_token"))
            if route.right and not self._world.account.may(route.right):
                raise Refused(48001)
            self._world.limits.count(call.path)
            answer = await route.run(call)
        except Refused as refused:
            return refused.answer(), refused.errcode
        return answer, answer.get("errcode", 0) if isinstance(answer, dict) else None

    async def _read(self, request: web.Request) -> Call:
        upload, raw = None, b""
        if request.content_type == "multipart/form-data":
            async for part in await request.multipart():
                if isinstance(part, BodyPartReader) and part.name == "media" and part.filename:
                    upload = part.filename, bytes(await part.read())
        else:
            raw = await request.read()
        return Call(
            world=self._world,
            method=request.method,
            path=request.path,
            query=request.query,
            raw=raw,
            peer=request.remote or "",
            base=f"{request.scheme}://{request.host}",
            upload=upload,
        )

    def _failed(self, request: web.Request, call: Call, fault: Fault) -> web.Response:
        errcode = int(fault.value) if fault.kind == "errcode" else None
        self._note(request, call, errcode, fault.kind)
        if errcode is not None:
            return _json(request.path, Refused(errcode).answer())
        if fault.kind == "status":
            return web.Response(status=int(fault.value), text="")
        return web.Response(text="<html><body>503</body></html>", content_type="text/html")

    def _note(self, request: web.Request, call: Call | None, errcode: int | None, fault: str) -> None:
        body: Any = None
        if call is not None:
            body = call.seen if call.seen is not None else _readable(call.raw)
        state = self._world.state
        state.calls.append(ApiCall(request.path, dict(request.query), body, errcode, self._world.clock.now(), fault))
        state.bell.ring()


def _cut(request: web.Request) -> web.Response:
    """Say nothing any more."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _readable(raw: bytes) -> Any:
    text = raw.decode("utf-8", "replace")
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _json(path: str, body: dict[str, Any]) -> web.Response:
    """As WeChat does it: not escaped, and with a content type of its own making."""
    kind = "text/plain" if path.startswith("/sns/") else "application/json; encoding=utf-8"
    return web.Response(body=json.dumps(body, ensure_ascii=False).encode(), headers={"Content-Type": kind})
