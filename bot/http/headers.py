"""Security headers on every answer."""

from __future__ import annotations

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
# The widget stands on pages of other origins: it, the files that it shows and the path to which it uploads are theirs
# to use. No cookie is ever sent there.
FOREIGN = {
    "/widget.js": {"Cross-Origin-Resource-Policy": "cross-origin"},
    "/uploads/": {"Cross-Origin-Resource-Policy": "cross-origin"},
    "/api/v1/uploads": {"Access-Control-Allow-Origin": "*"},
}


def add_security_headers(app: Sanic) -> None:
    """Set them where a handler has not set its own."""

    @app.middleware("response")
    async def secure(request: Request, response: HTTPResponse) -> None:
        headers = dict(HEADERS)
        for path, foreign in FOREIGN.items():
            if request.path == path or (path.endswith("/") and request.path.startswith(path)):
                headers |= foreign
        for name, value in headers.items():
            response.headers.setdefault(name, value)
