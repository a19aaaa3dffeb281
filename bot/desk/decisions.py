"""What people decide: tickets and approvals. The customer is told in the conversation."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import cases, ledger
from bot.desk import approvals, bargains, tickets
from bot.desk.units import Units
from bot.desk.work import Work
from bot.errors import BadInput, NotFound, WrongState
from bot.orders.refunds import RefundGateway
from bot.store.models import Approval, Order, Ticket, TicketEvent
from bot.tickets import changes, events, guards, payments, telling
from bot.tickets.state import of_row

SERVICE = "service"


class Decisions:
    """Decides, each time as one transaction."""

    def __init__(self, work: Units, refunds: RefundGateway) -> None:
        self._work = work
        self._refunds = refunds

    async def ticket(self, ticket_id: str, status: str, actor: str, reason: str, role: str = SERVICE) -> dict[str, Any]:
        """Approve, reject or finish a ticket, and tell the customer. Raises NotAllowed above the role's limit.

        Before it is done the payment side is asked for its money.
        """
        if status == "done":
            await self._pay(ticket_id, actor)

        async def work(session: AsyncSession) -> dict[str, Any]:
            ticket = await self._decide(session, ticket_id, status, actor, reason, role)
            return tickets.as_json(ticket)

        return await self._work.run(work)

    async def approval(
        self,
        approval_id: str,
        decision: str,
        reason: str,
        actor: str,
        amount: str | None = None,
        role: str = SERVICE,
    ) -> dict[str, Any]:
        """Decide an approval; its ticket follows. A person may grant less than was asked (`amount`, yuan), never more;
        of a bargain's price anything between the bid and the bot's own offer.

        Raises NotFound, WrongState, BadInput, NotAllowed.
        """
        if decision not in ("approve", "reject"):
            raise BadInput("decision: approve or reject")

        async def work(session: AsyncSession) -> dict[str, Any]:
            approval = await session.get(Approval, approval_id)
            if approval is None:
                raise NotFound("no such approval")
            if approval.status != "pending":
                raise WrongState(f"the approval is {approval.status}", "decided")
            status, now = "approved" if decision == "approve" else "rejected", self._work.now()
            approvals.changed(session, approval)
            if approval.kind == bargains.KIND:
                bargains.decide(approval, decision == "approve", amount, actor, reason, now)
                about = bargains.subject_of(approval)
                await ledger.signal(
                    session, self._work.services, "approval_answered", subject=about, now=now, actor=actor
                )
                await self._tell_of_bargain(session, approval)
                return approvals.as_json(approval)
            if amount is not None and status == "approved":
                approval.amount = _granted(amount, approval.amount)
            if approval.ticket_id:
                await self._decide(session, approval.ticket_id, status, actor, reason, role, approval.amount)
            else:
                approvals.settle(session, approval, status, actor, reason, now)
            return approvals.as_json(approval)

        return await self._work.run(work)

    async def expire_bargains(self) -> int:
        """End the bargains' approvals whose time is over, and tell the customers; their number."""

        async def work(session: AsyncSession) -> int:
            ended = 0
            for approval in await bargains.overdue(session, self._work.now()):
                if await bargains.expire(session, approval, self._work.now()):
                    approvals.changed(session, approval)
                    await self._tell_of_bargain(session, approval)
                    ended += 1
            return ended

        return await self._work.run(work)

    async def _tell_of_bargain(self, session: AsyncSession, approval: Any) -> None:
        conversation = await telling.same_sender_now(session, approval.conversation_id)
        subject, reason = approval.subject, approval.reason
        key = f"utter_bargain_{approval.status}"
        if approval.status == bargains.REJECTED and reason:
            key = f"{key}_why"
        fields = {
            "product": subject["product"],
            "quantity": subject["quantity"],
            "offered": subject["offered"],
            "amount": f"{approval.amount:.2f}",
            "reason": reason or "",
        }
        await self._work.say(session, conversation, key, fields, role="bot")

    async def _decide(
        self,
        session: AsyncSession,
        ticket_id: str,
        status: str,
        actor: str,
        reason: str,
        role: str,
        amount: Decimal | None = None,
    ) -> Any:
        """Decide a ticket, within the role's limit, and tell the customer."""
        ticket, now = await changes.get(session, ticket_id), self._work.now()
        if status == "approved":
            order = await session.get(Order, ticket.order_no) if ticket.order_no else None
            pack = self._work.services.packs.for_payment(order.paid_at if order else None)
            before = await _approved_before(session, ticket, actor)
            guards.check_money(role, of_row(ticket), amount or ticket.amount, before, pack)
        if status == "done" and role != SERVICE:  # a server knows what it does; a person is asked for what is lacking
            guards.check_known(of_row(ticket))
        await tickets.decide(session, self._work.services, ticket_id, status, actor, reason, now, amount)
        await cases.changed(session, self._work.services, ticket, actor, now)
        event = next(each for each in reversed(await _logged(session, ticket_id)) if each.kind == status)
        await telling.decided(Work(self._work.services, session), ticket, event)
        return ticket

    async def _pay(self, ticket_id: str, actor: str) -> None:
        """What a ticket owes is asked for, and taken by the payment side, before anybody calls it done."""

        async def ask(session: AsyncSession) -> None:
            ticket = await changes.get(session, ticket_id)
            guards.check(of_row(ticket), "done")
            if ticket.status != "open":
                await payments.ask(session, self._work.services, ticket, actor, self._work.now())

        await self._work.run(ask)
        await payments.pay(self._work.services, self._work.hub, self._refunds, ticket_id)


async def _logged(session: AsyncSession, ticket_id: str) -> list[Any]:
    await session.flush()
    return await events.log_of(session, ticket_id)


async def _approved_before(session: AsyncSession, ticket: Any, actor: str) -> Decimal:
    """What this person approved of the same order before."""
    if not ticket.order_no:
        return Decimal(0)
    query = (
        select(Ticket)
        .join(TicketEvent, TicketEvent.ticket_id == Ticket.id)
        .where(Ticket.order_no == ticket.order_no, Ticket.id != ticket.id, Ticket.status.notin_(guards.ENDS))
        .where(TicketEvent.kind == "approved", TicketEvent.actor == actor)
    )
    rows = (await session.execute(query)).scalars().unique().all()
    return sum((row.amount for row in rows if row.amount is not None), Decimal(0))


def _granted(amount: str, asked: Decimal | None) -> Decimal:
    """The amount that a person names, if it can be. Raises BadInput."""
    try:
        granted = Decimal(amount)
    except InvalidOperation as error:
        raise BadInput("amount: yuan such as 12.50") from error
    if asked is None or not granted.is_finite() or not 0 < granted <= asked or granted != round(granted, 2):
        raise BadInput(f"amount: above 0.00, at most {asked} yuan")
    return granted
