"""What a breach costs, written down once for each clock; every platform counts for itself (C6)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.models import DutyClock, PenaltyEntry


def charge(session: AsyncSession, clock: DutyClock, at: datetime) -> None:
    """Write down what the platform takes, as it stood when the clock started; nothing where it takes nothing."""
    if clock.points or clock.yuan or clock.label:
        entry = PenaltyEntry(platform=clock.platform, clock_id=clock.id, at=at)
        entry.points, entry.yuan, entry.label = clock.points, clock.yuan, clock.label
        session.add(entry)
