"""Lists of clocks and penalties, for the HTTP interface and the console."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks.log import events_of, state_of
from bot.clocks.rules import rule_of
from bot.clocks.shown import as_json
from bot.services import Services
from bot.store.models import DutyClock, PenaltyEntry

MOST = 200


async def of_ticket(session: AsyncSession, services: Services, ticket_id: str) -> list[dict[str, Any]]:
    """The clocks of a ticket: those that run first, the nearest first, then what is over."""
    return await _shown(session, services, DutyClock.ticket_id == ticket_id)


async def of_conversation(session: AsyncSession, services: Services, conversation_id: str) -> list[dict[str, Any]]:
    """The clocks of a conversation and its tickets, in the same order."""
    return await _shown(session, services, DutyClock.conversation_id == conversation_id)


async def of_order(session: AsyncSession, services: Services, order_no: str) -> list[dict[str, Any]]:
    """The clocks of an order and of what is done about it, in the same order."""
    return await _shown(session, services, DutyClock.order_no == order_no)


async def nearest(session: AsyncSession, services: Services, conversation_ids: Sequence[str]) -> dict[str, Any]:
    """For each conversation of a list the clock that runs out first, or ran out longest ago; none where none runs.

    A customer who waits in the talk itself is told by the list anyhow, and a minimum is nothing to hurry for.
    """
    of_talks = DutyClock.conversation_id.in_(conversation_ids), DutyClock.state.in_(("running", "breached"))
    query = select(DutyClock).where(*of_talks, DutyClock.ended_at.is_(None))
    clocks = (await session.execute(query.order_by(DutyClock.due_at.desc(), DutyClock.id))).scalars().all()
    rules = [(clock, rule_of(services, clock)) for clock in clocks]
    urging = [clock for clock, rule in rules if not rule.at_least and rule.starts_on != "customer_waits"]
    first = {clock.conversation_id: clock for clock in urging}
    shown = await _as_json(session, services, list(first.values()))
    return {clock["conversation_id"]: clock for clock in shown}


async def penalties(session: AsyncSession, platform: str | None) -> dict[str, Any]:
    """What platforms took, the newest first, and the sums of each platform; of one platform where it is named."""
    which = () if platform is None else (PenaltyEntry.platform == platform,)
    summed = select(PenaltyEntry.platform, func.sum(PenaltyEntry.points), func.sum(PenaltyEntry.yuan)).where(*which)
    sums = (await session.execute(summed.group_by(PenaltyEntry.platform).order_by(PenaltyEntry.platform))).all()
    query = select(PenaltyEntry, DutyClock).join(DutyClock, DutyClock.id == PenaltyEntry.clock_id).where(*which)
    newest = query.order_by(PenaltyEntry.at.desc(), PenaltyEntry.id.desc()).limit(MOST)
    rows = (await session.execute(newest)).all()
    return {
        "totals": [{"platform": name, "points": int(points), "yuan": f"{yuan:.2f}"} for name, points, yuan in sums],
        "items": [_penalty(entry, clock) for entry, clock in rows],
    }


def _penalty(entry: Any, clock: Any) -> dict[str, Any]:
    return {
        "platform": entry.platform,
        "clock_id": clock.id,
        "rule": clock.rule,
        "ticket_id": clock.ticket_id,
        "conversation_id": clock.conversation_id,
        "order_no": clock.order_no,
        "points": entry.points,
        "yuan": f"{entry.yuan:.2f}",
        "label": entry.label,
        "at": entry.at.isoformat(),
    }


async def _shown(session: AsyncSession, services: Services, which: Any) -> list[dict[str, Any]]:
    order = DutyClock.ended_at.isnot(None), DutyClock.state != "running", DutyClock.due_at, DutyClock.id
    clocks = (await session.execute(select(DutyClock).where(which).order_by(*order).limit(MOST))).scalars().all()
    return await _as_json(session, services, clocks)


async def _as_json(session: AsyncSession, services: Services, clocks: Sequence[Any]) -> list[dict[str, Any]]:
    logs, now = await events_of(session, [clock.id for clock in clocks]), services.clock.now()
    return [
        as_json(services, clock, state_of(services, clock, logs[clock.id], now), logs[clock.id][0]) for clock in clocks
    ]
