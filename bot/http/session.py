"""Logging in to the console: `/api/v1/session`."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot.desk.sessions import LONGEST_PASSWORD, Visit
from bot.errors import BadInput, NotAuthenticated
from bot.http.auth import COOKIE, same_origin, visit_of
from bot.http.context import body, house, text_of
from bot.http.limits import address_of, is_https

session = Blueprint("session")


@session.post("/api/v1/session")
async def log_in(request: Request) -> HTTPResponse:
    """E-mail and password for a cookie."""
    here = house(request)
    same_origin(request)
    address = address_of(request, here.services.settings.trusted_proxies)
    here.address_limit.take(address)
    data = body(request)
    email, password = text_of(data, "email", longest=120), data.get("password")
    if not email or not isinstance(password, str) or not 0 < len(password) <= LONGEST_PASSWORD:
        raise BadInput("email and password are needed")
    cookie, visit = await here.sessions.open(email, password, address)
    answer = json(_shown(request, visit), ensure_ascii=False)
    _set_cookie(request, answer, cookie)
    return answer


@session.get("/api/v1/session")
async def who(request: Request) -> HTTPResponse:
    """Who is logged in."""
    visit = await visit_of(request)
    if visit is None:
        raise NotAuthenticated("not logged in")
    return json(_shown(request, visit), headers={"Cache-Control": "no-store"}, ensure_ascii=False)


@session.delete("/api/v1/session")
async def log_out(request: Request) -> HTTPResponse:
    """End the session; its sockets are closed."""
    here = house(request)
    visit = await visit_of(request, changing=True)
    if visit is None:
        raise NotAuthenticated("not logged in")
    await here.sessions.end(visit.digest)
    here.hub.tell("logged_out", "", {"session": visit.digest})
    answer = empty()
    _set_cookie(request, answer, "")
    return answer


def _shown(request: Request, visit: Visit) -> dict[str, Any]:
    account = visit.account
    shown = {"id": account.id, "email": account.email, "name": account.name, "role": account.role}
    shop = {"name": house(request).services.shop.name}
    return {"account": {**shown, "no": f"{account.id:03d}"}, "csrf": visit.csrf, "shop": shop}


def _set_cookie(request: Request, answer: HTTPResponse, cookie: str) -> None:
    answer.cookies[COOKIE] = cookie
    answer.cookies[COOKIE].update({"httponly": True, "samesite": "Strict", "path": "/"})
    if not cookie:
        answer.cookies[COOKIE]["max-age"] = 0
    if is_https(request, house(request).services.settings.trusted_proxies):
        answer.cookies[COOKIE]["secure"] = True
