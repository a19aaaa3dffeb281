"""Rasa's own event loop, in its own thread: a turn never yields, so the web's loop must not wait for it."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from typing import Any

import structlog

from bot.conversation.hub import Hub
from bot.conversation.worker import Worker
from bot.errors import NotReady
from bot.services import Services

log = structlog.get_logger(__name__)

STOP_SECONDS = 30


class EngineThread:
    """Loads the engine, warms it up, then works on conversations until it is stopped."""

    def __init__(self, services: Services, hub: Hub) -> None:
        self._services = services.for_another_loop()
        self._hub = hub
        self._loop = asyncio.new_event_loop()
        self._worker: Worker | None = None
        self._engine: Any = None
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self.ready = False
        self.failure: BaseException | None = None

    def start(self) -> None:
        """Begin to load; returns at once."""
        self._thread.start()

    def wake(self, conversation_id: str) -> None:
        """Work on this conversation; from any thread. Before the engine is ready the message waits in the inbox."""
        if self._worker is not None:
            self._loop.call_soon_threadsafe(self._worker.wake, conversation_id)

    async def parse(self, text: str) -> dict[str, Any]:
        """What the model makes of a text; from the web's loop."""
        future = asyncio.run_coroutine_threadsafe(self._engine.parse(text), self._loop)
        return await asyncio.wrap_future(future)

    async def explain(self, text: str) -> dict[str, Any]:
        """Why a text is understood as it is; from the web's loop, between two turns. Raises NotReady while loading."""
        if not self.ready:
            raise NotReady("the model is being loaded")

        async def work() -> dict[str, Any]:
            explained: dict[str, Any] = self._engine.explain(text)
            return explained

        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), self._loop))

    async def stop(self) -> None:
        """Let running turns end, then stop the loop; from the web's loop."""
        self.ready = False
        if self._worker is not None and self._thread.is_alive():
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._worker.drain(), self._loop))
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            await asyncio.get_running_loop().run_in_executor(None, self._thread.join, STOP_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._prepare())
            self._loop.run_forever()
        except Exception as error:
            self.failure = error
            log.exception("the engine did not start")
            os.kill(os.getpid(), signal.SIGTERM)  # a service that can never answer must not look alive
        finally:
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(self._services.database.dispose())
            self._loop.close()

    async def _prepare(self) -> None:
        started = time.monotonic()
        from bot.engine.engine import Engine  # Rasa's import takes seconds: here, not before the web answers

        self._engine = Engine(self._services)
        warm = await self._engine.warm_up()
        self._worker = Worker(self._services, self._engine, self._hub)
        taken_up = await self._worker.take_up()
        self._sweeping = asyncio.ensure_future(self._worker.sweep())
        self.ready = True
        log.info(
            "engine ready", seconds=round(time.monotonic() - started, 1), warm_up=round(warm, 2), taken_up=taken_up
        )
