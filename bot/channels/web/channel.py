"""The events of the widget, and who answers them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import socketio
import structlog

from bot.channels.web.events import refusal
from bot.channels.web.news import News
from bot.channels.web.presence import Presence
from bot.channels.web.requests import Requests
from bot.channels.web.rooms import Rooms
from bot.channels.web.welcome import welcome, who
from bot.errors import RequestError
from bot.http.context import House
from bot.http.limits import address_of
from bot.identity import Shopper

log = structlog.get_logger(__name__)

Handler = Callable[[Shopper, Any], Awaitable[dict[str, Any]]]
OUR_FAULT = ("internal", "something went wrong on our side")


class WebChannel:
    """Connections of the widget. An event that cannot be served is answered with an error, whatever came."""

    def __init__(self, house: House, server: socketio.AsyncServer) -> None:
        self._house = house
        self.server = server
        self._rooms = Rooms(self.server)
        self._news = News(house, self._rooms)
        requests, presence = Requests(house, self._news), Presence(house)
        self.server.on("connect", self._connect)
        for handler in (
            requests.message,
            requests.orders,
            requests.leave_message,
            requests.end,
            requests.rate,
            requests.skip_survey,
            requests.delete_request,
        ):
            self.server.on(handler.__name__, self._answering(handler, limited=True))
        for handler in (requests.history, presence.typing, presence.seen):
            self.server.on(handler.__name__, self._answering(handler))
        self.server.on("*", self._unknown)

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        try:
            proxies = self._house.services.settings.trusted_proxies
            self._house.address_limit.take(address_of(environ["sanic.request"], proxies))
            shopper, visitor = who(self._house.identities, auth if isinstance(auth, dict) else {})
        except RequestError as error:
            raise _refused(error.code, str(error)) from error
        await self.server.save_session(sid, {"shopper": shopper})
        try:
            told = await welcome(self._house, self._rooms, self._news, sid, shopper, visitor)
        except Exception as error:  # the widget tries again by itself
            log.exception("not welcomed", error=type(error).__name__)
            raise _refused(*OUR_FAULT) from error
        await self.server.emit("welcome", told, to=sid)

    def _answering(self, handler: Handler, limited: bool = False) -> Callable[..., Awaitable[dict[str, Any]]]:
        """The handler for Socket.IO: with the shopper, within the limit, and never with an exception."""

        async def answer(sid: str, data: Any = None, *_more: Any) -> dict[str, Any]:
            try:
                shopper: Shopper | None = (await self.server.get_session(sid)).get("shopper")
                if shopper is None:
                    return refusal("not_connected", "connect first")
                if limited:
                    self._house.sender_limit.take(shopper.sender)
                return await handler(shopper, data)
            except RequestError as error:
                return refusal(error.code, str(error))
            except Exception as error:
                log.exception("event failed", handler=handler.__name__, error=type(error).__name__)
                return refusal(*OUR_FAULT)

        return answer

    async def _unknown(self, event: str, _sid: str, *_data: Any) -> dict[str, Any]:
        return refusal("bad_input", f"no such event: {str(event)[:40]}")


def _refused(code: str, message: str) -> Exception:
    refused: Exception = socketio.exceptions.ConnectionRefusedError({"code": code, "message": message})
    return refused
