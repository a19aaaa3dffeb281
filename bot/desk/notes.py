"""What people write for each other about a conversation. No path to customers reads this table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation import inbox
from bot.desk import news
from bot.desk.actors import Actor
from bot.desk.units import Units, Which
from bot.errors import BadInput
from bot.store.models import Account, Note

LONGEST = 2000


async def add(work: Units, which: Which, actor: Actor, text: str, client_id: str | None) -> dict[str, Any]:
    """Write a note, about anybody's conversation. The same `client_id` is written once. Raises BadInput."""
    text = inbox.clean(text)
    if not 0 < len(text) <= LONGEST:
        raise BadInput(f"text: 1 to {LONGEST} characters")

    async def adding(session: AsyncSession) -> dict[str, Any]:
        conversation, account = await which(session), await actor.account(session)
        if client_id:
            known = select(Note, Account).join(Account, Account.id == Note.account_id)
            known = known.where(Note.conversation_id == conversation.id, Note.client_id == client_id)
            if found := (await session.execute(known)).first():
                return as_json(*found)
        return as_json(await write(session, conversation, account, text, client_id, work.now()), account)

    return await work.run(adding)


async def write(
    session: AsyncSession, conversation: Any, account: Any, text: str, client_id: str | None, now: datetime
) -> Any:
    """Store a note; the desk hears of it."""
    note = Note(conversation_id=conversation.id, account_id=account.id, text=text, client_id=client_id, at=now)
    session.add(note)
    await session.flush()
    news.later(session, "note", conversation.id, lambda: {"note": as_json(note, account)})
    return note


async def of_conversations(session: AsyncSession, conversation_ids: list[str]) -> list[dict[str, Any]]:
    """The notes about these conversations, oldest first."""
    query = select(Note, Account).join(Account, Account.id == Note.account_id)
    query = query.where(Note.conversation_id.in_(conversation_ids)).order_by(Note.id)
    return [as_json(note, account) for note, account in (await session.execute(query)).all()]


def as_json(note: Any, account: Any) -> dict[str, Any]:
    """A note as the console shows it."""
    return {
        "id": note.id,
        "author": account.name,
        "text": note.text,
        "at": note.at.isoformat(),
        "client_id": note.client_id,
    }
