"""What every action needs: the turn that it runs in, and a way to end a message with the shop's words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.conversation import transcript
from bot.conversation.turn import Turn, current_turn, in_turn
from bot.mood import feel
from bot.services import Services, build_services
from bot.settings import load_settings
from bot.store.models import Conversation

CHANNEL = "rasa"


@asynccontextmanager
async def turn_for(tracker: Tracker, dispatcher: CollectingDispatcher) -> AsyncIterator[Turn]:
    """The turn of the service; under `rasa run actions` one of its own, stored and spoken when the action ends."""
    turn = current_turn()
    if turn is not None:
        yield turn
        return
    services = _own_services()
    async with services.database.session() as session:
        now = services.clock.now()
        query = transcript.open_conversation(CHANNEL, tracker.sender_id)
        conversation = (await session.execute(query)).scalars().first()
        if conversation is None:
            conversation = Conversation(channel=CHANNEL, sender=tracker.sender_id, created_at=now)
            session.add(conversation)
            await session.flush()
        text = (tracker.latest_message or {}).get("text") or ""
        with in_turn(Turn(services, session, conversation, text, now, feeling=feel((), text))) as turn:
            yield turn
        await session.commit()
    for reply in turn.replies:
        dispatcher.utter_message(
            text=reply.text, buttons=[{"title": b.title, "payload": b.payload} for b in reply.buttons]
        )


@lru_cache(maxsize=1)
def _own_services() -> Services:
    return build_services(load_settings())


def slots_of(tracker: Tracker) -> dict[str, Any]:
    """All slot values, as a copy."""
    return dict(tracker.current_slot_values())
