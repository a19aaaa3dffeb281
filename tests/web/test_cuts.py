"""A connection that is cut again and again: every message arrives once and in order, on both sides."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import aiohttp

from tests.service import Client, Service
from tests.web.device import Device
from tests.web.proxy import Proxy

SEED, LINES, CUTS = 20260304, 100, 50
FAILED = (ConnectionError, aiohttp.ClientError, asyncio.TimeoutError)


class Phone:
    """A widget as it is meant: sends again what was not acknowledged, and asks for what it missed."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url, self._session = url, session
        self._device: Device | None = None
        self._visitor: str | None = None
        self._known_to = 0  # all up to this number was fetched; what came live may have gaps
        self.shown: dict[int, dict[str, Any]] = {}
        self.sender = ""

    async def send(self, text: str) -> None:
        """Send a line until it is acknowledged."""
        while True:
            try:
                device = await self.connected()
                answer = await device.ask("message", {"client_id": f"id of {text}", "text": text})
                assert answer["ok"], answer
                return
            except FAILED:
                await asyncio.sleep(0)

    async def connected(self) -> Device:
        """The present connection, or a new one with all that was missed."""
        if self._device is None or self._device.is_cut:
            self._take_over()
            device = Device(self._session)
            await device.connect(self._url, visitor=self._visitor)
            [welcome] = device.of("welcome")
            self._visitor = welcome["visitor"] or self._visitor
            self.sender = device.sender
            more = True
            while more:
                page = await device.ask("history", {"after": self._known_to})
                self._show(page["messages"])
                self._known_to = max([self._known_to, *(message["seq"] for message in page["messages"])])
                more = page["has_more"]
            self._device = device
        return self._device

    async def rest(self) -> None:
        """Be up to date, then go away."""
        device = await self.connected()
        await asyncio.sleep(0.3)
        await device.close()
        self._take_over()

    def _take_over(self) -> None:
        """What the connection was told while it lasted."""
        self._show(self._device.of("message") if self._device else [])

    def _show(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            assert self.shown.setdefault(message["seq"], message) == message

    def texts(self, role: str) -> list[str]:
        """What is shown of a role, in the order of the numbers."""
        return [message["text"] for _, message in sorted(self.shown.items()) if message["role"] == role]


async def test_through_fifty_cuts_two_hundred_messages_arrive_once_and_in_order(
    patient: Service, proxy: tuple[Proxy, str]
) -> None:
    between, url = proxy
    rng = random.Random(SEED)
    doomed = set(rng.sample(range(2 * LINES), CUTS))
    began = 0

    def about_to_send() -> None:
        nonlocal began
        if began in doomed:
            asyncio.get_running_loop().call_later(rng.uniform(0, 0.02), between.cut)
        began += 1

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        direct, shaky = Client(patient.url, session), Client(url, session)
        phone = Phone(url, session)
        await phone.send("转人工")
        path = f"/api/v1/handoffs/{phone.sender}"
        assert (await direct.post(f"{path}/accept"))[0] == 200

        async def customer() -> None:
            for number in range(LINES):
                about_to_send()
                await phone.send(f"c{number}")

        async def agent() -> None:
            for number in range(LINES):
                about_to_send()
                await asyncio.sleep(rng.uniform(0, 0.02))
                while True:
                    try:
                        body = {"text": f"a{number}", "client_id": f"a{number}"}
                        assert (await shaky.post(f"{path}/messages", body))[0] == 200
                        break
                    except FAILED:
                        await asyncio.sleep(0)

        await asyncio.gather(customer(), agent())
        await asyncio.sleep(0.1)
        assert between.cuts == CUTS
        await phone.rest()

        other = Phone(patient.url, session)
        other._visitor = phone._visitor
        await other.rest()
    for shown in (phone, other):
        assert shown.texts("customer") == ["转人工", *(f"c{number}" for number in range(LINES))]
        assert shown.texts("agent") == [f"a{number}" for number in range(LINES)]
    assert phone.shown == other.shown
