"""What handlers need, hung on the application once by app.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from sanic.request import Request

from bot.conversation.hub import Hub
from bot.conversation.inbox import MAX_SENDER, check_id, clean
from bot.conversation.spine import Spine
from bot.desk.presence import Presence
from bot.desk.quick_replies import QuickReplies
from bot.desk.service import Desk
from bot.desk.sessions import Sessions
from bot.engine.thread import EngineThread
from bot.errors import BadInput, TooLarge
from bot.http.limits import Limiter
from bot.identity import Identities
from bot.services import Services


@dataclass(frozen=True)
class House:
    """The composed service."""

    services: Services
    hub: Hub
    engine: EngineThread
    spine: Spine
    desk: Desk
    identities: Identities
    sessions: Sessions
    presence: Presence
    quick_replies: QuickReplies
    sender_limit: Limiter
    address_limit: Limiter


def house(request: Request) -> House:
    """The house that this request reached."""
    found: House = request.app.ctx.house
    return found


def body(request: Request) -> dict[str, Any]:
    """The request's JSON object. Raises BadInput."""
    try:
        data = request.json
    except Exception as error:  # Sanic raises its own on malformed JSON and on wrong encodings
        raise BadInput("the body is not JSON") from error
    if data is None and not request.body:
        return {}
    if not isinstance(data, dict):
        raise BadInput("the body is not a JSON object")
    return data


def text_of(data: dict[str, Any], name: str, default: str = "", longest: int = 20_000) -> str:
    """A text of the body, without control characters. Raises BadInput for something else, TooLarge for too much."""
    value = data.get(name, default)
    if value is None:
        return default
    if not isinstance(value, str):
        raise BadInput(f"{name} is not a text")
    if len(value) > longest:
        raise TooLarge(f"{name} is longer than {longest} characters")
    return clean(value)


def id_of(data: dict[str, Any], name: str, longest: int) -> str:
    """A name or number of the body as it stands; empty when absent. Raises BadInput."""
    value = data.get(name)
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        raise BadInput(f"{name} is not a text")
    check_id(name, value, longest)
    return value


def sender_of(path_part: str) -> str:
    """The sender that a path names. Raises BadInput."""
    sender = unquote(path_part)
    check_id("sender", sender, MAX_SENDER)
    return sender
