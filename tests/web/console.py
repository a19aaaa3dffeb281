"""A console's connection, as it travels: the widget's protocol under the namespace of the desk."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any

from tests.desk import Colleague
from tests.web.device import ANSWER, CONNECT, EVENT, PATH, REFUSED, SECONDS, Device, Refused

DESK = "/desk,"


class Console(Device):
    """Somebody's open console, and what it was told."""

    def __init__(self, colleague: Colleague) -> None:
        super().__init__(colleague.session)
        self.colleague = colleague
        self.over = asyncio.Event()

    async def open(self, *, origin: str | None = "") -> Console:
        """Connect as the page does. `origin`: of another page, None for none. Raises Refused."""
        url = self.colleague.url
        headers = {"Origin": origin or url} if origin is not None else {}
        self._socket = await self._session.ws_connect(url + PATH, headers=headers)
        await self._socket.send_str(CONNECT + DESK)
        self._let_in = asyncio.get_running_loop().create_future()
        self._listening = asyncio.ensure_future(self._listen())
        await asyncio.wait_for(self._let_in, SECONDS)
        return self

    async def _take(self, packet: str) -> None:
        if packet.startswith(CONNECT + DESK):
            self._let_in.set_result(None)
        elif packet.startswith(REFUSED + DESK):
            self._let_in.set_exception(Refused(json.loads(packet[len(REFUSED + DESK) :])))
        elif packet.startswith(EVENT + DESK):
            name, data = json.loads(packet[len(EVENT + DESK) :])
            self.told.append((name, data))
        elif packet.startswith(ANSWER + DESK):
            number, _, rest = packet[len(ANSWER + DESK) :].partition("[")
            self._answers.pop(int(number)).set_result(json.loads("[" + rest)[0])
        elif packet.startswith("41" + DESK.rstrip(",")):
            self.over.set()
        else:
            await super()._take(packet)

    async def ask(self, event: str, data: Any) -> Any:
        """Send an event; its acknowledgement."""
        number = secrets.randbelow(10**9)
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(f"{EVENT}{DESK}{number}{json.dumps([event, data])}")
        return await asyncio.wait_for(self._answers[number], SECONDS)

    async def view(self, conversation_id: str | None) -> None:
        """Look at a conversation."""
        assert await self.ask("view", {"conversation_id": conversation_id}) == {"ok": True}

    def row(self, conversation_id: str) -> dict[str, Any] | None:
        """A conversation's row as last told."""
        rows = [row for row in self.of("row") if row["id"] == conversation_id]
        return rows[-1] if rows else None

    def lines(self, role: str) -> list[str]:
        """The texts of the messages of a role."""
        return [told["message"]["text"] for told in self.of("message") if told["message"]["role"] == role]
