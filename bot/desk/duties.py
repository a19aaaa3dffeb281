"""What people and servers do with deadlines: let them stand, let them go on, report what happened outside."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import ledger, orders
from bot.clocks.log import events_of, state_of
from bot.clocks.shown import as_json
from bot.desk.actors import Actor
from bot.desk.units import Units, latest_of
from bot.errors import BadInput, NotFound, WrongState
from bot.policy.duties import Event
from bot.store.models import DutyClock, Order

OF_ORDER: tuple[Event, ...] = ("ordered", "paid", "cancelled", "courier_scanned", "warning_sent", "fee_refund_asked")
OF_CUSTOMER: tuple[Event, ...] = ("customer_assigned", "customer_contacted")
LONGEST = 200


class Duties:
    """Deadlines, each change as one transaction."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def stand(self, clock_id: str, stands: bool, reason: str, actor: Actor) -> dict[str, Any]:
        """Let a clock stand, or go on. Raises BadInput, NotAllowed, NotFound, WrongState."""
        actor.must_lead()
        if stands and not reason.strip():
            raise BadInput("reason: why it stands")

        async def work(session: AsyncSession) -> dict[str, Any]:
            services, now = self._units.services, self._units.now()
            clock = await session.get(DutyClock, clock_id)
            if clock is None:
                raise NotFound("no such clock")
            if stands:
                did = await ledger.pause(session, services, clock, reason[:LONGEST], now=now, actor=actor.label)
            else:
                did = await ledger.resume(session, services, clock, now=now, actor=actor.label)
            if not did:
                raise WrongState(f"the clock is {clock.state}", "clock_" + clock.state)
            await session.flush()
            entries = (await events_of(session, [clock.id]))[clock.id]
            return as_json(services, clock, state_of(services, clock, entries, now), entries[0])

        return await self._units.run(work)

    async def happened(self, what: str, kind: str, about: str, at: datetime | None, actor: Actor) -> int:
        """Something happened to an order or to a customer; how many clocks started.

        `kind`: order, sender; `about`: its number or id; `at`: not now but then.

        Raises BadInput, NotFound.
        """
        now = self._units.now()
        if at is not None and at > now:
            raise BadInput("at: not in the future")
        known = OF_ORDER if kind == "order" else OF_CUSTOMER
        name = next((each for each in known if each == what), None)
        if name is None:
            raise BadInput(f"what: one of {', '.join(known)}")

        async def work(session: AsyncSession) -> int:
            services, since = self._units.services, at or now
            if name in OF_ORDER:
                if await session.get(Order, about) is None:
                    raise NotFound("no such order")
                return len(await orders.tell(session, services, name, about, now=since, actor=actor.label))
            talk = await latest_of(about)(session)
            started = await ledger.signal(session, services, name, conversation=talk, now=since, actor=actor.label)
            return len(started)

        return await self._units.run(work)
