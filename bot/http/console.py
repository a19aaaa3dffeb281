"""What the console does beyond the paths of servers: lists, details, notes, transfers: `/api/v1/desk/…`."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.desk.actors import Actor
from bot.desk.details import LINES, MOST_LINES
from bot.desk.units import named
from bot.errors import BadInput
from bot.http.auth import acting, desk_sender
from bot.http.context import House, body, house, id_of, text_of
from bot.http.uploads import UPLOAD_ID, attachments_of

console = Blueprint("console", url_prefix="/api/v1/desk")

ONE = "/conversations/<conversation_id:[0-9a-f]{32}>"
LONGEST_SEARCH = 60
MOST = 2**31 - 1  # what a number of a message or an account can be


@console.middleware("request")
async def authenticate(request: Request) -> None:
    """Every path here needs a session; a server may use them too."""
    request.ctx.actor = await acting(request)


@console.get("/conversations")
async def conversations(request: Request) -> HTTPResponse:
    """A page of a view, with counts."""
    view, before = request.args.get("view", "queue"), request.args.get("before", "")
    return _json(await house(request).desk.page(view, _actor(request), before))


@console.get(ONE)
async def details(request: Request, conversation_id: str) -> HTTPResponse:
    """All that stands beside a conversation."""
    here = house(request)
    viewing = [{"id": who["id"], "name": who["name"]} for who in here.presence.viewing(conversation_id)]
    return _json({**await here.desk.details_of(conversation_id), "agents_viewing": viewing})


@console.get(f"{ONE}/messages")
async def messages(request: Request, conversation_id: str) -> HTTPResponse:
    """A page of what was said."""
    asked = {name: _number(request, name, MOST) for name in ("before", "after")}
    limit = _number(request, "limit", MOST_LINES) or LINES
    return _json(await house(request).desk.messages(conversation_id, **asked, limit=limit))


@console.post(f"{ONE}/messages")
async def send(request: Request, conversation_id: str) -> HTTPResponse:
    """A message to the customer."""
    return _json(await answer(house(request), _actor(request), conversation_id, body(request)))


async def answer(here: House, actor: Actor, conversation_id: str, data: dict[str, Any]) -> dict[str, Any]:
    """Send what the console wrote, over HTTP or its socket; number and time. Raises RequestError."""
    text, client_id = text_of(data, "text"), id_of(data, "client_id", longest=128)
    if not client_id:
        raise BadInput("a message needs a client_id")
    listed = data.get("attachments") or []
    if not isinstance(listed, list) or not all(
        isinstance(entry, str) and UPLOAD_ID.fullmatch(entry) for entry in listed
    ):
        raise BadInput("attachments: ids of uploads")
    attachments = await attachments_of(here, listed, desk_sender(actor.account_id))
    return await here.desk.answer(conversation_id, actor, text, client_id, attachments)


@console.post(f"{ONE}/<verb:accept|return|close|decline>")
async def act(request: Request, conversation_id: str, verb: str) -> HTTPResponse:
    """Take, give back, close, or refuse what a colleague offered; the row as it is now."""
    body(request)
    desk = house(request).desk
    do = {
        "accept": desk.talks.accept,
        "return": desk.talks.give_back,
        "close": desk.talks.close,
        "decline": desk.transfers.decline,
    }[verb]
    return _json(await desk.row(await do(named(conversation_id), _actor(request))))


@console.post(f"{ONE}/transfer")
async def transfer(request: Request, conversation_id: str) -> HTTPResponse:
    """Hand on to a colleague (`to`) or into the queue; the row as it is now."""
    data, desk = body(request), house(request).desk
    to = data.get("to")
    if isinstance(to, bool) or not isinstance(to, (int, type(None))) or (to is not None and not 0 < to <= MOST):
        raise BadInput("to: the id of a colleague, or null")
    reason = text_of(data, "reason", longest=200)
    return _json(await desk.row(await desk.transfers.transfer(named(conversation_id), _actor(request), to, reason)))


@console.post(f"{ONE}/notes")
async def note(request: Request, conversation_id: str) -> HTTPResponse:
    """Write a note that customers never see."""
    data = body(request)
    text, client_id = text_of(data, "text"), id_of(data, "client_id", longest=128) or None
    written = await house(request).desk.note(conversation_id, _actor(request), text, client_id)
    return _json(written, status=201)


@console.post(f"{ONE}/invite_survey")
async def invite_survey(request: Request, conversation_id: str) -> HTTPResponse:
    """Ask the customer how the service was."""
    body(request)
    await house(request).desk.talks.invite_survey(named(conversation_id), _actor(request))
    return _json({"status": "ok"})


@console.get("/colleagues")
async def colleagues(request: Request) -> HTTPResponse:
    """Who works here, who is there, and how much each has."""
    here = house(request)
    return _json({"items": await here.desk.colleagues(here.presence.online())})


@console.get("/quick-replies")
async def quick_replies(request: Request) -> HTTPResponse:
    """What agents say often; `q` by words, pinyin or initials."""
    asked = request.args.get("q", "")
    if len(asked) > LONGEST_SEARCH:
        raise BadInput(f"q is longer than {LONGEST_SEARCH} characters")
    return _json({"items": house(request).quick_replies.find(asked)})


def _actor(request: Request) -> Actor:
    found: Actor = request.ctx.actor
    return found


def _number(request: Request, name: str, most: int) -> int | None:
    """A whole number of the query, at most `most`. Raises BadInput."""
    given = request.args.get(name)
    if given is None:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 19 or not int(given) > 0:
        raise BadInput(f"{name}: a whole number above 0")
    return min(int(given), most)


def _json(shown: Any, status: int = 200) -> HTTPResponse:
    return json(shown, status=status, headers={"Cache-Control": "no-store"}, ensure_ascii=False)
