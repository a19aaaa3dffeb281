"""A tracker whose size does not grow: a checkpoint of the state before the last turn, and the raw events of that turn.

Rasa's own SQL store loads every event of the session on every message. What the next turn really needs was measured
against all events: no turn differs (tests/unit/engine/test_tracker_store.py), and turns differ where one line of
`_checkpoint` is left out (test_checkpoint.py).
"""

from __future__ import annotations

from itertools import chain, pairwise
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversation.turn import current_turn

KEPT_OF_PARSE_DATA = ("text", "intent", "entities", "first_wish", "clauses")
IDS_IN_METADATA = ("model_id", "assistant_id")


class TurnTrackerStore(TrackerStore):
    """Reads and writes the tracker of the current turn; the spine stores it with everything else of the turn."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker as the last turn left it; None for a new conversation, or outside a turn (warm-up)."""
        turn = current_turn()
        if turn is None or not turn.tracker_events:
            return None
        return restore(sender_id, turn.tracker_events, self.domain)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Hand the compact state to the turn."""
        turn = current_turn()
        if turn is not None:
            turn.tracker_events = compact(tracker, self.domain)

    async def keys(self) -> list[str]:
        """Not offered: conversations are listed from our own tables."""
        return []


def compact(tracker: DialogueStateTracker, domain: Domain) -> list[dict[str, Any]]:
    """The events from which the next turn can go on as if it had all of them."""
    opening, turns = _by_turn(list(tracker.events))
    if not turns:
        return [event.as_dict() for event in opening]
    *earlier, last = turns
    standing = [turn for turn in earlier if not _taken_back(turn)]
    # Rasa goes on from the turn before one that it took back, and takes back more if it finds nothing there.
    kept = [standing.pop(), last] if standing and _taken_back(last) else [last]
    before = DialogueStateTracker.from_events(tracker.sender_id, chain(opening, *standing), slots=domain.slots)
    return [event.as_dict() for event in _checkpoint(before)] + [_slim(event) for event in chain(*kept)]


def restore(sender_id: str, events: list[dict[str, Any]], domain: Domain) -> DialogueStateTracker:
    """The tracker from its compact form."""
    return DialogueStateTracker.from_events(sender_id, deserialise_events(events), slots=domain.slots)


def _by_turn(events: list[Event]) -> tuple[list[Event], list[list[Event]]]:
    """What was before the first message, and the events of each message's turn."""
    starts = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    borders = [*starts, len(events)]
    return events[: borders[0]], [events[start:end] for start, end in pairwise(borders)]


def _taken_back(turn: list[Event]) -> bool:
    return any(isinstance(event, UserUtteranceReverted) for event in turn)


def _checkpoint(tracker: DialogueStateTracker) -> list[Event]:
    events: list[Event] = [
        SlotSet(slot.name, slot.value) for slot in tracker.slots.values() if slot.value != slot.initial_value
    ]
    if tracker.active_loop_name:
        events.append(ActiveLoop(tracker.active_loop_name))
        if tracker.is_active_loop_rejected:
            events.append(ActionExecutionRejected(tracker.active_loop_name))
    if tracker.is_paused():
        events.append(ConversationPaused())
    events.append(ActionExecuted(ACTION_LISTEN_NAME))
    return events


def _slim(event: Event) -> dict[str, Any]:
    """The event without what only Rasa's debuggers read (rankings, tokens, ids of model and assistant)."""
    stored: dict[str, Any] = event.as_dict()
    stored["metadata"] = _without(stored.get("metadata") or {}, IDS_IN_METADATA)
    if isinstance(event, UserUttered):
        parsed = {name: value for name, value in stored["parse_data"].items() if name in KEPT_OF_PARSE_DATA}
        stored["parse_data"] = parsed | {"metadata": stored["metadata"]}
    return stored


def _without(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}
