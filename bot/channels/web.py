"""The widget's channel: Socket.IO over websocket. What is missed while offline is fetched by number."""

from __future__ import annotations

import asyncio
from typing import Any

import socketio
import structlog
from sqlalchemy import and_

from bot.conversation import transcript
from bot.desk import handoffs, states
from bot.errors import BadInput, NotAuthenticated, RequestError
from bot.http.context import House
from bot.http.limits import address_of
from bot.http.uploads import attachments_of
from bot.identity import Shopper
from bot.model import Inbound, Transcript
from bot.store.models import Conversation, Customer

log = structlog.get_logger(__name__)

CHANNEL = "web"
CHIPS = 6
LATEST = 2**63 - 1  # the highest number that a message can have


class WebChannel:
    """Events of the widget: connect, message, history; news to it: welcome, message, state, typing.

    Rooms: one of each shopper's devices, and one of each conversation, which these devices enter.
    """

    def __init__(self, house: House, server: socketio.AsyncServer) -> None:
        self._house = house
        self._places: dict[str, int] = {}  # places in the queue as last told, by conversation
        self._in_order = asyncio.Lock()
        self.server = server
        self.server.on("connect", self._connect)
        self.server.on("message", self._message)
        self.server.on("history", self._history)
        house.hub.listen(self._news)

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any) -> None:
        try:
            proxies = self._house.services.settings.trusted_proxies
            self._house.address_limit.take(address_of(environ["sanic.request"], proxies))
            shopper, visitor = self._who(auth if isinstance(auth, dict) else {})
        except RequestError as error:
            raise socketio.exceptions.ConnectionRefusedError({"code": error.code, "message": str(error)}) from error
        await self.server.save_session(sid, {"shopper": shopper})
        await self.server.enter_room(sid, _devices(shopper))
        await self.server.emit("welcome", await self._welcome(sid, shopper, visitor), to=sid)

    def _who(self, auth: dict[str, Any]) -> tuple[Shopper, str | None]:
        """The shopper, and a visitor token to keep where there was none. A forged identity does not make a visitor."""
        token, visitor = auth.get("token"), auth.get("visitor")
        identities = self._house.identities
        if token:
            shopper = identities.read(str(token))
            if shopper.customer_id is None:
                raise NotAuthenticated("not a customer's token")
            return shopper, None
        if visitor:
            try:
                shopper = identities.read(str(visitor))
            except NotAuthenticated:
                shopper = Shopper("")
            if shopper.sender and shopper.customer_id is None:
                return shopper, None
        fresh = identities.for_visitor()
        return identities.read(fresh), fresh

    async def _welcome(self, sid: str, shopper: Shopper, visitor: str | None) -> dict[str, Any]:
        services = self._house.services
        async with services.database.session() as session:
            query = transcript.open_conversation(CHANNEL, shopper.sender)
            conversation = (await session.execute(query)).scalars().first()
            if conversation:  # before the messages are read: what comes meanwhile is then told twice, and not lost
                await self.server.enter_room(sid, conversation.id)
            messages, more = await transcript.page(session, _talks_of(shopper))
            customer = await session.get(Customer, shopper.customer_id) if shopper.customer_id else None
        state = await self._house.desk.state(conversation.id if conversation else "")
        return {
            "conversation": {"sender": shopper.sender, **state},
            "visitor": visitor,
            "customer": {"name": customer.name} if customer else None,
            "shop": {"name": services.shop.name},
            "chips": [services.texts.plain(f"label_chip_{number}") for number in range(1, CHIPS + 1)],
            "messages": [as_event(message) for message in messages],
            "has_more": more,
        }

    async def _message(self, sid: str, data: Any) -> dict[str, Any]:
        shopper: Shopper = (await self.server.get_session(sid))["shopper"]
        try:
            self._house.sender_limit.take(shopper.sender)
            inbound = await self._inbound(shopper, data)
            receipt = await self._house.spine.submit(inbound)
        except RequestError as error:
            return {"ok": False, "error": {"code": error.code, "message": str(error)}}
        await self._gather(shopper, receipt.conversation_id)
        if not receipt.duplicate:
            await self._echo(receipt.conversation_id, receipt.seq)
        return {"ok": True, "seq": receipt.seq, "at": receipt.at.isoformat()}

    async def _gather(self, shopper: Shopper, conversation_id: str) -> None:
        """All devices of the shopper into the conversation's room. For a new conversation they also need its state."""
        missing = self._sids(_devices(shopper)) - self._sids(conversation_id)
        for sid in missing:
            await self.server.enter_room(sid, conversation_id)
        if missing:
            await self.server.emit("state", await self._house.desk.state(conversation_id), room=conversation_id)

    def _sids(self, room: str) -> set[str]:
        return {sid for sid, _ in self.server.manager.get_participants("/", room)}

    async def _inbound(self, shopper: Shopper, data: Any) -> Inbound:
        if not isinstance(data, dict) or not isinstance(data.get("text", ""), str):
            raise BadInput("a message is an object with a text")
        client_id, payload = data.get("client_id"), data.get("payload")
        if not isinstance(client_id, str) or not client_id or not isinstance(payload, (str, type(None))):
            raise BadInput("a message needs a client_id")
        return Inbound(
            channel=CHANNEL,
            sender=shopper.sender,
            message_id=client_id,
            text=data.get("text", ""),
            payload=payload,
            customer_id=shopper.customer_id,
            attachments=await attachments_of(self._house, data.get("attachments"), shopper.sender),
        )

    async def _echo(self, conversation_id: str, seq: int) -> None:
        """The stored message to all the sender's devices; the one that wrote it knows its own by client_id."""
        async with self._house.services.database.session() as session:
            messages, _ = await transcript.page(session, Conversation.id == conversation_id, after=seq - 1, limit=1)
        for message in messages:
            await self.server.emit("message", as_event(message), room=conversation_id)

    async def _history(self, sid: str, data: Any) -> dict[str, Any]:
        shopper: Shopper = (await self.server.get_session(sid))["shopper"]
        asked = data if isinstance(data, dict) else {}
        numbers = {
            name: min(max(value, 0), LATEST)
            for name in ("before", "after")
            if isinstance(value := asked.get(name), int)
        }
        async with self._house.services.database.session() as session:
            messages, more = await transcript.page(session, _talks_of(shopper), **numbers)
        return {"messages": [as_event(message) for message in messages], "has_more": more}

    async def _news(self, kind: str, conversation_id: str, data: dict[str, Any]) -> None:
        async with self._in_order:
            if kind == "message":
                await self.server.emit("message", as_event(data["message"]), room=conversation_id)
            elif kind == "typing":
                if not data["on"] or data.get("by") == "agent" or await self._with_bot(conversation_id):
                    await self.server.emit("typing", data, room=conversation_id)
            elif kind == "moved":
                for sid in self._sids(data["from"]):
                    await self.server.enter_room(sid, conversation_id)
                await self.server.emit("state", await self._house.desk.state(conversation_id), room=conversation_id)
            elif kind == "state":
                state = await self._house.desk.state(conversation_id)
                if state["position"]:
                    self._places[conversation_id] = state["position"]
                await self.server.emit("state", state, room=conversation_id)
            elif kind == "queue":
                await self._tell_places()

    async def _with_bot(self, conversation_id: str) -> bool:
        """Whether the bot will answer: a person's typing is not for us to show."""
        async with self._house.services.database.session() as session:
            conversation = await session.get(Conversation, conversation_id)
        return conversation is not None and conversation.owner == states.BOT

    async def _tell_places(self) -> None:
        """When one leaves the queue, tell those whose place changed."""
        services = self._house.services
        async with services.database.session() as session:
            waiting = await handoffs.line(session)
        places = {conversation_id: place for place, conversation_id in enumerate(waiting, start=1)}
        moved = {name: place for name, place in places.items() if self._places.get(name) != place}
        self._places = places
        now = services.clock.now()
        state = {
            "owner": states.QUEUE,
            "agent_name": None,
            "hours": services.shop.hours_text(now),
            "open": services.shop.is_open(now),
        }
        for conversation_id, place in moved.items():
            await self.server.emit("state", {**state, "position": place}, room=conversation_id)


def _devices(shopper: Shopper) -> str:
    """The room of all that this shopper has open."""
    return f"devices of {shopper.sender}"


def _talks_of(shopper: Shopper) -> Any:
    return and_(Conversation.channel == CHANNEL, Conversation.sender == shopper.sender)


def as_event(message: Transcript) -> dict[str, Any]:
    """A message as the widget shows it."""
    event: dict[str, Any] = {
        "seq": message.seq,
        "role": message.role,
        "text": message.text,
        "at": message.at.isoformat(),
    }
    if message.author:
        event["name"] = message.author
    if message.client_id and message.role == "customer":
        event["client_id"] = message.client_id
    return event | message.content
