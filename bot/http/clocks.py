"""Deadlines that run, and what missed ones cost: `/api/v1/clocks`, `/api/v1/happenings`, `/api/v1/penalties`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.clocks import listing
from bot.conversation.inbox import MAX_SENDER, check_id
from bot.errors import BadInput
from bot.http.auth import acting, service_only
from bot.http.context import body, house, id_of, text_of
from bot.shop import PLATFORMS

clocks = Blueprint("clocks", url_prefix="/api/v1")

LONGEST_ID = 32
LISTED = {"ticket": listing.of_ticket, "conversation": listing.of_conversation, "order": listing.of_order}


@clocks.middleware("request")
async def authenticate(request: Request) -> None:
    """Every path here needs the service key or a session."""
    await acting(request)


@clocks.get("/clocks")
async def of(request: Request) -> HTTPResponse:
    """The clocks of a ticket, an order, or of a conversation and its tickets: the nearest first, then what is over."""
    services = house(request).services
    given = {name: request.args.get(name, "") for name in LISTED if name in request.args}
    if len(given) != 1:
        raise BadInput(f"{', '.join(LISTED)}: one of them")
    name, found_id = next(iter(given.items()))
    check_id(name, found_id, LONGEST_ID)
    async with services.database.session() as session:
        return json({"items": await LISTED[name](session, services, found_id)}, ensure_ascii=False)


@clocks.post("/clocks/<clock_id:str>/<verb:(pause|resume)>")
async def stand(request: Request, clock_id: str, verb: str) -> HTTPResponse:
    """Let a clock stand, or go on."""
    actor, reason = await acting(request), text_of(body(request), "reason", longest=200)
    return json(await house(request).desk.duties.stand(clock_id, verb == "pause", reason, actor), ensure_ascii=False)


@clocks.post("/happenings")
async def happened(request: Request) -> HTTPResponse:
    """What another system knows: of an order, or of a customer."""
    service_only(request)
    data = body(request)
    named = [name for name in ("order", "sender") if data.get(name)]
    if len(named) != 1:
        raise BadInput("order or sender: one of them")
    about, what = id_of(data, named[0], longest=MAX_SENDER), id_of(data, "what", longest=30)
    actor = await acting(request)
    started = await house(request).desk.duties.happened(what, named[0], about, _instant(data.get("at")), actor)
    return json({"started": started}, ensure_ascii=False)


def _instant(told: Any) -> datetime | None:
    """Raises BadInput for what is no instant with its offset."""
    if told is None:
        return None
    try:
        at = datetime.fromisoformat(told)
    except (TypeError, ValueError) as error:
        raise BadInput("at: an instant such as 2026-03-04T10:00:00+08:00") from error
    if at.tzinfo is None:
        raise BadInput("at: an instant with its offset")
    return at


@clocks.get("/penalties")
async def penalties(request: Request) -> HTTPResponse:
    """What platforms took for breaches, the newest first, with the sums of each platform."""
    platform = request.args.get("platform")
    if platform is not None and platform not in PLATFORMS:
        raise BadInput(f"platform: one of {', '.join(PLATFORMS)}")
    async with house(request).services.database.session() as session:
        return json(await listing.penalties(session, platform), ensure_ascii=False)
