"""The real service as a process of its own, with its own data, for tests that talk to it from outside."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot.settings import ROOT

KEY = "test-service-key"
SECRET = "test-identity-secret-of-enough-length"
NOON = "2026-03-04T15:00:00+08:00"
START_SECONDS = 180
STOP_SECONDS = 40


class Service:
    """`python -m bot serve` on a free port. `environment` is what else is set for it."""

    command = ("bot", "serve")

    def __init__(self, directory: Path, **environment: str) -> None:
        self.directory = directory
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = directory / "service.log"
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to start; `ready` tells when it serves."""
        self.directory.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "PORT": str(self.port),
            "VAR_DIR": str(self.directory),
            "SERVICE_API_KEY": KEY,
            "IDENTITY_SECRET": SECRET,
            "ADMIN_PASSWORD": "test-password",
            "FAKE_NOW": NOON,
            "WEB_BURST": "0.2",
            **self._environment,
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self.command], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    async def ready(self) -> None:
        """Wait until the model is loaded and warm."""
        deadline = time.monotonic() + START_SECONDS
        async with aiohttp.ClientSession() as session:
            while time.monotonic() < deadline:
                assert self._process is not None
                assert self._process.poll() is None, self.tail()
                try:
                    async with session.get(self.url + "/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.2)
        raise AssertionError(f"not ready: {self.tail()}")

    def kill(self) -> None:
        """End it without a warning, as a power cut does."""
        self._end(signal.SIGKILL)

    def terminate(self) -> int:
        """Ask it to end; its exit code."""
        return self._end(signal.SIGTERM)

    def stop(self) -> None:
        """End it if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    @contextmanager
    def running(self) -> Iterator[Service]:
        """Started and ready; it must end when it is asked to, and its log tell of no trouble."""
        self.start()
        try:
            with closing(asyncio.new_event_loop()) as loop:
                loop.run_until_complete(self.ready())
            yield self
            assert self.terminate() == 0
            self.went_well()
        finally:
            self.stop()

    def went_well(self) -> None:
        """Fails where only the log tells of trouble: an error, or a text of ours that must not be promised."""
        log = self.log.read_text(encoding="utf-8", errors="replace")
        assert "Traceback" not in log, self.tail()
        refused = [line for line in log.splitlines() if "promise refused" in line]
        assert not refused, refused

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:]

    def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(STOP_SECONDS)


class Client:
    """A server that holds the service key and calls the HTTP interface."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session

    async def call(self, method: str, path: str, *, key: str | None = KEY, **options: Any) -> tuple[int, Any]:
        """Status and JSON body (None where there is none)."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        headers |= options.pop("headers", {})
        async with self.session.request(method, self.url + path, headers=headers, **options) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await answer.json() if is_json else await answer.read()

    async def get(self, path: str, **options: Any) -> tuple[int, Any]:
        """GET."""
        return await self.call("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> tuple[int, Any]:
        """POST a JSON body."""
        return await self.call("POST", path, json={} if body is None else body, **options)

    async def say(self, sender: str, message: str, **metadata: Any) -> list[dict[str, Any]]:
        """A message over the REST channel; the bot's replies."""
        body = {"sender": sender, "message": message, "metadata": metadata}
        status, replies = await self.post("/webhooks/rest/webhook", body)
        assert status == 200, replies
        return replies

    async def press(self, sender: str, replies: list[dict[str, Any]], title: str) -> list[dict[str, Any]]:
        """Press the button of these replies whose title contains `title`."""
        return await self.say(sender, button(replies, title))

    async def conversation(self, sender: str) -> dict[str, Any]:
        """The sender's latest conversation."""
        status, shown = await self.get(f"/api/v1/conversations/{sender}")
        assert status == 200, shown
        return shown

    async def tickets(self, sender: str) -> list[dict[str, Any]]:
        """The sender's tickets."""
        status, shown = await self.get("/api/v1/tickets", params={"sender": sender})
        assert status == 200, shown
        return shown["items"]


def keys(replies: list[dict[str, Any]]) -> list[str]:
    """The keys of replies, in order."""
    return [key for reply in replies for key in reply["custom"]["keys"]]


def button(replies: list[dict[str, Any]], title: str) -> str:
    """The payload of the button whose title contains `title`."""
    buttons = [choice for reply in replies for choice in reply.get("buttons", ())]
    found = [choice["payload"] for choice in buttons if title in choice["title"]]
    assert found, f"no button {title} among {[choice['title'] for choice in buttons]}"
    return found[0]


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
