"""The end of a conversation: last words, what stays in hand, and the question how it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.clocks import ledger
from bot.conversation import transcript
from bot.conversation.hub import Hub
from bot.desk import handoffs, standing, states, surveys, tickets
from bot.desk.work import Work, transact
from bot.services import Services


async def close(work: Work, conversation: Any, key: str, fields: Mapping[str, Any] | None = None) -> None:
    """End the conversation with these words. Raises WrongState when it is closed."""
    await handoffs.close(work.session, conversation, work.now)
    await ledger.nobody_waits(work.session, work.services, conversation, states.CLOSED, now=work.now)
    await work.say(conversation, key, fields or {})
    work.moved(conversation.id)
    if await surveys.ask(work.session, conversation, work.now):
        work.tell("survey", conversation.id)


async def end(services: Services, hub: Hub, channel: str, sender: str) -> None:
    """The customer ends the talk; where none is open it has ended already."""

    async def do(work: Work) -> None:
        query = transcript.open_conversation(channel, sender)
        conversation = (await work.session.execute(query)).scalars().first()
        if conversation is None:
            return
        owed = await standing.promises(work.session, conversation)
        if not owed:
            await close(work, conversation, "utter_ended")
            return
        first = owed[0]
        fields = {
            "count": len(owed),
            "ticket": first.id,
            "due": tickets.when(first.due_at, work.now) if first.due_at else "",
        }
        await close(work, conversation, "utter_ended_promise" if len(owed) == 1 else "utter_ended_promises", fields)

    await transact(services, hub, do)
