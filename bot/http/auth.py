"""Who may call: servers with the service key, shoppers with a token."""

from __future__ import annotations

import hmac

from sanic.request import Request

from bot.errors import NotAuthenticated
from bot.http.context import house
from bot.identity import Shopper

SERVICE = "service"


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


def shopper_or_service(request: Request) -> Shopper:
    """A shopper by token; a server that holds the service key counts as the sender `service`."""
    token = bearer(request)
    if _is_service_key(request, token):
        return Shopper(SERVICE)
    return house(request).identities.read(token)


def _is_service_key(request: Request, token: str) -> bool:
    key = house(request).services.settings.service_api_key
    return hmac.compare_digest(token.encode(errors="replace"), key.encode())
