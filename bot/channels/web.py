"""The widget's channel: Socket.IO over websocket. What is missed while offline is fetched by number."""
from __future__ import annotations

from collections import defaultdict
from typing import Any, Optional

import socketio
import structlog
from sqlalchemy import and_

from bot.conversation import transcript
from bot.errors import BadInput, NotAuthenticated, RequestError
from bot.http.context import House
from bot.http.uploads import attachments_of
from bot.identity import Shopper
from bot.model import Inbound, Transcript
from bot.store.models import Conversation, Customer

log = structlog.get_logger(__name__)

CHANNEL = "web"
CHIPS = 6


class WebChannel:
    """Events of the widget: connect, message, history; news to it: welcome, message, state, typing."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._sids: defaultdict[str, set[str]] = defaultdict(set)
        self.server = socketio.AsyncServer(
            async_mode="sanic", transports=["websocket"], cors_allowed_origins="*", max_http_buffer_size=200_000
        )
        self.server.on("connect", self._connect)
        self.server.on("disconnect", self._disconnect)
        self.server.on("message", self._message)
        self.server.on("history", self._history)
        house.hub.listen(self._news)

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any) -> None:
        try:
            self._house.address_limit.take(environ.get("REMOTE_ADDR", ""))
            shopper, visitor = self._who(auth if isinstance(auth, dict) else {})
        except RequestError as error:
            raise socketio.exceptions.ConnectionRefusedError({"code": error.code, "message": str(error)}) from error
        await self.server.save_session(sid, {"shopper": shopper})
        self._sids[shopper.sender].add(sid)
        await self.server.emit("welcome", await self._welcome(sid, shopper, visitor), to=sid)

    def _who(self, auth: dict[str, Any]) -> tuple[Shopper, Optional[str]]:
        """The shopper, and a visitor token to keep where there was none. A forged identity is refused, not made a visitor."""
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

    async def _disconnect(self, sid: str, *_reason: Any) -> None:
        session = await self.server.get_session(sid)
        shopper = session.get("shopper")
        if shopper:
            self._sids[shopper.sender].discard(sid)
            if not self._sids[shopper.sender]:
                del self._sids[shopper.sender]

    async def _welcome(self, sid: str, shopper: Shopper, visitor: Optional[str]) -> dict[str, Any]:
        services = self._house.services
        async with services.database.session() as session:
            messages, more = await transcript.page(session, _talks_of(shopper))
            query = transcript.open_conversation(CHANNEL, shopper.sender)
            conversation = (await session.execute(query)).scalars().first()
            customer = await session.get(Customer, shopper.customer_id) if shopper.customer_id else None
        if conversation:
            await self.server.enter_room(sid, conversation.id)
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
        for other in self._sids.get(shopper.sender, ()):
            await self.server.enter_room(other, receipt.conversation_id)
        if not receipt.duplicate:
            await self._echo(receipt.conversation_id, receipt.seq)
        return {"ok": True, "seq": receipt.seq, "at": receipt.at.isoformat()}

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
        numbers = {name: value for name in ("before", "after") if isinstance(value := asked.get(name), int)}
        async with self._house.services.database.session() as session:
            messages, more = await transcript.page(session, _talks_of(shopper), **numbers)
        return {"messages": [as_event(message) for message in messages], "has_more": more}

    async def _news(self, kind: str, conversation_id: str, data: dict[str, Any]) -> None:
        if kind == "message":
            await self.server.emit("message", as_event(data["message"]), room=conversation_id)
        elif kind == "typing":
            await self.server.emit("typing", data, room=conversation_id)
        elif kind in ("state", "queue"):
            await self.server.emit("state", await self._house.desk.state(conversation_id), room=conversation_id)


def _talks_of(shopper: Shopper) -> Any:
    return and_(Conversation.channel == CHANNEL, Conversation.sender == shopper.sender)


def as_event(message: Transcript) -> dict[str, Any]:
    """A message as the widget shows it."""
    event: dict[str, Any] = {"seq": message.seq, "role": message.role, "text": message.text, "at": message.at.isoformat()}
    if message.author:
        event["name"] = message.author
    if message.client_id and message.role == "customer":
        event["client_id"] = message.client_id
    return event | message.content
