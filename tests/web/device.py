"""The widget's protocol, spoken by a client of our own."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import socketio

from tests.web.shopper import until

SECONDS = 10


class Device:
    """A connection, and what it was told."""

    def __init__(self) -> None:
        self.socket = socketio.AsyncClient(reconnection=False)
        self.told: list[tuple[str, Any]] = []
        for event in ("welcome", "message", "state", "typing"):
            self.socket.on(event, self._keep(event))

    def _keep(self, event: str) -> Callable[[Any], Awaitable[None]]:
        async def keep(data: Any) -> None:
            self.told.append((event, data))

        return keep

    async def connect(self, url: str, **auth: Any) -> Device:
        """Connect and wait for the welcome."""
        await self.socket.connect(url, auth=auth, transports=["websocket"])
        await self.until(lambda: bool(self.of("welcome")), "welcomed")
        return self

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until something was told."""

        async def held() -> bool:
            return holds()

        await until(held, f"{what}: {self.told}")

    async def send(self, text: Any = "", **fields: Any) -> dict[str, Any]:
        """Send a message; its acknowledgement."""
        return await self.ask("message", {"client_id": secrets.token_hex(8), "text": text, **fields})

    async def ask(self, event: str, data: Any) -> Any:
        """Send an event; its acknowledgement."""
        return await self.socket.call(event, data, timeout=SECONDS)

    def of(self, event: str) -> list[Any]:
        """What was told under this name."""
        return [data for name, data in self.told if name == event]

    def texts(self, role: str) -> list[str]:
        """The texts of the messages of a role."""
        return [message["text"] for message in self.of("message") if message["role"] == role]

    @property
    def place(self) -> int | None:
        """The place in the queue, as last told."""
        return self.of("state")[-1]["position"] if self.of("state") else None
