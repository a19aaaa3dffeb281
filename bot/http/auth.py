"""Who may call: servers with the service key, people of the desk with a session, shoppers with a token."""

from __future__ import annotations

import hmac

from sanic.request import Request

from bot.desk import actors
from bot.desk.actors import Actor
from bot.desk.sessions import Visit
from bot.errors import NotAllowed, NotAuthenticated
from bot.http.context import house
from bot.http.limits import own_hosts
from bot.identity import Shopper

SERVICE = "service"
COOKIE = "desk_session"
READING = ("GET", "HEAD", "OPTIONS")


def bearer(request: Request) -> str:
    """The token of the Authorization header. Raises NotAuthenticated without one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotAuthenticated("Authorization: Bearer … is needed")
    return str(token).strip()


def service_only(request: Request) -> None:
    """Let only the service key pass. Raises NotAuthenticated."""
    if not _is_service_key(request, bearer(request)):
        raise NotAuthenticated("the key is not valid")


async def acting(request: Request) -> Actor:
    """Who calls: a server by its key, else somebody logged in, whose changes carry the session's token.

    Raises NotAuthenticated, NotAllowed.
    """
    if "authorization" in request.headers:
        service_only(request)
        return actors.service()
    visit = await visit_of(request, changing=request.method not in READING)
    if visit is None:
        raise NotAuthenticated("a service key or a session is needed")
    return actors.of_account(visit.account)


async def visit_of(request: Request, *, changing: bool = False) -> Visit | None:
    """The session of the request's cookie. Raises NotAllowed for a change without its token."""
    visit = await house(request).sessions.find(request.cookies.get(COOKIE) or "")
    if visit and changing and not visit.shows(request.headers.get("x-csrf-token", "")):
        raise NotAllowed("X-CSRF-Token is missing or wrong", "csrf")
    return visit


async def shopper_or_service(request: Request) -> Shopper:
    """A shopper by token; a server with the service key is the sender `service`, somebody of the desk `desk-<id>`."""
    if "authorization" not in request.headers and request.cookies.get(COOKIE):
        return Shopper(desk_sender((await acting(request)).account_id))
    token = bearer(request)
    if _is_service_key(request, token):
        return Shopper(SERVICE)
    return house(request).identities.read(token)


def desk_sender(account_id: int | None) -> str:
    """Under which name an account's uploads are kept; without one, a server's."""
    return SERVICE if account_id is None else f"desk-{account_id}"


def same_origin(request: Request) -> None:
    """A page of another origin must not press our buttons. Raises NotAllowed."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("only from our own pages")
    origin = request.headers.get("origin")
    if origin and not is_own_origin(request, origin):
        raise NotAllowed("only from our own pages")


def is_own_origin(request: Request, origin: str) -> bool:
    """Whether an Origin header names this service."""
    proxies = house(request).services.settings.trusted_proxies
    return origin.split("://", 1)[-1] in own_hosts(request, proxies)


def _is_service_key(request: Request, token: str) -> bool:
    key = house(request).services.settings.service_api_key
    return hmac.compare_digest(token.encode(errors="replace"), key.encode())
