"""Going on: the matter that was interrupted is taken up again, where one is left."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.end import begin_first
from actions.flow import REGISTRY
from bot.conversation.turn import Turn
from bot.desk import handoffs, states

UNFINISHED = (states.CANCELLED, states.MESSAGE_LEFT)
"""How the queue was left when nobody dealt with what was begun before it."""


async def take_up(turn: Turn, slots: dict[str, Any], dispatcher: CollectingDispatcher) -> list[EventType]:
    """Begin again what was interrupted; ask what it is about where nothing is left."""
    lately = slots.get("lately") or {}
    matter = _called_off(lately) or await _left_for_the_queue(turn, lately)
    if matter is None:
        dispatcher.utter_message(response="utter_nothing_to_resume")
        return []
    return begin_first([matter, *(slots.get("waiting") or [])])


def _called_off(lately: dict[str, Any]) -> dict[str, Any] | None:
    if lately.get("outcome") != "cancelled" or lately.get("flow") not in REGISTRY:
        return None
    return _entry(lately["flow"], {"order_no": lately.get("order_no")})


async def _left_for_the_queue(turn: Turn, lately: dict[str, Any]) -> dict[str, Any] | None:
    """What stood in the summary of the last hand-over, unless it was ended since."""
    handoff = await handoffs.last_handoff(turn.session, turn.conversation.id)
    if handoff is None or handoff.status not in UNFINISHED:
        return None
    summary = handoff.summary
    if summary.get("flow") not in REGISTRY or lately.get("flow") == summary["flow"]:
        return None
    return _entry(summary["flow"], summary.get("facts") or {})


def _entry(flow: str, told: dict[str, Any]) -> dict[str, Any]:
    facts = {slot: value for slot, value in told.items() if value is not None and slot != "confirmed"}
    return {"flow": flow, "opening": {"facts": facts}}
