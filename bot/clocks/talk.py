"""A customer who waits for a person in a talk: from the first line that nobody answered to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, select

from bot.clocks import ledger
from bot.conversation.turn import Turn
from bot.desk import states
from bot.store.models import Message


async def customer_wrote(turn: Turn, entries: Sequence[Any]) -> None:
    """The lines of this turn are for a person: one who has the talk, or who is to come while people are there."""
    talk, since = turn.conversation, entries[0].received_at
    waits = talk.owner == states.AGENT or (talk.owner == states.QUEUE and turn.services.shop.is_open(since))
    if not waits:
        return
    of_person = Message.conversation_id == talk.id, Message.role == "agent", Message.at >= entries[-1].received_at
    if (await turn.session.execute(select(exists().where(*of_person)))).scalar():
        return  # who answered was faster than this turn
    await ledger.signal(turn.session, turn.services, "customer_waits", conversation=talk, now=since, actor="customer")
