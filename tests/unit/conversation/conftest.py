"""Shops with settings of their own, for tests that need another burst window, a callback or a faulty engine."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.hub import Hub
from bot.conversation.spine import Spine
from bot.conversation.worker import Worker
from bot.desk.service import Desk
from bot.services import Services, build_services
from tests.conftest import NOON, Shop, settings_for

MakeShop = Callable[..., Shop]


@pytest.fixture
async def services(seeded: dict[datetime, Path], tmp_path: Path) -> AsyncIterator[Callable[..., Services]]:
    """Makes services over a copy of the seeded database; keywords change settings."""
    made: list[Services] = []

    def make(**changes: Any) -> Services:
        directory = tmp_path / str(len(made))
        found = build_services(settings_for(directory, NOON, **changes))
        shutil.copy(seeded[NOON], directory / "shop.db")
        made.append(found)
        return found

    yield make
    for one in made:
        await one.database.dispose()


@pytest.fixture
async def make_shop(services: Callable[..., Services]) -> AsyncIterator[MakeShop]:
    """Makes a shop around an engine; keywords change settings."""
    made: list[Shop] = []

    def make(engine: Any, **changes: Any) -> Shop:
        found = services(**changes)
        hub = Hub()
        hub.bind(asyncio.get_event_loop())
        worker = Worker(found, engine, hub)
        shop = Shop(found, Spine(found, hub, worker.wake), Desk(found, hub), worker)
        made.append(shop)
        return shop

    yield make
    for shop in made:
        await shop.worker.drain()
