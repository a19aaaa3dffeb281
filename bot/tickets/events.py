"""The append-only log of a ticket. Nothing changes a ticket but an event, and the row is written with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk import news
from bot.store.models import Ticket, TicketEvent
from bot.tickets import shown
from bot.tickets.state import State, apply, of_row, project, write


async def begin(session: AsyncSession, ticket_id: str, state: State, actor: str, now: datetime) -> Any:
    """A new ticket with its first event. Flushes."""
    ticket = Ticket(id=ticket_id)
    detail = {"set": {name: write(name, value) for name, value in vars(state).items()}}
    project(apply(State(), detail), ticket)
    session.add(ticket)
    await session.flush()
    _append(session, ticket, "opened", actor, detail, now)
    return ticket


def record(
    session: AsyncSession,
    ticket: Any,
    kind: str,
    actor: str,
    now: datetime,
    *,
    to: Mapping[str, Any] | None = None,
    add: Mapping[str, Sequence[Any]] | None = None,
    told: Mapping[str, Any] | None = None,
) -> Any:
    """Write an event, and its effect into the row. `to`: fields anew; `add`: entries of lists; `told`: what for."""
    detail: dict[str, Any] = dict(told or {})
    if to:
        detail["set"] = {name: write(name, value) for name, value in to.items()}
    if add:
        detail["add"] = {name: [dict(v) if isinstance(v, Mapping) else v for v in more] for name, more in add.items()}
    project(apply(of_row(ticket), detail), ticket)
    return _append(session, ticket, kind, actor, detail, now)


async def log_of(session: AsyncSession, ticket_id: str) -> list[Any]:
    """A ticket's events, oldest first."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).order_by(TicketEvent.id)
    return list((await session.execute(query)).scalars().all())


def _append(session: AsyncSession, ticket: Any, kind: str, actor: str, detail: dict[str, Any], now: datetime) -> Any:
    event = TicketEvent(ticket_id=ticket.id, kind=kind, actor=actor, detail=detail, at=now)
    session.add(event)
    news.later(session, "ticket", ticket.conversation_id, lambda: {"ticket": shown.as_json(ticket)}, once=ticket.id)
    return event
