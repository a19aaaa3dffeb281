"""The store of the nodes."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.conftest import NOON, settings_for


@pytest.fixture
def settings(seeded: dict[datetime, Path], tmp_path: Path) -> Settings:
    """Settings of a shop with a seeded database of its own."""
    made = settings_for(tmp_path)
    shutil.copy(seeded[NOON], tmp_path / "shop.db")
    return made
