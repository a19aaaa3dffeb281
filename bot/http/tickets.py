"""One ticket: all that is known of it, and what people do with it: `/api/v1/tickets/…`."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.desk.actors import Actor
from bot.errors import BadInput
from bot.http.auth import acting
from bot.http.context import body, house, id_of, text_of
from bot.tickets.service import LONGEST_REPLY

tickets = Blueprint("tickets", url_prefix="/api/v1/tickets/<ticket_id:str>")


@tickets.middleware("request")
async def authenticate(request: Request) -> None:
    """Every path here needs the service key or a session."""
    request.ctx.actor = await acting(request)


@tickets.get("/")
async def detail(request: Request, ticket_id: str) -> HTTPResponse:
    """The ticket with its log, steps, links and the clauses that it rests on."""
    return _json(await house(request).desk.one.detail(ticket_id))


@tickets.post("/reopen")
async def reopen(request: Request, ticket_id: str) -> HTTPResponse:
    """It is not solved: open it again."""
    reason = text_of(body(request), "reason", longest=500)
    return _json(await house(request).desk.one.reopen(ticket_id, _actor(request), reason))


@tickets.post("/merge")
async def merge(request: Request, ticket_id: str) -> HTTPResponse:
    """It is the same matter as another one."""
    return _json(await house(request).desk.one.merge(ticket_id, _named(request, "into"), _actor(request)))


@tickets.post("/link")
async def link(request: Request, ticket_id: str) -> HTTPResponse:
    """It belongs to another one."""
    kind = id_of(body(request), "kind", longest=12) or "related"
    return _json(await house(request).desk.one.link(ticket_id, _named(request, "to"), kind, _actor(request)))


@tickets.post("/notes")
async def note(request: Request, ticket_id: str) -> HTTPResponse:
    """A note that customers never see."""
    text = text_of(body(request), "text")
    return _json(await house(request).desk.one.note(ticket_id, text, _actor(request)), status=201)


@tickets.post("/reply")
async def reply(request: Request, ticket_id: str) -> HTTPResponse:
    """A written answer to the customer."""
    text = text_of(body(request), "text", longest=LONGEST_REPLY)
    return _json(await house(request).desk.one.reply(ticket_id, text, _actor(request)), status=201)


@tickets.post("/milestones")
async def reach(request: Request, ticket_id: str) -> HTTPResponse:
    """What happened to it elsewhere."""
    data = body(request)
    what, text = id_of(data, "what", longest=30), text_of(data, "text", longest=500)
    return _json(await house(request).desk.one.reach(ticket_id, what, text, _actor(request)), status=201)


@tickets.post("/fields")
async def fill(request: Request, ticket_id: str) -> HTTPResponse:
    """What the customer was asked for."""
    return _json(await house(request).desk.one.fill(ticket_id, body(request), _actor(request)))


@tickets.post("/stage")
async def move(request: Request, ticket_id: str) -> HTTPResponse:
    """The next step of the way."""
    stage = id_of(body(request), "stage", longest=12)
    return _json(await house(request).desk.one.move(ticket_id, stage, _actor(request)))


@tickets.post("/confirm")
async def confirm(request: Request, ticket_id: str) -> HTTPResponse:
    """Whether it is solved, as the customer told somebody."""
    data = body(request)
    solved = data.get("solved")
    if not isinstance(solved, bool):
        raise BadInput("solved: true or false")
    reason = text_of(data, "reason", longest=500)
    return _json(await house(request).desk.one.confirm(ticket_id, solved, _actor(request), reason))


def _named(request: Request, name: str) -> str:
    """The ticket that the body names. Raises BadInput."""
    named = id_of(body(request), name, longest=16)
    if not named:
        raise BadInput(f"{name}: the id of a ticket")
    return named


def _actor(request: Request) -> Actor:
    found: Actor = request.ctx.actor
    return found


def _json(shown: Any, status: int = 200) -> HTTPResponse:
    return json(shown, status=status, headers={"Cache-Control": "no-store"}, ensure_ascii=False)
