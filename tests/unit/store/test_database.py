"""Who goes away in the middle of a statement leaves no half-done one behind, on which later writers would stumble."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A table with some rows, and one connection for all."""
    made = Database(f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}")
    async with made.session() as session:
        await session.execute(text("CREATE TABLE lines (id INTEGER PRIMARY KEY, said TEXT)"))
        for _ in range(200):
            await session.execute(text("INSERT INTO lines (said) VALUES ('hello')"))
        await session.commit()
    yield made
    await made.dispose()


async def _read(database: Database) -> None:
    async with database.session() as session:
        for _ in range(50):
            await session.execute(text("SELECT * FROM lines"))


async def _write(database: Database) -> None:
    async with database.session() as session:
        await session.execute(text("INSERT INTO lines (said) VALUES ('there')"))
        await session.commit()


async def test_readers_who_are_cut_off_keep_no_writer_from_writing(database: Database) -> None:
    for number in range(60):
        reading = asyncio.ensure_future(_read(database))
        await asyncio.sleep(0.0003 * (number % 20))
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading
        await asyncio.wait_for(_write(database), 2)
    async with database.session() as session:
        written = (await session.execute(text("SELECT count(*) FROM lines WHERE said = 'there'"))).scalar()
    assert written == 60


async def test_a_cancelled_unit_of_work_is_undone_and_cancelled_all_the_same(database: Database) -> None:
    begun = asyncio.Event()

    async def unit() -> None:
        async with database.session() as session:
            await session.execute(text("INSERT INTO lines (said) VALUES ('never')"))
            begun.set()
            await asyncio.sleep(10)
            await session.commit()

    working = asyncio.ensure_future(unit())
    await begun.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    await asyncio.wait_for(_write(database), 2)
    async with database.session() as session:
        assert not (await session.execute(text("SELECT 1 FROM lines WHERE said = 'never'"))).all()
