"""Connections: one `Database` per event loop, since asyncpg's connections belong to the loop that made them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import AsyncAdaptedQueuePool

T = TypeVar("T")
_at_work: set[asyncio.Future[Any]] = set()  # a loop keeps no task alive by itself

MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """Makes sessions. Nothing is written before `commit`, so SQLite's one write lock is held only there."""

    def __init__(self, url: str) -> None:
        sqlite = url.startswith("sqlite")
        options: dict[str, Any] = (
            # IMMEDIATE: a writer takes the lock when it begins to write, and waits for it, instead of failing later.
            # SQLAlchemy opens a file anew for each session by default, and each costs a thread and four pragmas.
            {"connect_args": {"isolation_level": "IMMEDIATE", "timeout": 30}, "poolclass": AsyncAdaptedQueuePool}
            if sqlite
            else {"pool_pre_ping": True}
        )
        self.engine = create_async_engine(
            url, future=True, hide_parameters=True, pool_size=10, max_overflow=10, **options
        )
        if sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
        self.session: Any = sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False, autoflush=False)

    async def dispose(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


async def uninterrupted(work: Coroutine[Any, Any, T]) -> T:
    """Do it to its end, also when whoever waits for it is cancelled, as when a client goes away in the middle.

    A cancelled unit of work may fail to roll back, and leave its connection in an unknown state.
    """
    task = asyncio.ensure_future(work)
    _at_work.add(task)
    task.add_done_callback(_at_work.discard)
    return await asyncio.shield(task)


def is_locked(error: BaseException) -> bool:
    """Whether SQLite's write lock was not to be had in time: what was to be written may be tried again."""
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)


def after_commit(session: AsyncSession, do: Callable[[], None]) -> None:
    """Call `do` once when this unit of work is stored; a session that fails is thrown away, and `do` with it."""
    event.listen(session.sync_session, "after_commit", lambda _session: do(), once=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # an acknowledged message outlives a power cut, not only a crash
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.close()


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest schema. Blocking; call it before serving."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = make_url(url)
    command.upgrade(config, "head")
