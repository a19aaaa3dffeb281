"""A node with its own database, at the fake time of a Friday evening."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.services import build_services
from tests.clocks import HandClock, Node
from tests.conftest import NOON, settings_for


@pytest.fixture
async def clock() -> HandClock:
    """The time, set by hand."""
    return HandClock()


@pytest.fixture
async def node(seeded: dict[datetime, Path], tmp_path: Path, clock: HandClock) -> AsyncIterator[Node]:
    """One process."""
    shutil.copy(seeded[NOON], tmp_path / "shop.db")
    made = Node(build_services(settings_for(tmp_path)), clock)
    yield made
    await made.services.database.dispose()
