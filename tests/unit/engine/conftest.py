"""A turn outside the worker, for what is tested below it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.conversation.turn import Turn
from bot.store.models import Conversation
from tests.conftest import Shop


@pytest.fixture
async def turn(shop: Shop) -> AsyncIterator[Turn]:
    """An unknown visitor's turn; the test runs inside it, and nothing of it is stored."""
    now = shop.services.clock.now()
    async with shop.services.database.session() as session:
        conversation = Conversation(id="c" * 32, channel="rest", sender="visitor", owner="bot", created_at=now)
        yield Turn(shop.services, session, conversation, "", now)
