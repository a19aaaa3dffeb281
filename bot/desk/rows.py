"""The console's list: one row for each conversation, in a fixed number of queries however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.clocks import listing
from bot.desk import handoffs, masking, states
from bot.errors import BadInput
from bot.services import Services
from bot.store.models import Account, Conversation, Customer, Handoff, Message

VIEWS = ("queue", "mine", "all", "closed")
PAGE = 50
LONGEST = 80
INSTANT = "%Y%m%dT%H%M%S%f"
WITH_PEOPLE = (states.QUEUE, states.AGENT)


async def page(
    session: AsyncSession, services: Services, view: str, account_id: int | None, before: str
) -> tuple[list[dict[str, Any]], str | None]:
    """A page of a view, and the cursor of the next one. Raises BadInput.

    The queue stands in its order, the others with the newest first.
    """
    if view not in VIEWS:
        raise BadInput(f"view: one of {', '.join(VIEWS)}")
    if view == "queue":
        condition, order = Conversation.owner == states.QUEUE, (Handoff.priority.desc(), Handoff.id)
    else:
        when = Conversation.closed_at if view == "closed" else Conversation.created_at
        condition, order = _of_view(view, account_id), (when.desc(), Conversation.id.desc())
    if before:
        condition = and_(condition, _after(view, before))
    found = await _found(session, services, condition, order, PAGE + 1)
    shown = found[:PAGE]
    following = _cursor(view, *shown[-1][:2]) if len(found) > PAGE else None
    return [row for _, _, row in shown], following


async def of(session: AsyncSession, services: Services, conversation_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The rows of these conversations, by id; those that are gone are left out."""
    found = await _found(session, services, Conversation.id.in_(conversation_ids), (Conversation.id,), None)
    return {row["id"]: row for _, _, row in found}


class Counts:
    """How many open conversations there are, by who has them."""

    def __init__(self, by_owner: Mapping[tuple[str, int | None], int]) -> None:
        self._by_owner = by_owner

    def of(self, account_id: int | None) -> dict[str, int]:
        """As one account sees them."""
        return {
            "queue": sum(count for (owner, _), count in self._by_owner.items() if owner == states.QUEUE),
            "mine": self._by_owner.get((states.AGENT, account_id), 0) if account_id is not None else 0,
            "all": sum(self._by_owner.values()),
        }

    def load(self, account_id: int) -> int:
        """How many conversations somebody has."""
        return self._by_owner.get((states.AGENT, account_id), 0)


async def counts(session: AsyncSession) -> Counts:
    """Counted now, in one query."""
    query = select(Conversation.owner, Conversation.agent_id, func.count()).where(Conversation.owner != states.CLOSED)
    grouped = await session.execute(query.group_by(Conversation.owner, Conversation.agent_id))
    return Counts({(owner, agent): count for owner, agent, count in grouped.all()})


def _of_view(view: str, account_id: int | None) -> Any:
    if view == "mine":
        return and_(Conversation.owner == states.AGENT, Conversation.agent_id == account_id)
    return Conversation.owner == states.CLOSED if view == "closed" else Conversation.owner != states.CLOSED


def _cursor(view: str, conversation: Any, handoff: Any) -> str:
    if view == "queue":
        return f"{handoff.priority}~{handoff.id}"
    when = conversation.closed_at if view == "closed" else conversation.created_at
    return f"{when.astimezone(timezone.utc):{INSTANT}}~{conversation.id}"


def _after(view: str, cursor: str) -> Any:
    key, _, last = cursor.partition("~")
    try:
        if view == "queue":
            priority, number = int(key), int(last)
            return or_(Handoff.priority < priority, and_(Handoff.priority == priority, Handoff.id > number))
        instant = datetime.strptime(key, INSTANT).replace(tzinfo=timezone.utc)
    except ValueError as error:
        raise BadInput("before: what an earlier page gave as next") from error
    when = Conversation.closed_at if view == "closed" else Conversation.created_at
    return or_(when < instant, and_(when == instant, Conversation.id < last))


async def _found(
    session: AsyncSession, services: Services, condition: Any, order: Sequence[Any], limit: int | None
) -> list[tuple[Any, Any, dict[str, Any]]]:
    """Conversation, its open handoff and its row: five queries."""
    query = select(Conversation, Handoff, Customer, Account, *_told()).where(condition)
    query = query.outerjoin(
        Handoff, and_(Handoff.conversation_id == Conversation.id, Handoff.status.in_(states.OPEN_HANDOFFS))
    )
    query = query.outerjoin(Customer, Customer.id == Conversation.customer_id)
    query = query.outerjoin(Account, Account.id == Conversation.agent_id)
    found = (await session.execute(query.order_by(*order).limit(limit))).all()
    last_ids = [entry.last_id for entry in found if entry.last_id]
    messages = (await session.execute(select(Message).where(Message.id.in_(last_ids)))).scalars().all()
    last = {message.id: message for message in messages}
    line: dict[str, int] = {}
    if any(entry.Conversation.owner == states.QUEUE for entry in found):
        line = {name: place for place, name in enumerate(await handoffs.line(session), start=1)}
    deadlines = await listing.nearest(session, services, [entry.Conversation.id for entry in found])
    return [
        (
            entry.Conversation,
            entry.Handoff,
            _row(services, entry, last.get(entry.last_id), line) | {"deadline": deadlines.get(entry.Conversation.id)},
        )
        for entry in found
    ]


def _told() -> tuple[Any, ...]:
    """Of the conversation of the row: its last line, the customer's first line without an answer, how many are unseen.

    Each looks into the end of the talk only, by the index on (conversation_id, id).
    """
    said, answer, asked, unseen = (aliased(Message) for _ in range(4))
    here = Conversation.id
    last = (
        select(said.id)
        .where(said.conversation_id == here, said.role != "system")
        .order_by(said.id.desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )
    answered = (
        select(answer.id)
        .where(answer.conversation_id == here, answer.role.in_(("bot", "agent")))
        .order_by(answer.id.desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )
    waiting = (
        select(func.min(asked.at))
        .where(asked.conversation_id == here, asked.role == "customer", asked.id > func.coalesce(answered, 0))
        .correlate(Conversation)
        .scalar_subquery()
    )
    unread = (
        select(func.count(unseen.id))
        .where(unseen.conversation_id == here, unseen.role == "customer", unseen.id > Conversation.staff_seen)
        .correlate(Conversation)
        .scalar_subquery()
    )
    return last.label("last_id"), waiting.label("waiting_at"), unread.label("unread")


def _row(services: Services, entry: Any, last: Any, line: Mapping[str, int]) -> dict[str, Any]:
    conversation, handoff, customer, agent = entry.Conversation, entry.Handoff, entry.Customer, entry.Account
    waits = conversation.owner == states.QUEUE and handoff is not None
    since = handoff.requested_at if waits else entry.waiting_at if conversation.owner == states.AGENT else None
    return {
        "id": conversation.id,
        "sender": conversation.sender,
        "channel": conversation.channel,
        "customer": {"name": customer.name, "level": customer.level} if customer else None,
        "owner": conversation.owner,
        "agent": {"id": agent.id, "name": agent.name} if agent else None,
        "reserved_for": handoff.reserved_for if handoff else None,
        "reserved_until": handoff.reserved_until.isoformat() if handoff and handoff.reserved_until else None,
        "reason": handoff.reason if handoff else None,
        "priority": handoff.priority if handoff else 0,
        "position": line.get(conversation.id) if waits else None,
        "waiting_since": since.isoformat() if since else None,
        "last": _last(services, last) if last else None,
        "unread": entry.unread if conversation.owner in WITH_PEOPLE else 0,
        "matter": handoff.summary.get("matter") if handoff else None,
        "created_at": conversation.created_at.isoformat(),
    }


def _last(services: Services, message: Any) -> dict[str, Any]:
    said = " ".join(masking.text(message.text).split())
    if not said:
        said = services.texts.plain("label_row_attachment")
    shown = said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
    return {"role": message.role, "text": shown, "at": message.at.isoformat()}
