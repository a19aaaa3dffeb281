"""What people do with conversations and tickets, each as one transaction; the customer is told in the conversation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import outbox, transcript
from bot.conversation.hub import Hub
from bot.desk import accounts, bargains, closing, handoffs, standing, states, tickets
from bot.desk.work import Work, transact
from bot.errors import BadInput, NotFound, WrongState
from bot.services import Services
from bot.store.models import Approval, Conversation, Customer, Message

T = TypeVar("T")
MAX_TEXT = 4000


class Desk:
    """The people's side. Lives on the web's loop."""

    def __init__(self, services: Services, hub: Hub) -> None:
        self._services = services
        self._hub = hub

    async def conversation(self, sender: str) -> dict[str, Any]:
        """The sender's latest conversation as the HTTP interface shows it. Raises NotFound."""
        async with self._services.database.session() as session:
            return await self._as_json(session, await _latest(session, sender))

    async def state(self, conversation_id: str) -> dict[str, Any]:
        """How a conversation stands, as the widget shows it."""
        async with self._services.database.session() as session:
            conversation = await session.get(Conversation, conversation_id)
            return await standing.shown(session, self._services, conversation)

    async def accept(self, sender: str, email: str | None) -> dict[str, Any]:
        """A person takes the conversation."""

        async def work(session: AsyncSession, conversation: Any) -> None:
            account = await accounts.acting(session, email)
            await handoffs.accept(session, conversation, account, self._services.clock.now())
            await self._system(session, conversation, "utter_agent_joined", {"name": account.name})

        return await self._with_conversation(sender, work)

    async def send(self, sender: str, text: str, client_id: str | None, email: str | None = None) -> dict[str, Any]:
        """A message from the person who has the conversation. The same `client_id` is sent once."""
        if not isinstance(text, str) or not text.strip() or len(text) > MAX_TEXT:
            raise BadInput(f"text: 1 to {MAX_TEXT} characters")

        async def work(session: AsyncSession, conversation: Any) -> None:
            if client_id:
                query = select(Message.id).where(
                    Message.conversation_id == conversation.id, Message.role == "agent", Message.client_id == client_id
                )
                if (await session.execute(query)).first():
                    return
            if conversation.owner != states.AGENT:
                raise WrongState(f"the conversation is with: {conversation.owner}", "not_accepted")
            account = await accounts.acting(session, email)
            now = self._services.clock.now()
            message = await transcript.append(
                session, conversation.id, "agent", text.strip(), now, author=account.name, client_id=client_id
            )
            self._tell_later(session, conversation, message)

        return await self._with_conversation(sender, work)

    async def give_back(self, sender: str) -> dict[str, Any]:
        """The bot answers again."""

        async def work(session: AsyncSession, conversation: Any) -> None:
            await handoffs.give_back(session, conversation, self._services.clock.now())
            await self._system(session, conversation, "utter_returned_to_bot", {})

        return await self._with_conversation(sender, work)

    async def close(self, sender: str, reason: str) -> dict[str, Any]:
        """End the conversation."""

        async def work(session: AsyncSession, conversation: Any) -> None:
            await closing.close(session.info["work"], conversation, "utter_conversation_closed")

        return await self._with_conversation(sender, work)

    async def decide_ticket(self, ticket_id: str, status: str, actor: str, reason: str) -> dict[str, Any]:
        """Approve, reject or finish a ticket, and tell the customer."""

        async def work(session: AsyncSession) -> dict[str, Any]:
            ticket = await tickets.decide(session, ticket_id, status, actor, reason, self._services.clock.now())
            await self._tell_of_ticket(session, ticket, status, reason)
            return tickets.as_json(ticket)

        return await self._transaction(work)

    async def tickets_of(self, sender: str) -> list[dict[str, Any]]:
        """All tickets of a sender, oldest first."""
        async with self._services.database.session() as session:
            query = select(Conversation.id).where(Conversation.sender == sender)
            ids = (await session.execute(query)).scalars().all()
            return [tickets.as_json(ticket) for ticket in await tickets.of_conversation(session, ids)]

    async def approvals(self) -> list[dict[str, Any]]:
        """Approvals that wait, oldest first."""
        async with self._services.database.session() as session:
            query = select(Approval).where(Approval.status == "pending").order_by(Approval.created_at)
            return [_approval(row) for row in (await session.execute(query)).scalars().all()]

    async def decide_approval(
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
            status = "approved" if decision == "approve" else "rejected"
            if approval.kind == bargains.KIND:
                now = self._services.clock.now()
                bargains.decide(approval, decision == "approve", amount, actor, reason, now)
                await self._tell_of_bargain(session, approval)
                return _approval(approval)
            if amount is not None and status == "approved":
                approval.amount = _granted(amount, approval.amount)
            if approval.ticket_id:
                ticket = await tickets.decide(
                    session, approval.ticket_id, status, actor, reason, self._services.clock.now()
                )
                ticket.amount = approval.amount if status == "approved" else ticket.amount
                await self._tell_of_ticket(session, ticket, status, reason)
            else:
                tickets.settle(approval, status, actor, reason, self._services.clock.now())
            return _approval(approval)

        return await self._transaction(work)

    async def expire_bargains(self) -> int:
        """End the bargains' approvals whose time is over, and tell the customers; their number."""

        async def work(session: AsyncSession) -> int:
            ended = 0
            for approval in await bargains.overdue(session, self._services.clock.now()):
                if await bargains.expire(session, approval, self._services.clock.now()):
                    await self._tell_of_bargain(session, approval)
                    ended += 1
            return ended

        return await self._transaction(work)

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
        await self._system(session, conversation, key, fields, role="bot")

    async def _tell_of_ticket(self, session: AsyncSession, ticket: Any, status: str, reason: str) -> None:
        conversation = await _same_sender_now(session, ticket.conversation_id)
        key = f"utter_ticket_{status}"
        if status == "rejected" and not reason:
            key = f"{key}_plain"
        elif f"{key}_{ticket.type}" in self._services.texts:
            key = f"{key}_{ticket.type}"
        due = tickets.when(ticket.due_at, self._services.clock.now()) if ticket.due_at else ""
        amount = "" if ticket.amount is None else f"{ticket.amount:.2f}"
        fields = {"ticket": ticket.id, "reason": reason, "due": due, "amount": amount}
        await self._system(session, conversation, key, fields, role="bot")

    async def _system(
        self, session: AsyncSession, conversation: Any, key: str, fields: Mapping[str, Any], role: str = "system"
    ) -> None:
        """A line of the house in the conversation, worded by the shop."""
        await session.info["work"].say(conversation, key, fields, role)

    def _tell_later(self, session: AsyncSession, conversation: Any, message: Any) -> None:
        session.info["work"].wrote(conversation, message)

    async def _with_conversation(
        self, sender: str, work: Callable[[AsyncSession, Any], Awaitable[None]]
    ) -> dict[str, Any]:
        async def whole(session: AsyncSession) -> dict[str, Any]:
            conversation = await _latest(session, sender)
            await work(session, conversation)
            await session.flush()
            session.info["work"].moved(conversation.id)
            return await self._as_json(session, conversation)

        return await self._transaction(whole)

    async def _transaction(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async def within(unit: Work) -> T:
            unit.session.info["work"] = unit
            return await work(unit.session)

        return await transact(self._services, self._hub, within)

    async def _as_json(self, session: AsyncSession, conversation: Any) -> dict[str, Any]:
        handoff = await handoffs.open_handoff(session, conversation.id)
        shown = None
        if handoff:
            place = await handoffs.place(session, handoff) if handoff.status == states.QUEUED else None
            shown = {
                "reason": handoff.reason,
                "priority": handoff.priority,
                "position": place.position if place else None,
                "summary": handoff.summary,
            }
        messages, _ = await transcript.page(session, Conversation.id == conversation.id, limit=200)
        customer = await session.get(Customer, conversation.customer_id) if conversation.customer_id else None
        return {
            "id": conversation.id,
            "channel": conversation.channel,
            "sender": conversation.sender,
            "customer_id": customer.id if customer else None,
            "owner": conversation.owner,
            "handoff": shown,
            "undelivered": await outbox.undelivered(session, conversation.id),
            "messages": [
                {
                    "seq": m.seq,
                    "role": m.role,
                    "text": m.text,
                    "at": m.at.isoformat(),
                    "keys": list(m.keys),
                    **m.content,
                }
                for m in messages
            ],
        }


async def _latest(session: AsyncSession, sender: str) -> Any:
    query = (
        select(Conversation)
        .where(Conversation.sender == sender)
        .order_by(Conversation.closed_at.isnot(None), Conversation.created_at.desc())
    )
    conversation = (await session.execute(query.limit(1))).scalars().first()
    if conversation is None:
        raise NotFound("no such conversation")
    return conversation


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


def _approval(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "status": row.status,
        "ticket_id": row.ticket_id,
        "conversation_id": row.conversation_id,
        "amount": None if row.amount is None else f"{row.amount:.2f}",
        "request": row.request,
        "subject": row.subject,
        "created_at": row.created_at.isoformat(),
        "due_at": row.due_at and row.due_at.isoformat(),
    }
