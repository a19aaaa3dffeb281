"""The console's channel: Socket.IO under `/desk`, beside the widget's. What is missed offline is fetched over HTTP.

Rooms: one of the whole desk, one of each account, one of each conversation that somebody looks at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import socketio
import structlog

from bot.channels.rows import RowTeller
from bot.desk.actors import Actor, of_account
from bot.desk.details import as_line
from bot.desk.presence import Seat
from bot.desk.units import named
from bot.errors import BadInput, NotAuthenticated, NotFound, RequestError
from bot.http.auth import COOKIE, is_own_origin
from bot.http.console import MOST, answer
from bot.http.context import House
from bot.http.limits import address_of
from bot.store.models import Conversation

log = structlog.get_logger(__name__)

NAMESPACE = "/desk"
EVERYBODY = "desk"
CHECK_SECONDS = 20.0

Answer = dict[str, Any]


class DeskChannel:
    """Events of the console: view, typing, seen, message. News to it: row, gone, counts, message, note, typing, seen,
    delivery, ticket, approval, clock, promise, viewing, offered.
    """

    def __init__(self, house: House, server: socketio.AsyncServer) -> None:
        self._house = house
        self._server = server
        self._in_order = asyncio.Lock()
        self._rows = RowTeller(house, self._emit)
        self._actors: dict[str, Actor] = {}
        for event, handler in (
            ("view", self._view),
            ("typing", self._typing),
            ("seen", self._seen),
            ("message", self._message),
        ):
            server.on(event, self._answering(handler), namespace=NAMESPACE)
        server.on("connect", self._connect, namespace=NAMESPACE)
        server.on("disconnect", self._disconnect, namespace=NAMESPACE)
        house.hub.listen(self._news)

    async def run(self) -> None:
        """Tell rows, and close the sockets of sessions that ended, for ever."""
        await asyncio.gather(self._rows.run(), self._check())

    async def _connect(self, sid: str, environ: dict[str, Any], _auth: Any = None) -> None:
        request = environ["sanic.request"]
        try:
            self._house.address_limit.take(address_of(request, self._house.services.settings.trusted_proxies))
            if not is_own_origin(request, request.headers.get("origin") or ""):
                raise NotAuthenticated("only from our own pages")
            visit = await self._house.sessions.find(request.cookies.get(COOKIE) or "")
            if visit is None:
                raise NotAuthenticated("not logged in")
        except RequestError as error:
            raise socketio.exceptions.ConnectionRefusedError({"code": error.code, "message": str(error)}) from error
        account = visit.account
        self._actors[sid] = of_account(account)
        self._house.presence.seats[sid] = Seat(account.id, account.name, visit.digest)
        for room in (EVERYBODY, _of_account(account.id)):
            await self._server.enter_room(sid, room, namespace=NAMESPACE)
        self._rows.count_anew()

    async def _disconnect(self, sid: str, _reason: Any = None) -> None:
        self._actors.pop(sid, None)
        seat = self._house.presence.seats.pop(sid, None)
        if seat and seat.viewing:
            await self._stop_typing(seat, seat.viewing)
            await self._tell_viewing(seat.viewing)

    def _answering(self, handler: Callable[[str, Seat, Actor, Any], Awaitable[Answer]]) -> Any:
        """The handler as Socket.IO calls it: what is wrong is an answer, not an error."""

        async def handle(sid: str, data: Any = None) -> Answer:
            seat, actor = self._house.presence.seats.get(sid), self._actors.get(sid)
            try:
                if seat is None or actor is None:
                    raise NotAuthenticated("not logged in")
                if not isinstance(data, dict):
                    raise BadInput("an object is needed")
                seat.used = True
                return {"ok": True, **(await handler(sid, seat, actor, data))}
            except RequestError as error:
                return {"ok": False, "error": error.as_json()}

        return handle

    async def _view(self, sid: str, seat: Seat, _actor: Actor, data: dict[str, Any]) -> Answer:
        wanted, before = data.get("conversation_id"), seat.viewing
        if wanted is not None:
            wanted = await self._known(data)
        if before == wanted:
            return {}
        if before:
            await self._stop_typing(seat, before)
            await self._server.leave_room(sid, _viewers(before), namespace=NAMESPACE)
        if self._house.presence.seats.get(sid) is not seat:  # cut off meanwhile: the socket has no rooms any more
            return {}
        seat.viewing = wanted
        if wanted:
            await self._server.enter_room(sid, _viewers(wanted), namespace=NAMESPACE)
        for conversation_id in filter(None, (before, wanted)):
            await self._tell_viewing(conversation_id)
        return {}

    async def _typing(self, _sid: str, seat: Seat, actor: Actor, data: dict[str, Any]) -> Answer:
        on, conversation_id = data.get("on") is True, data.get("conversation_id")
        if conversation_id != seat.viewing or conversation_id is None or not (on or seat.typing):
            return {}
        if on != seat.typing:
            seat.typing = on
            await self._tell_viewing(conversation_id)
        if not on or await self._house.desk.talks.may_type(named(conversation_id), actor):
            self._house.hub.tell("typing", conversation_id, {"on": on, "by": "agent"})
        return {}

    async def _seen(self, _sid: str, _seat: Seat, actor: Actor, data: dict[str, Any]) -> Answer:
        seq = data.get("seq")
        if isinstance(seq, bool) or not isinstance(seq, int) or not 0 < seq <= MOST:
            raise BadInput("seq: the number of a message")
        await self._house.desk.talks.seen(named(_id(data)), actor, seq)
        return {}

    async def _message(self, _sid: str, _seat: Seat, actor: Actor, data: dict[str, Any]) -> Answer:
        return await answer(self._house, actor, _id(data), data)

    async def _known(self, data: dict[str, Any]) -> str:
        conversation_id = _id(data)
        async with self._house.services.database.session() as session:
            if await session.get(Conversation, conversation_id) is None:
                raise NotFound("no such conversation")
        return conversation_id

    async def _stop_typing(self, seat: Seat, conversation_id: str) -> None:
        if seat.typing:
            seat.typing = False
            self._house.hub.tell("typing", conversation_id, {"on": False, "by": "agent"})

    async def _tell_viewing(self, conversation_id: str) -> None:
        agents = self._house.presence.viewing(conversation_id)
        await self._emit(
            "viewing", {"conversation_id": conversation_id, "agents": agents}, await self._concerned(conversation_id)
        )

    async def _news(self, kind: str, conversation_id: str, data: dict[str, Any]) -> None:
        if not self._house.presence.seats:
            return
        async with self._in_order:
            if kind == "logged_out":
                await self._close({data["session"]})
            elif kind == "message":
                await self._tell_message(conversation_id, data)
            elif kind == "note":
                rooms = await self._concerned(conversation_id)
                await self._emit("note", {"conversation_id": conversation_id, **data}, rooms)
            elif kind in ("ticket", "approval", "clock", "promise"):
                await self._emit(kind, {"conversation_id": conversation_id, **data}, [EVERYBODY])
            elif kind in ("seen", "delivery"):
                rooms = await self._concerned(conversation_id)
                await self._emit(kind, {"conversation_id": conversation_id, **data}, rooms)
            elif kind == "customer_typing":
                rooms = await self._concerned(conversation_id)
                await self._emit("typing", {"conversation_id": conversation_id, "on": data["on"]}, rooms)
            elif kind == "offered":
                offer = {name: data[name] for name in ("from", "reason", "until")}
                await self._emit("offered", {"conversation_id": conversation_id, **offer}, [_of_account(data["to"])])
        if kind in ("message", "state", "moved", "seen", "gone") or (kind == "clock" and conversation_id):
            self._rows.changed(conversation_id)
        if kind == "moved":
            self._rows.changed(data["from"])
        if kind == "queue":
            self._rows.line_moved()

    async def _tell_message(self, conversation_id: str, data: dict[str, Any]) -> None:
        rooms = await self._concerned(conversation_id)
        line = as_line(data["message"])
        await self._emit("message", {"conversation_id": conversation_id, "message": line}, rooms)

    async def _concerned(self, conversation_id: str) -> list[str]:
        """Who looks at a conversation, and who has it."""
        rooms = [_viewers(conversation_id)]
        async with self._house.services.database.session() as session:
            conversation = await session.get(Conversation, conversation_id)
        if conversation and conversation.agent_id:
            rooms.append(_of_account(conversation.agent_id))
        return rooms

    async def _emit(self, event: str, data: Any, rooms: list[str]) -> None:
        await self._server.emit(event, data, room=rooms, namespace=NAMESPACE)

    async def _check(self) -> None:
        """Also sessions that ran out, or were ended by another process."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            seats = list(self._house.presence.seats.values())
            used = {seat.session for seat in seats if seat.used}
            try:
                living = await self._house.sessions.living({seat.session for seat in seats}, used) if seats else set()
            except Exception:  # the next round may find the database again
                log.exception("sessions not checked")
                continue
            for seat in seats:
                seat.used = False
            await self._close({seat.session for seat in seats} - living)

    async def _close(self, ended: set[str]) -> None:
        for sid in [sid for sid, seat in self._house.presence.seats.items() if seat.session in ended]:
            await self._server.disconnect(sid, namespace=NAMESPACE)


def _id(data: dict[str, Any]) -> str:
    conversation_id = data.get("conversation_id")
    if not isinstance(conversation_id, str) or len(conversation_id) > 32:
        raise BadInput("conversation_id: the id of a conversation")
    return conversation_id


def _viewers(conversation_id: str) -> str:
    return f"viewers of {conversation_id}"


def _of_account(account_id: int) -> str:
    return f"account {account_id}"
