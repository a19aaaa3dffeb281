"""`python -m bot serve` with the tests' client of the API; `SLOW_TURNS` seconds are added to each turn of the bot."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from bot import logs
from bot.app import create_app
from bot.prepare import prepare_database
from bot.services import build_services
from bot.settings import load_settings
from tests.wechat.client import HttpClient


def slow_down(seconds: float) -> None:
    """Let the engine think so much longer."""
    from bot.engine.engine import Engine

    respond = Engine.respond

    async def slowly(self: Engine, turn: Any) -> None:
        await asyncio.sleep(seconds)
        await respond(self, turn)

    Engine.respond = slowly  # type: ignore[method-assign]


if __name__ == "__main__":
    settings = load_settings()
    logs.configure(settings.log_level)
    prepare_database(build_services(settings))
    if slow := float(os.environ.get("SLOW_TURNS", "0")):
        slow_down(slow)
    create_app(settings, lambda house: HttpClient(house.services.settings)).run(
        host=settings.host, port=settings.port, access_log=False, motd=False, debug=False
    )
