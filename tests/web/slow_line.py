"""A line to the service over which little gets up at a time, and which can be cut."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

PIECE = 8 * 1024  # bytes
ROOM = 16 * 1024  # what the line holds: a browser calls sent what it could hand over


class SlowLine:
    """Passes on what comes, upwards at `speed` bytes a second over each connection (None: as fast as it comes)."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: set[asyncio.StreamWriter] = set()
        self.speed: int | None = None
        self.is_cut = False
        self.url = ""

    async def start(self) -> None:
        """Begin to listen."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        listener.bind(("127.0.0.1", 0))
        self._server = await asyncio.start_server(self._pass_on, sock=listener, limit=PIECE)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    def cut(self) -> None:
        """End all connections and let no other begin, as when a train enters a tunnel."""
        self.is_cut = True
        for writer in self._open:
            writer.transport.abort()

    async def stop(self) -> None:
        """Listen no more."""
        self._server.close()
        self.cut()
        await self._server.wait_closed()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_cut:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._open |= {writer, back}
        ways = (self._copy(reader, back, is_up=True), self._copy(there, writer, is_up=False))
        await asyncio.gather(*ways, return_exceptions=True)
        self._open -= {writer, back}

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, is_up: bool) -> None:
        with suppress(ConnectionError):
            while piece := await source.read(PIECE):
                if is_up and self.speed:
                    await asyncio.sleep(len(piece) / self.speed)
                target.write(piece)
                await target.drain()
        target.close()


@asynccontextmanager
async def slow_line(port: int) -> AsyncIterator[SlowLine]:
    """The line, for as long as the block lasts."""
    line = SlowLine(port)
    await line.start()
    try:
        yield line
    finally:
        await line.stop()
