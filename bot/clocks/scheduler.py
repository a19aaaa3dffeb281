"""The one durable scheduler: takes what is due, each thing once among all nodes, and takes up what a node left lying.

A row is claimed until a time by an update that only one node can win. Who claimed it handles it in one transaction that
ends with the claim; a node that dies in between lets the claim run out, and another one takes the row.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, or_, select, update

from bot.clocks import breaches, orders
from bot.clocks.jobs import WORK, Handler, Task
from bot.clocks.log import events_of, state_of, write
from bot.clocks.sweeps import Sweep
from bot.conversation.hub import Hub
from bot.desk.work import Work, transact
from bot.metrics import JOBS_FAILED
from bot.promises import ledger as promises
from bot.services import Services
from bot.store.models import DutyClock, Job

log = structlog.get_logger(__name__)

ACTOR = "scheduler"
LONGEST_SLEEP = 5.0
AT_ONCE = 20
CLAIM_SECONDS = 60
LONGEST_WAIT_SECONDS = 3600


@dataclass(frozen=True)
class Claim:
    """A row that this node may handle until a time."""

    table: Any
    id: Any
    until: datetime


class LostClaimError(Exception):
    """It took too long: another node has it now."""


class Scheduler:
    """Lives on the web's loop. `handlers`: who does the jobs of a kind; `sweeps`: what is looked at besides."""

    def __init__(
        self, services: Services, hub: Hub, handlers: Mapping[str, Handler], sweeps: Sequence[Sweep] = ()
    ) -> None:
        self._services = services
        self._hub = hub
        self._handlers = handlers
        self._sweeps = sweeps
        self._news = asyncio.Event()
        hub.listen(self._told)

    async def run(self) -> None:
        """Work for ever, and sweep beside it: a look that takes long holds up no deadline."""
        await asyncio.gather(self._work(), self._look())

    async def sweep(self) -> None:
        """Make the looks for which it is time."""
        for sweep in self._sweeps:
            await sweep.make(time.monotonic())

    async def _look(self) -> None:
        while self._sweeps:
            await self.sweep()
            await asyncio.sleep(min(sweep.seconds for sweep in self._sweeps) / 2)

    async def _work(self) -> None:
        """Wake when something becomes due, when there is something new, and every few seconds."""
        while True:
            try:
                while await self.round():
                    pass
                pause = await self._until_due()
            except Exception:  # the next round may find the database again
                log.exception("scheduler")
                pause = LONGEST_SLEEP
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._news.wait(), pause)
            self._news.clear()

    async def round(self) -> int:
        """Do some of what is due now; how many things were taken."""
        claims = await self.claim()
        for claim in claims:
            await self.handle(claim)
        return len(claims)

    async def claim(self) -> list[Claim]:
        """Take some of what is due and nobody else has."""
        now = self._services.clock.now()
        until = now + timedelta(seconds=CLAIM_SECONDS)
        claims: list[Claim] = []
        async with self._services.database.session() as session:
            for table, due in self._due(now):
                query = select(table.id).where(*due).order_by(self._time(table), table.id).limit(AT_ONCE)
                for row in (await session.execute(query.with_for_update(skip_locked=True))).scalars().all():
                    values = {"claimed_until": until} | ({"attempts": Job.attempts + 1} if table is Job else {})
                    mine = update(table).where(table.id == row, *due).values(values)
                    taken: Any = await session.execute(mine.execution_options(synchronize_session=False))
                    if taken.rowcount:
                        claims.append(Claim(table, row, until))
            await session.commit()
        return claims

    async def handle(self, claim: Claim) -> None:
        """Do what was claimed. What fails is logged and comes again later."""
        try:
            if claim.table is Job:
                await self._do(claim)
            else:
                await transact(self._services, self._hub, lambda work: _tick(work, claim))
        except LostClaimError:
            log.warning("claim lost", table=claim.table.__tablename__, row=claim.id)
        except Exception as error:  # one row's trouble must not stop the others
            log.exception("due work failed", table=claim.table.__tablename__, row=claim.id, error=type(error).__name__)

    async def _do(self, claim: Claim) -> None:
        """Run the handler of a job, and mark it as done with what it wrote."""
        async with self._services.database.session() as session:
            job = await session.get(Job, claim.id)
            if job is None:  # its shop began anew
                return
            task, attempts = Task(job.kind, job.key, job.due_at, job.payload), job.attempts
        own = update(Job).where(Job.id == claim.id, Job.claimed_until == claim.until, Job.done_at.is_(None))
        own = own.execution_options(synchronize_session=False)

        async def do(work: Work) -> None:
            await self._handlers[task.kind](work, task)
            ended: Any = await work.session.execute(own.values(done_at=work.now, claimed_until=None))
            if not ended.rowcount:
                raise LostClaimError(task.key)

        try:
            await transact(self._services, self._hub, do)
        except Exception:
            JOBS_FAILED.labels(task.kind).inc()
            later = timedelta(seconds=min(CLAIM_SECONDS * attempts, LONGEST_WAIT_SECONDS))
            async with self._services.database.session() as session:
                await session.execute(own.values(claimed_until=self._services.clock.now() + later))
                await session.commit()
            raise

    def _due(self, now: datetime) -> list[tuple[Any, tuple[Any, ...]]]:
        """The tables with work in them, and which of their rows are due and free."""
        return [
            (table, (self._time(table) <= now, *self._open(table), _free(table, now))) for table in (DutyClock, Job)
        ]

    async def _until_due(self) -> float:
        """Seconds until the next row is due, or its claim is over; a few at most."""
        now = self._services.clock.now()
        times: list[datetime | None] = []
        async with self._services.database.session() as session:
            for table in (DutyClock, Job):
                free = _free(table, now)
                query = select(func.min(self._time(table))).where(*self._open(table), free)
                times.append((await session.execute(query)).scalar())
        waits = [max((at - now).total_seconds(), 0.0) for at in times if at is not None]
        return min([*waits, LONGEST_SLEEP])

    def _time(self, table: Any) -> Any:
        return Job.due_at if table is Job else DutyClock.next_at

    def _open(self, table: Any) -> tuple[Any, ...]:
        """What is not done; of jobs those that this node can do: another one may be newer."""
        if table is Job:
            return Job.done_at.is_(None), Job.kind.in_(list(self._handlers))
        return (DutyClock.next_at.isnot(None),)

    async def _told(self, kind: str, _conversation_id: str, _data: dict[str, Any]) -> None:
        if kind in (WORK, "clock"):
            self._news.set()


def _free(table: Any, now: datetime) -> Any:
    return or_(table.claimed_until.is_(None), table.claimed_until <= now)


async def _tick(work: Work, claim: Claim) -> None:
    """Write down what the clock has reached: each warning and the breach once, and what the breach costs.

    Whether a promise was kept its own ledger knows, whether a parcel left the order: nobody may have noticed yet.
    """
    clock = await work.session.get(DutyClock, claim.id)
    if clock is None:  # its shop began anew
        return
    if clock.claimed_until != claim.until:
        raise LostClaimError(clock.id)
    clock.claimed_until = None
    if clock.promise_id is not None:
        await promises.settle_orders(work.session, work.services, promises.of_clock(clock))
    elif clock.subject.startswith(orders.OF_ORDER):
        await orders.settle(work, clock)
    await work.session.flush()
    entries = (await events_of(work.session, [clock.id]))[clock.id]
    state = state_of(work.services, clock, entries, work.now)
    while state.next is not None and state.next.at <= work.now:
        mark = state.next
        if mark.kind == "breached" and clock.promise_id is not None:
            await promises.overdue(work.session, work.services, clock, work.now)
            break
        state = write(work.session, work.services, clock, entries, mark.kind, mark.marker, at=work.now, actor=ACTOR)
        if mark.kind == "breached":
            breaches.charge(work.session, clock, mark.at)
