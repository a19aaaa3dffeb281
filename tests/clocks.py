"""A shop whose time is set by hand, and its scheduler; several of them on one database are several nodes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.clock import SHANGHAI, Clock
from bot.clocks import ledger
from bot.clocks.jobs import Handler, Task, schedule
from bot.clocks.log import events_of, state_of
from bot.clocks.scheduler import Scheduler
from bot.conversation.hub import Hub
from bot.desk import tickets
from bot.desk.work import Work, transact
from bot.services import Services
from bot.store.models import ClockEvent, Conversation, DutyClock, PenaltyEntry

FRIDAY = datetime(2026, 3, 20, 18, tzinfo=SHANGHAI)


class HandClock(Clock):
    """Time that goes on only when it is told to."""

    def __init__(self, now: datetime = FRIDAY) -> None:
        super().__init__()
        self.at = now

    def now(self) -> datetime:
        """What it was set to."""
        return self.at

    def pass_by(self, **parts: float) -> None:
        """Let time go by."""
        self.at += timedelta(**parts)


class Node:
    """One process: connections, news and a scheduler of its own."""

    def __init__(self, services: Services, clock: Clock, handlers: Mapping[str, Handler] | None = None) -> None:
        self.services = replace(services, clock=clock)
        self.told: list[dict[str, Any]] = []
        self.hub = Hub()
        self.hub.bind(asyncio.get_event_loop())
        self.hub.listen(self._note)
        self.scheduler = Scheduler(self.services, self.hub, handlers or {})

    async def _note(self, kind: str, _conversation_id: str, data: dict[str, Any]) -> None:
        if kind == "clock":
            self.told.append(data["clock"])

    def on(self, platform: str) -> Node:
        """Let the shop stand on a platform."""
        self.services = replace(self.services, shop=replace(self.services.shop, platform=platform))
        self.scheduler = Scheduler(self.services, self.hub, {})
        return self

    def quiet(self) -> Node:
        """Let the shop tell no news outside hours."""
        self.services = replace(self.services, shop=replace(self.services.shop, quiet_news=True))
        return self

    async def work(self, do: Any) -> Any:
        """One transaction, with its news."""
        return await transact(self.services, self.hub, do)

    async def conversation(self, sender: str = "s", owner: str = "bot") -> str:
        """A talk; its id."""

        async def do(work: Work) -> str:
            talk = Conversation(channel="rest", sender=sender, owner=owner, created_at=work.now)
            work.session.add(talk)
            await work.session.flush()
            return str(talk.id)

        return str(await self.work(do))

    async def ticket(self, conversation_id: str, **fields: Any) -> str:
        """A ticket in a talk; its id."""

        async def do(work: Work) -> str:
            talk = await work.session.get(Conversation, conversation_id)
            given = {"type": "complaint", "status": "open", **fields}
            ticket = await tickets.open_ticket(work.session, work.services, talk, now=work.now, **given)
            return str(ticket.id)

        return str(await self.work(do))

    async def signal(self, name: Any, **about: Any) -> list[str]:
        """Something happens; the ids of the clocks that it starts."""

        async def do(work: Work) -> list[str]:
            made = await ledger.signal(work.session, work.services, name, now=work.now, actor="test", **about)
            return [clock.id for clock in made]

        found: list[str] = await self.work(do)
        return found

    async def schedule(self, kind: str, key: str, due_at: datetime, **payload: Any) -> bool:
        """Ask for a job."""
        return bool(await self.work(lambda work: schedule(work.session, kind, key, due_at, payload)))

    async def rounds(self) -> None:
        """Let the scheduler do all that is due."""
        while await self.scheduler.round():
            pass

    async def clock(self, clock_id: str) -> Any:
        """A clock's row, after a check that its log tells the same."""
        async with self.services.database.session() as session:
            clock = await session.get(DutyClock, clock_id)
            state = state_of(self.services, clock, (await events_of(session, [clock_id]))[clock_id])
        row = clock.state, clock.due_at, clock.ended_at, clock.next_at
        assert row == (state.standing, state.due_at, state.ended_at, state.next.at if state.next else None)
        return clock

    async def log(self, clock_id: str) -> list[str]:
        """The log of a clock: `warned 0.50`."""
        async with self.services.database.session() as session:
            entries = (await events_of(session, [clock_id]))[clock_id]
        return [f"{each.kind} {each.marker}".strip() for each in entries]

    async def penalties(self) -> list[Any]:
        """What platforms took."""
        async with self.services.database.session() as session:
            return list((await session.execute(select(PenaltyEntry).order_by(PenaltyEntry.id))).scalars().all())

    async def happened(self, kind: str) -> list[tuple[str, str]]:
        """Clock and marker of every entry of a kind."""
        async with self.services.database.session() as session:
            query = select(ClockEvent.clock_id, ClockEvent.marker).where(ClockEvent.kind == kind)
            return [(row.clock_id, row.marker) for row in (await session.execute(query)).all()]


async def nothing(_work: Work, _task: Task) -> None:
    """A job that has nothing to do."""
