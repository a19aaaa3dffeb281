"""Who may call: servers with the service key, shoppers with a token."""
from __future__ import annotations

import hmac

from sanic.request import Request

from bot.errors import NotAuthenticated
from bot.http.context import house
from bot.identity import Shopper


def bearer(request: Request) -> str:
    """The token of the Authorization header. Raises NotAuthenticated without one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotAuthenticated("Authorization: Bearer … is needed")
    return token.strip()


def service_only(request: Request) -> None:
    """Let only the service key pass. Raises NotAuthenticated."""
    key = house(request).services.settings.service_api_key
    if not hmac.compare_digest(bearer(request).encode(), key.encode()):
        raise NotAuthenticated("the key is not valid")


def shopper_or_service(request: Request) -> Shopper:
    """A shopper by token; a server that holds the service key counts as the sender `service`."""
    token = bearer(request)
    if hmac.compare_digest(token.encode(), house(request).services.settings.service_api_key.encode()):
        return Shopper("service")
    return house(request).identities.read(token)
