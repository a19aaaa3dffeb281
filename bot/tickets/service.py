"""What people do with one ticket, each as one transaction; and what they see of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import cases, ledger
from bot.desk import accounts
from bot.desk.actors import Actor
from bot.desk.units import Units
from bot.desk.work import Work
from bot.errors import BadInput
from bot.store.models import Order
from bot.tickets import changes, duplicates, events, guards, levels, milestones, shown, telling

LONGEST = 500
LONGEST_FIELD = 120
LONGEST_REPLY = 2000


class Tickets:
    """One ticket at a time. Everybody at the desk may look, note, link, fill in, reopen; leaders decide over money."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def detail(self, ticket_id: str) -> dict[str, Any]:
        """All of a ticket. Raises NotFound."""
        async with self._units.services.database.session() as session:
            return await self._shown(session, await changes.get(session, ticket_id))

    async def reopen(self, ticket_id: str, actor: Actor, reason: str) -> dict[str, Any]:
        """Open it again; the customer is told. Raises BadInput, NotFound, WrongState."""
        if not reason.strip():
            raise BadInput("reason: what is not solved")

        async def work(session: AsyncSession) -> dict[str, Any]:
            services = self._units.services
            ticket = await changes.get(session, ticket_id)
            event = await changes.reopen(session, services, ticket, actor.label, reason, self._units.now())
            await cases.reopened(session, services, ticket, actor.label, self._units.now())
            await telling.announce(Work(services, session), ticket, event, "utter_ticket_reopened")
            return await self._shown(session, ticket)

        return await self._units.run(work)

    async def merge(self, ticket_id: str, into: str, actor: Actor) -> dict[str, Any]:
        """Put it into another one; the customer is told once. Raises BadInput, NotAllowed, NotFound, WrongState."""

        async def work(session: AsyncSession) -> dict[str, Any]:
            ticket, other = await changes.get(session, ticket_id), await changes.get(session, into)
            if ticket.amount is not None:
                actor.must_lead()
            now, unit = self._units.now(), Work(self._units.services, session)
            event = await duplicates.merge(session, ticket, other, actor.label, now)
            await ledger.cancel(session, unit.services, ticket, "merged", now=now, actor=actor.label)
            due = other.due_at.isoformat() if other.due_at else ""
            await telling.announce(unit, ticket, event, "utter_ticket_merged", into=other.id, due=due)
            return await self._shown(session, ticket)

        return await self._units.run(work)

    async def link(self, ticket_id: str, to: str, kind: str, actor: Actor) -> dict[str, Any]:
        """Say that it belongs to another one. Raises BadInput, NotFound."""

        async def work(session: AsyncSession) -> dict[str, Any]:
            ticket, other = await changes.get(session, ticket_id), await changes.get(session, to)
            await duplicates.link(session, ticket, other, kind, actor.label, self._units.now())
            return await self._shown(session, ticket)

        return await self._units.run(work)

    async def note(self, ticket_id: str, text: str, actor: Actor) -> dict[str, Any]:
        """Write a note for the others. Raises BadInput, NotFound."""
        if not text.strip() or len(text) > LONGEST:
            raise BadInput(f"text: up to {LONGEST} characters")

        async def work(session: AsyncSession) -> dict[str, Any]:
            ticket = await changes.get(session, ticket_id)
            changes.staff_note(session, ticket, actor.label, text, self._units.now())
            return await self._shown(session, ticket)

        return await self._units.run(work)

    async def reach(self, ticket_id: str, what: str, text: str, actor: Actor) -> dict[str, Any]:
        """Report what happened to it elsewhere. Raises BadInput, NotFound, WrongState."""
        event = next((name for name in milestones.MILESTONES if name == what), None)
        if event is None:
            raise BadInput(f"what: one of {', '.join(sorted(milestones.MILESTONES))}")
        if len(text) > LONGEST or (event in milestones.WORDED and not text.strip()):
            raise BadInput(f"text: up to {LONGEST} characters")

        async def work(session: AsyncSession) -> dict[str, Any]:
            ticket = await changes.get(session, ticket_id)
            await milestones.reach(Work(self._units.services, session), ticket, event, text.strip(), actor.label)
            return await self._shown(session, ticket)

        return await self._units.run(work)

    async def reply(self, ticket_id: str, text: str, actor: Actor) -> dict[str, Any]:
        """Answer it in writing. Raises BadInput, NotFound, WrongState (also `promise_refused`)."""
        if not text.strip() or len(text) > LONGEST_REPLY:
            raise BadInput(f"text: up to {LONGEST_REPLY} characters")

        async def work(session: AsyncSession) -> dict[str, Any]:
            ticket = await changes.get(session, ticket_id)
            account, unit = await actor.account(session), Work(self._units.services, session)
            await milestones.reply(unit, ticket, text.strip(), account, actor.label)
            return await self._shown(session, ticket)

        return await self._units.run(work)

    async def fill(self, ticket_id: str, told: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
        """Write in what the customer was asked for. Raises BadInput, NotFound."""
        known = _checked(told)

        async def work(session: AsyncSession) -> dict[str, Any]:
            ticket, now = await changes.get(session, ticket_id), self._units.now()
            changes.fill(session, ticket, actor.label, known, now)
            await levels.grade(session, self._units.services, ticket, "", now, actor.label)
            return await self._shown(session, ticket)

        return await self._units.run(work)

    async def move(self, ticket_id: str, stage: str, actor: Actor) -> dict[str, Any]:
        """Take the next step. Raises NotFound, WrongState."""

        async def work(session: AsyncSession) -> dict[str, Any]:
            ticket = await changes.get(session, ticket_id)
            changes.move(session, ticket, actor.label, stage, self._units.now())
            return await self._shown(session, ticket)

        return await self._units.run(work)

    async def confirm(self, ticket_id: str, solved: bool, actor: Actor, reason: str) -> dict[str, Any]:
        """What the customer said of the result, on the phone say. Raises BadInput, NotFound, WrongState."""
        if not solved:
            return await self.reopen(ticket_id, actor, reason)

        async def work(session: AsyncSession) -> dict[str, Any]:
            ticket = await changes.get(session, ticket_id)
            changes.confirm(session, ticket, actor.label, self._units.now())
            await cases.confirmed(session, self._units.services, ticket, actor.label, self._units.now())
            return await self._shown(session, ticket)

        return await self._units.run(work)

    async def _shown(self, session: AsyncSession, ticket: Any) -> dict[str, Any]:
        await session.flush()
        order = await session.get(Order, ticket.order_no) if ticket.order_no else None
        pack = self._units.services.packs.for_payment(order.paid_at if order and order.paid_at else ticket.created_at)
        log, links = await events.log_of(session, ticket.id), await duplicates.links_of(session, ticket.id)
        return shown.detailed(ticket, log, links, pack, await accounts.names(session, {event.actor for event in log}))


def _checked(told: Mapping[str, Any]) -> dict[str, str]:
    """Fields as they may be written in. Raises BadInput."""
    if not told or not set(told) <= set(guards.FILLED):
        raise BadInput(f"fields: some of {', '.join(guards.FILLED)}")
    for name, value in told.items():
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_FIELD or not value.isprintable():
            raise BadInput(f"{name}: a text of up to {LONGEST_FIELD} characters")
    if "claimed" in told:
        _check_claimed(told["claimed"])
    return {name: value.strip() for name, value in told.items()}


def _check_claimed(told: str) -> None:
    """Raises BadInput for what is no amount."""
    try:
        claimed = Decimal(told)
    except InvalidOperation as error:
        raise BadInput("claimed: yuan such as 12.50") from error
    if not claimed.is_finite() or claimed <= 0 or claimed != round(claimed, 2):
        raise BadInput("claimed: yuan such as 12.50")
