"""`python -m bot` whose engine takes `SLOW_TURNS` seconds longer for each turn."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from bot.__main__ import app
from bot.engine.engine import Engine


def slow_down(seconds: float) -> None:
    """Let the engine think so much longer."""
    respond = Engine.respond

    async def slowly(self: Engine, turn: Any) -> None:
        await asyncio.sleep(seconds)
        await respond(self, turn)

    Engine.respond = slowly  # type: ignore[method-assign]


if __name__ == "__main__":
    slow_down(float(os.environ["SLOW_TURNS"]))
    app()
