"""The people's side as one thing: what they do, each as one transaction, and what they see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import outbox, transcript
from bot.conversation.hub import Hub
from bot.desk import approvals, details, handoffs, notes, rows, standing, states, tickets
from bot.desk.actors import Actor, service
from bot.desk.decisions import Decisions
from bot.desk.duties import Duties
from bot.desk.promises import Promises
from bot.desk.talks import Talks
from bot.desk.transfers import Transfers
from bot.desk.units import Units, Which, latest_of, named
from bot.model import Attachment
from bot.orders.refunds import RefundGateway, SqlRefunds
from bot.services import Services
from bot.store.models import Conversation, Customer
from bot.tickets.service import Tickets


class Desk:
    """The people's side. Lives on the web's loop. Who acts is the service key's holder where no `actor` is named."""

    def __init__(self, services: Services, hub: Hub) -> None:
        self._services = services
        self._work = Units(services, hub)
        self.refunds: RefundGateway = SqlRefunds(services.database, services.clock)
        self._decisions = Decisions(self._work, self.refunds)
        self.talks = Talks(self._work)
        self.transfers = Transfers(self._work)
        self.one = Tickets(self._work)
        self.promises = Promises(services)
        self.duties = Duties(self._work)

    async def conversation(self, sender: str) -> dict[str, Any]:
        """The sender's latest conversation as the HTTP interface shows it. Raises NotFound."""
        return await self._shown(latest_of(sender))

    async def state(self, conversation_id: str) -> dict[str, Any]:
        """How a conversation stands, as the widget shows it."""
        async with self._services.database.session() as session:
            conversation = await session.get(Conversation, conversation_id)
            return await standing.shown(session, self._services, conversation)

    async def accept(self, sender: str, email: str | None, actor: Actor | None = None) -> dict[str, Any]:
        """A person takes the conversation."""
        return await self._shown(named(await self.talks.accept(latest_of(sender), actor or service(email))))

    async def send(
        self, sender: str, text: str, client_id: str | None, email: str | None = None, actor: Actor | None = None
    ) -> dict[str, Any]:
        """A message from the person who has the conversation. The same `client_id` is sent once."""
        await self.talks.send(latest_of(sender), actor or service(email), text, client_id)
        return await self.conversation(sender)

    async def give_back(self, sender: str, actor: Actor | None = None) -> dict[str, Any]:
        """The bot answers again."""
        return await self._shown(named(await self.talks.give_back(latest_of(sender), actor or service())))

    async def close(self, sender: str, reason: str, actor: Actor | None = None) -> dict[str, Any]:
        """End the conversation."""
        return await self._shown(named(await self.talks.close(latest_of(sender), actor or service())))

    async def decide_ticket(
        self, ticket_id: str, status: str, actor: str, reason: str, role: str = "service"
    ) -> dict[str, Any]:
        """See `Decisions.ticket`."""
        return await self._decisions.ticket(ticket_id, status, actor, reason, role)

    async def decide_approval(
        self,
        approval_id: str,
        decision: str,
        reason: str,
        actor: str,
        amount: str | None = None,
        role: str = "service",
    ) -> dict[str, Any]:
        """See `Decisions.approval`."""
        return await self._decisions.approval(approval_id, decision, reason, actor, amount, role)

    async def expire_bargains(self) -> int:
        """See `Decisions.expire_bargains`."""
        return await self._decisions.expire_bargains()

    async def tickets_of(self, sender: str) -> list[dict[str, Any]]:
        """All tickets of a sender, oldest first."""
        async with self._services.database.session() as session:
            query = select(Conversation.id).where(Conversation.sender == sender)
            ids = (await session.execute(query)).scalars().all()
            return [tickets.as_json(ticket) for ticket in await tickets.of_conversation(session, ids)]

    async def approvals(self) -> list[dict[str, Any]]:
        """Approvals that wait, oldest first."""
        async with self._services.database.session() as session:
            return [approvals.as_json(row) for row in await approvals.waiting(session)]

    async def page(self, view: str, actor: Actor, before: str) -> dict[str, Any]:
        """A page of the console's list, the cursor of the next one, and how many there are of each kind."""
        async with self._services.database.session() as session:
            items, following = await rows.page(session, self._services, view, actor.account_id, before)
            counted = (await rows.counts(session)).of(actor.account_id)
        return {"items": items, "next": following, "counts": counted, "now": self._services.clock.now().isoformat()}

    async def rows_of(self, conversation_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Rows of the console's list, by conversation."""
        async with self._services.database.session() as session:
            return await rows.of(session, self._services, conversation_ids)

    async def row(self, conversation_id: str) -> dict[str, Any]:
        """One row, after something was done."""
        return (await self.rows_of([conversation_id]))[conversation_id]

    async def line(self) -> list[str]:
        """The conversations that wait, the next one first."""
        async with self._services.database.session() as session:
            return await handoffs.line(session)

    async def counts(self) -> rows.Counts:
        """How many conversations are open."""
        async with self._services.database.session() as session:
            return await rows.counts(session)

    async def details_of(self, conversation_id: str) -> dict[str, Any]:
        """All that stands beside a conversation. Raises NotFound."""
        async with self._services.database.session() as session:
            return await details.of_conversation(session, self._services, conversation_id)

    async def messages(
        self, conversation_id: str, before: int | None = None, after: int | None = None, limit: int = details.LINES
    ) -> dict[str, Any]:
        """A page of what was said with a conversation's sender. Raises NotFound."""
        async with self._services.database.session() as session:
            return await details.messages(session, conversation_id, before=before, after=after, limit=limit)

    async def colleagues(self, online: Collection[int]) -> list[dict[str, Any]]:
        """Everybody with an account."""
        async with self._services.database.session() as session:
            return await details.colleagues(session, online)

    async def note(self, conversation_id: str, actor: Actor, text: str, client_id: str | None) -> dict[str, Any]:
        """Write a note for the others."""
        return await notes.add(self._work, named(conversation_id), actor, text, client_id)

    async def answer(
        self, conversation_id: str, actor: Actor, text: str, client_id: str, attachments: Sequence[Attachment] = ()
    ) -> dict[str, Any]:
        """A message to the customer; its number and time."""
        sent = await self.talks.send(named(conversation_id), actor, text, client_id, attachments)
        return {"seq": sent.seq, "at": sent.at.isoformat()}

    async def _shown(self, which: Which) -> dict[str, Any]:
        async with self._services.database.session() as session:
            return await self._as_json(session, await which(session))

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
