"""Conversations, handoffs, tickets and approvals for servers and the console: `/api/v1/…`."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.conversation.inbox import MAX_SENDER, check_id
from bot.desk.actors import Actor
from bot.errors import NotAllowed
from bot.http.auth import acting
from bot.http.context import body, house, id_of, sender_of, text_of

desk = Blueprint("desk", url_prefix="/api/v1")

DECIDED = {"approve": "approved", "reject": "rejected", "done": "done"}


@desk.middleware("request")
async def authenticate(request: Request) -> None:
    """Every path here needs the service key or a session."""
    request.ctx.actor = await acting(request)


def actor_of(request: Request) -> Actor:
    """Who calls, as the middleware found."""
    found: Actor = request.ctx.actor
    return found


@desk.get("/conversations/<sender:path>")
async def conversation(request: Request, sender: str) -> HTTPResponse:
    """The sender's latest conversation."""
    return json(await house(request).desk.conversation(sender_of(sender)), ensure_ascii=False)


@desk.post("/handoffs/<sender:str>/accept")
async def accept(request: Request, sender: str) -> HTTPResponse:
    """A person takes the conversation."""
    agent = _agent(request)
    taken = await house(request).desk.accept(sender_of(sender), agent, _person(request))
    return json(taken, ensure_ascii=False)


@desk.post("/handoffs/<sender:str>/messages")
async def send(request: Request, sender: str) -> HTTPResponse:
    """A message from the person."""
    data = body(request)
    client_id, agent = id_of(data, "client_id", longest=128) or None, _agent(request)
    sent = await house(request).desk.send(sender_of(sender), text_of(data, "text"), client_id, agent, _person(request))
    return json(sent, ensure_ascii=False)


@desk.post("/handoffs/<sender:str>/return")
async def give_back(request: Request, sender: str) -> HTTPResponse:
    """Back to the bot."""
    body(request)
    return json(await house(request).desk.give_back(sender_of(sender), _person(request)), ensure_ascii=False)


@desk.post("/handoffs/<sender:str>/close")
async def close(request: Request, sender: str) -> HTTPResponse:
    """End the conversation."""
    reason = text_of(body(request), "reason", longest=200)
    return json(await house(request).desk.close(sender_of(sender), reason, _person(request)), ensure_ascii=False)


@desk.get("/tickets")
async def tickets(request: Request) -> HTTPResponse:
    """The tickets of a sender, oldest first."""
    sender = request.args.get("sender", "")
    check_id("sender", sender, MAX_SENDER)
    return json({"items": await house(request).desk.tickets_of(sender)}, ensure_ascii=False)


@desk.post("/tickets/<ticket_id:str>/<verb:approve|reject|done>")
async def decide_ticket(request: Request, ticket_id: str, verb: str) -> HTTPResponse:
    """Approve, reject or finish a ticket; over money decide supervisors and admins."""
    actor = actor_of(request)
    if verb != "done":
        actor.must_lead()
    reason = text_of(body(request), "reason", longest=200)
    decided = await house(request).desk.decide_ticket(ticket_id, DECIDED[verb], actor.label, reason, actor.role)
    return json(decided, ensure_ascii=False)


@desk.get("/approvals")
async def approvals(request: Request) -> HTTPResponse:
    """Approvals that wait for a decision."""
    return json({"items": await house(request).desk.approvals()}, ensure_ascii=False)


@desk.post("/approvals/<approval_id:str>/decide")
async def decide_approval(request: Request, approval_id: str) -> HTTPResponse:
    """Decide an approval."""
    actor = actor_of(request)
    actor.must_lead()
    data = body(request)
    decision, reason = text_of(data, "decision"), text_of(data, "reason", longest=200)
    amount = id_of(data, "amount", longest=20) or None
    desk_of = house(request).desk
    decided = await desk_of.decide_approval(approval_id, decision, reason, actor.label, amount, actor.role)
    return json(decided, ensure_ascii=False)


def _person(request: Request) -> Actor | None:
    """Whoever is logged in; None for a server, which may name an agent."""
    actor = actor_of(request)
    return actor if actor.account_id is not None else None


def _agent(request: Request) -> str | None:
    """The agent that a server names. Raises NotAllowed where somebody who is logged in names another."""
    agent = id_of(body(request), "agent", longest=120) or None
    person = _person(request)
    if agent and person and agent.lower() != person.email:
        raise NotAllowed("you act for yourself", "not_yours")
    return agent
