"""Work to be done once from a time on, whatever becomes of the process that asked for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk import news
from bot.desk.work import Work
from bot.store.models import Job

WORK = "work"
"""The news that there is something for the scheduler."""


@dataclass(frozen=True)
class Task:
    """A job as its handler gets it."""

    kind: str
    key: str
    due_at: datetime
    payload: Mapping[str, Any]


Handler = Callable[[Work, Task], Awaitable[None]]
"""Does one job, in the transaction that also marks it as done: all of it is stored, or it is done again.

What it does outside the database may thus happen twice; `Task.key` lets the other side know it again.
"""


async def schedule(
    session: AsyncSession, kind: str, key: str, due_at: datetime, payload: Mapping[str, Any] | None = None
) -> bool:
    """Have it done at `due_at`; False when a job with this key was asked for before, which stands as it is."""
    await session.flush()
    if (await session.execute(select(Job.id).where(Job.key == key))).first():
        return False
    session.add(Job(kind=kind, key=key, due_at=due_at, payload=dict(payload or {})))
    await session.flush()
    news.later(session, WORK, "", dict, once=WORK)
    return True
