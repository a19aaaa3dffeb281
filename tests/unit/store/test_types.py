"""What SQLite would lose or give twice by itself: fen, time zones, numbers of rows that are gone."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text
from sqlalchemy.exc import StatementError

from bot.store.database import Database, after_commit
from bot.store.models import Conversation, Message, PriceChange
from tests.conftest import NOON


@pytest.fixture
async def session(seeded: dict[datetime, Path], tmp_path: Path) -> AsyncIterator[Any]:
    shutil.copy(seeded[NOON], tmp_path / "shop.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}")
    async with database.session() as opened:
        yield opened
    await database.dispose()


@pytest.mark.parametrize("price", ["0.00", "0.01", "39.90", "99999999.99"])
async def test_money_and_instants_come_back_as_they_went_in(session: Any, price: str) -> None:
    instant = datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=timezone.utc)
    change = PriceChange(sku="MUG", price=Decimal(price), starts_at=instant)
    session.add(change)
    await session.commit()
    stored = (await session.execute(text(f"SELECT price, starts_at FROM price_changes WHERE id = {change.id}"))).one()
    assert (stored.price, stored.starts_at) == (int(Decimal(price) * 100), "2026-02-28 23:59:59.123456")
    session.expire_all()
    await session.refresh(change)
    assert (str(change.price), change.starts_at, change.starts_at.utcoffset()) == (price, instant, NOON.utcoffset())


async def test_an_instant_without_time_zone_is_refused(session: Any) -> None:
    session.add(PriceChange(sku="MUG", price=Decimal(1), starts_at=datetime(2026, 3, 1)))
    with pytest.raises(StatementError, match="time zone"):
        await session.flush()


async def test_the_number_of_a_message_that_is_gone_is_not_given_again(session: Any) -> None:
    session.add(Conversation(id="talk", channel="rest", sender="anna", created_at=NOON))
    await session.flush()

    async def number() -> int:
        message = Message(conversation_id="talk", role="bot", text="", at=NOON)
        session.add(message)
        await session.commit()
        return int(message.id)

    first = await number()
    await session.execute(delete(Message).execution_options(synchronize_session=False))
    assert await number() > first


async def test_what_is_to_happen_after_a_commit_happens_once_and_only_then(session: Any) -> None:
    happened: list[str] = []
    after_commit(session, lambda: happened.append("stored"))
    session.add(Conversation(channel="rest", sender="anna", created_at=NOON))
    await session.flush()
    assert happened == []
    await session.commit()
    await session.commit()
    assert happened == ["stored"]
