"""Alembic's entry: runs the migrations over the same async driver as the service."""

from __future__ import annotations

import asyncio
from typing import Any

from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.store.models import Base
from bot.store.types import Instant, Money


def render_item(kind: str, item: Any, _autogen: Any) -> Any:
    """Write our column types into migrations as the plain types that they are in the database."""
    if kind == "type" and isinstance(item, Money):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Any) -> None:
    """Run on one connection, in one transaction."""
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_item=render_item, render_as_batch=True
    )
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    """Connect, migrate, close."""
    engine = create_async_engine(context.config.attributes["url"], future=True, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(main())
