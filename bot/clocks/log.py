"""Writing to clocks: an entry of the log, the row that follows from it, and the news of it, always together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks.rules import rule_of
from bot.clocks.shown import as_json
from bot.clocks.state import Kind, State, fold
from bot.desk import news
from bot.metrics import CLOCKS
from bot.services import Services
from bot.store.database import after_commit
from bot.store.models import ClockEvent, DutyClock

log = structlog.get_logger(__name__)


async def events_of(session: AsyncSession, clock_ids: Iterable[str]) -> dict[str, list[Any]]:
    """The logs of these clocks, each in its order."""
    logs: dict[str, list[Any]] = {clock_id: [] for clock_id in clock_ids}
    query = select(ClockEvent).where(ClockEvent.clock_id.in_(logs)).order_by(ClockEvent.id)
    for entry in (await session.execute(query)).scalars().all():
        logs[entry.clock_id].append(entry)
    return logs


def state_of(services: Services, clock: Any, entries: list[Any], now: datetime | None = None) -> State:
    """How a clock stands by its log."""
    return fold(entries, rule_of(services, clock), services.shop.openings, now)


def write(
    session: AsyncSession,
    services: Services,
    clock: Any,
    entries: list[Any],
    kind: Kind,
    marker: str,
    *,
    at: datetime,
    actor: str,
    detail: Mapping[str, Any] | None = None,
) -> State:
    """Add an entry to a clock and its log, and let the row follow; how the clock stands now."""
    entry = ClockEvent(clock=clock, kind=kind, marker=marker, at=at, actor=actor, detail=dict(detail or {}))
    session.add(entry)
    entries.append(entry)
    before = clock.state
    state = state_of(services, clock, entries)
    project(clock, state)
    _count(session, clock, kind, before)
    log.info("clock", clock=clock.id, rule=clock.rule, happened=kind, marker=marker, ticket=clock.ticket_id)
    shown = as_json(services, clock, state, entries[0])
    talk = clock.conversation_id or ""
    news.later(session, "clock", talk, lambda: {"clock": shown}, once=talk or clock.id)
    return state


def project(clock: DutyClock, state: State) -> None:
    """Let the row say what the log says."""
    clock.state, clock.due_at, clock.ended_at = state.standing, state.due_at, state.ended_at
    clock.next_at = state.next.at if state.next else None


def _count(session: AsyncSession, clock: Any, kind: Kind, before: str | None) -> None:
    if kind == "started":
        after_commit(session, CLOCKS.labels(clock.rule, "started").inc)
    elif kind == "breached" or (clock.state == "kept" and before != "kept"):
        after_commit(session, CLOCKS.labels(clock.rule, clock.state).inc)
