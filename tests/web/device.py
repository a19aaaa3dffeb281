"""The widget's protocol as it travels: Socket.IO 5 over Engine.IO 4 on a websocket, in the few packets that we use."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.web.shopper import until

SECONDS = 10
PATH = "/socket.io/?EIO=4&transport=websocket"
OPENED, PING, PONG = "0", "2", "3"
CONNECT, EVENT, ANSWER, REFUSED = "40", "42", "43", "44"


class Refused(Exception):
    """The service does not let this device in; the argument is what it says."""


class Device:
    """A connection, and what it was told."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self.told: list[tuple[str, Any]] = []

    async def connect(self, url: str, **auth: Any) -> Device:
        """Connect and wait for the welcome. Raises Refused."""
        self._socket = await self._session.ws_connect(url + PATH)
        await self._socket.send_str(CONNECT + json.dumps(auth))
        self._let_in: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._listening = asyncio.ensure_future(self._listen())
        await asyncio.wait_for(self._let_in, SECONDS)
        await self.until(lambda: bool(self.of("welcome")) or self.is_cut, "welcomed")
        if self.is_cut:
            raise ConnectionResetError("the connection was cut")
        return self

    async def close(self) -> None:
        """Go away."""
        await self._socket.close()
        await self._listening

    async def _listen(self) -> None:
        try:
            async for packet in self._socket:
                if packet.type is aiohttp.WSMsgType.TEXT:
                    await self._take(packet.data)
        except ConnectionError:
            await self._socket.close()
        for waiting in (self._let_in, *self._answers.values()):
            if not waiting.done():
                waiting.set_exception(ConnectionResetError("the connection was cut"))
                waiting.exception()  # nobody need ask for it

    @property
    def is_cut(self) -> bool:
        """Whether the connection is gone."""
        return self._listening.done()

    async def _take(self, packet: str) -> None:
        if packet == PING:
            await self._socket.send_str(PONG)
        elif packet.startswith(CONNECT):
            if not self._let_in.done():  # whoever connected may have lost patience
                self._let_in.set_result(None)
        elif packet.startswith(REFUSED):
            self._let_in.set_exception(Refused(json.loads(packet[2:])))
        elif packet.startswith(EVENT):
            name, data = json.loads(packet[2:])
            self.told.append((name, data))
        elif packet.startswith(ANSWER):
            number, _, rest = packet[2:].partition("[")
            waiting = self._answers.pop(int(number))
            if not waiting.done():  # nobody waits any more
                waiting.set_result(json.loads("[" + rest)[0])

    async def ask(self, event: str, data: Any) -> Any:
        """Send an event; its acknowledgement."""
        number = secrets.randbelow(10**9)
        self._answers[number] = asyncio.get_running_loop().create_future()
        if self.is_cut:
            raise ConnectionResetError("the connection was cut")
        await self._socket.send_str(f"{EVENT}{number}{json.dumps([event, data])}")
        return await asyncio.wait_for(self._answers[number], SECONDS)

    async def send(self, text: Any = "", **fields: Any) -> dict[str, Any]:
        """Send a message; its acknowledgement."""
        answer: dict[str, Any] = await self.ask("message", {"client_id": secrets.token_hex(8), "text": text, **fields})
        return answer

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until something was told."""

        async def held() -> bool:
            return holds()

        await until(held, what)

    def of(self, event: str) -> list[Any]:
        """What was told under this name."""
        return [data for name, data in self.told if name == event]

    def texts(self, role: str) -> list[str]:
        """The texts of the messages of a role."""
        return [message["text"] for message in self.of("message") if message["role"] == role]

    @property
    def sender(self) -> str:
        """Under which name the shop knows who this is."""
        name: str = self.of("welcome")[-1]["conversation"]["sender"]
        return name

    @property
    def place(self) -> int | None:
        """The place in the queue, as last told."""
        return self.of("state")[-1]["position"] if self.of("state") else None
