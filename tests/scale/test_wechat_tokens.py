"""Several nodes on one PostgreSQL share the access token of WeChat's API."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.channels.wechat.api.outcomes import Sent
from bot.channels.wechat.outgoing import Text
from bot.settings import Settings
from tests.conftest import settings_for
from tests.wechat.nodes import OPENID, Nodes, nodes

NODES = 4


@pytest.fixture
def settings(seeded_postgres: Callable[[], str], tmp_path: Path) -> Settings:
    return settings_for(tmp_path, database_url=seeded_postgres())


async def everybody_says(here: Nodes, text: str) -> list[object]:
    """A message from each node, at the same time."""
    return list(await asyncio.gather(*(node.sender.send(OPENID, Text(text)) for node in here.nodes)))


async def test_all_nodes_fetch_one_token_and_refresh_it_once(settings: Settings) -> None:
    async with nodes(settings, NODES) as here:
        assert await everybody_says(here, "您好") == [Sent()] * NODES
        assert here.fetches == 1
        here.wechat.world.tokens.revoke()
        await here.user.says("在吗")
        assert await everybody_says(here, "在的") == [Sent()] * NODES
        assert here.fetches == 2


async def test_all_nodes_use_what_one_has_uploaded(settings: Settings) -> None:
    picture = (Path(__file__).parents[2] / "docs" / "images" / "widget-phone.png").read_bytes()
    async with nodes(settings, NODES) as here:
        for node in here.nodes:
            assert await node.sender.send_file(OPENID, picture) == Sent()
        assert len(here.wechat.called("/cgi-bin/media/upload")) == 1
