"""Deadlines that run, and what missed ones cost: `/api/v1/clocks`, `/api/v1/penalties`."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.clocks import listing
from bot.conversation.inbox import check_id
from bot.errors import BadInput
from bot.http.auth import acting
from bot.http.context import house
from bot.shop import PLATFORMS

clocks = Blueprint("clocks", url_prefix="/api/v1")

LONGEST_ID = 32


@clocks.middleware("request")
async def authenticate(request: Request) -> None:
    """Every path here needs the service key or a session."""
    await acting(request)


@clocks.get("/clocks")
async def of(request: Request) -> HTTPResponse:
    """The clocks of a ticket, or of a conversation and its tickets: the nearest first, then what is over."""
    services = house(request).services
    given = {name: request.args.get(name, "") for name in ("ticket", "conversation") if name in request.args}
    if len(given) != 1:
        raise BadInput("ticket or conversation: one of them")
    name, found_id = next(iter(given.items()))
    check_id(name, found_id, LONGEST_ID)
    find = listing.of_ticket if name == "ticket" else listing.of_conversation
    async with services.database.session() as session:
        return json({"items": await find(session, services, found_id)}, ensure_ascii=False)


@clocks.get("/penalties")
async def penalties(request: Request) -> HTTPResponse:
    """What platforms took for breaches, the newest first, with the sums of each platform."""
    platform = request.args.get("platform")
    if platform is not None and platform not in PLATFORMS:
        raise BadInput(f"platform: one of {', '.join(PLATFORMS)}")
    async with house(request).services.database.session() as session:
        return json(await listing.penalties(session, platform), ensure_ascii=False)
