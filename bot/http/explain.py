"""Why a text is understood as it is, for the console: `GET /api/v1/explain`."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.conversation.inbox import clean
from bot.errors import BadInput
from bot.http.auth import acting
from bot.http.context import house

explain = Blueprint("explain", url_prefix="/api/v1")

LONGEST = 500


@explain.get("/explain")
async def explanation(request: Request) -> HTTPResponse:
    """What the running model reads in `text`, what it decides, and why."""
    await acting(request)
    given = request.args.get("text", "")
    if len(given) > LONGEST:
        raise BadInput(f"text is longer than {LONGEST} characters")
    text = clean(given)
    if not text.strip():
        raise BadInput("text is missing or empty")
    return json(await house(request).engine.explain(text), ensure_ascii=False)
