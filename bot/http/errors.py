"""Errors as JSON `{"error": {"code", "message", "detail"?}}`; never a 500 on bad input, never a trace to a stranger."""

from __future__ import annotations

import structlog
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.errors import RequestError

log = structlog.get_logger(__name__)

CODES = {
    400: "bad_input",
    404: "not_found",
    405: "method_not_allowed",
    408: "timeout",
    413: "too_large",
    503: "unavailable",
}


def error(status: int, code: str, message: str) -> HTTPResponse:
    """An error answer."""
    return json({"error": {"code": code, "message": message}}, status=status, ensure_ascii=False)


def add_error_handlers(app: Sanic) -> None:
    """Answer our own errors, Sanic's, and everything unforeseen."""

    @app.exception(RequestError)
    async def ours(_request: Request, problem: RequestError) -> HTTPResponse:
        return json({"error": problem.as_json()}, status=problem.status, ensure_ascii=False)

    @app.exception(SanicException)
    async def sanics(_request: Request, problem: SanicException) -> HTTPResponse:
        status = int(getattr(problem, "status_code", 500) or 500)
        return error(status, CODES.get(status, "error"), CODES.get(status, "error").replace("_", " "))

    @app.exception(Exception)
    async def unforeseen(request: Request, problem: Exception) -> HTTPResponse:
        log.error("request failed", path=request.path, error=type(problem).__name__, exc_info=problem)
        return error(500, "internal", "something went wrong on our side")
