"""Insert or update in one statement, as both databases know it: of two who write the same row none fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession


async def upsert(session: AsyncSession, model: Any, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Write `values` to the row with that unique `key`, made where there is none; objects of the session stay as read.

    Is sent at once, so what it refers to must have been flushed.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(model).values({**key, **values})
    await session.execute(insert.on_conflict_do_update(index_elements=list(key), set_=dict(values)))
