"""What people decide: tickets and approvals. The customer is told in the conversation."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import cases, ledger
from bot.conversation import transcript
from bot.desk import approvals, bargains, tickets
from bot.desk.units import Units
from bot.errors import BadInput, NotFound, WrongState
from bot.store.models import Approval, Conversation


class Decisions:
    """Decides, each time as one transaction."""

    def __init__(self, work: Units) -> None:
        self._work = work

    async def ticket(self, ticket_id: str, status: str, actor: str, reason: str) -> dict[str, Any]:
        """Approve, reject or finish a ticket, and tell the customer."""

        async def work(session: AsyncSession) -> dict[str, Any]:
            ticket = await tickets.decide(session, ticket_id, status, actor, reason, self._work.now())
            await cases.changed(session, self._work.services, ticket, actor, self._work.now())
            await self._tell_of_ticket(session, ticket, status, reason)
            return tickets.as_json(ticket)

        return await self._work.run(work)

    async def approval(
        self, approval_id: str, decision: str, reason: str, actor: str, amount: str | None = None
    ) -> dict[str, Any]:
        """Decide an approval; its ticket follows. A person may grant less than was asked (`amount`, yuan), never more;
        of a bargain's price anything between the bid and the bot's own offer.

        Raises NotFound, WrongState, BadInput.
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
                ticket = await tickets.decide(session, approval.ticket_id, status, actor, reason, now)
                ticket.amount = approval.amount if status == "approved" else ticket.amount
                await cases.changed(session, self._work.services, ticket, actor, now)
                await self._tell_of_ticket(session, ticket, status, reason)
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
        conversation = await _same_sender_now(session, approval.conversation_id)
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

    async def _tell_of_ticket(self, session: AsyncSession, ticket: Any, status: str, reason: str) -> None:
        conversation = await _same_sender_now(session, ticket.conversation_id)
        key = f"utter_ticket_{status}"
        if status == "rejected" and not reason:
            key = f"{key}_plain"
        elif f"{key}_{ticket.type}" in self._work.services.texts:
            key = f"{key}_{ticket.type}"
        due = tickets.when(ticket.due_at, self._work.now()) if ticket.due_at else ""
        amount = "" if ticket.amount is None else f"{ticket.amount:.2f}"
        fields = {"ticket": ticket.id, "reason": reason, "due": due, "amount": amount}
        await self._work.say(session, conversation, key, fields, role="bot")


async def _same_sender_now(session: AsyncSession, conversation_id: str) -> Any:
    """The conversation to speak in: the ticket's own, or the sender's newer one after it was closed."""
    own = await session.get(Conversation, conversation_id)
    query = transcript.open_conversation(own.channel, own.sender)
    present = (await session.execute(query)).scalars().first()
    return present if present and present.customer_id == own.customer_id else own


def _granted(amount: str, asked: Decimal | None) -> Decimal:
    """The amount that a person names, if it can be. Raises BadInput."""
    try:
        granted = Decimal(amount)
    except InvalidOperation as error:
        raise BadInput("amount: yuan such as 12.50") from error
    if asked is None or not granted.is_finite() or not 0 < granted <= asked or granted != round(granted, 2):
        raise BadInput(f"amount: above 0.00, at most {asked} yuan")
    return granted
