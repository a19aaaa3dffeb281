"""Every line of a checkpoint is needed: a small assistant that depends on all of them answers differently without one.

The same seeded random conversation runs over Rasa's in-memory store, which keeps all events, and over compact rows.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.model_training import train_core
from rasa.shared.core.events import ConversationPaused, ConversationResumed
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.tracker_store import compact, restore

SMALL = Path(__file__).parent / "small_assistant"
SENDER = "somebody"
TURNS = 50
SEEDS = range(12 if os.environ.get("TEST_LONG") else 3)
PAUSE, RESUME = "pause", "resume"  # not messages: what a desk does to the conversation
PAUSED = ["greet", "question", PAUSE, "question", "price", "question", RESUME, "question", "price"]
INTENTS = ("greet", "order", "answer", "answer", "question", "price", "price", "join")

Row = list[dict[str, Any]]
# Which events are one line of the checkpoint, and a conversation that goes wrong without them.
LINES: dict[str, tuple[Callable[[dict[str, Any]], bool], list[str]]] = {
    "slots": (lambda e: e["event"] == "slot", ["greet", "join", "question", "question", "price"]),
    "active loop": (lambda e: e["event"] == "active_loop", ["greet", "order", "question", "question", "question"]),
    "rejection": (
        lambda e: e["event"] == "action_execution_rejected",
        ["greet", "order", "price", "price", "question"],
    ),
    "pause": (lambda e: e["event"] == "pause", PAUSED),
    "listen": (lambda e: e.get("name") == "action_listen", ["greet", "question", "answer", "answer", "join"]),
}


class RowStore(TrackerStore):
    """One compact row per conversation, as the service keeps it; `missing` says which checkpoint events get lost."""

    def __init__(self, domain: Any, missing: Callable[[dict[str, Any]], bool]) -> None:
        super().__init__(domain)
        self._rows: dict[str, str] = {}
        self._missing = missing

    async def save(self, tracker: DialogueStateTracker) -> None:
        row = compact(tracker, self.domain)
        last_turn = next((i for i, event in enumerate(row) if event["event"] == "user"), 0)
        kept = [event for event in row[:last_turn] if not self._missing(event)]
        self._rows[tracker.sender_id] = json.dumps(kept + row[last_turn:])

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        row = self._rows.get(sender_id)
        return restore(sender_id, json.loads(row), self.domain) if row else None


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Agent:
    """The small assistant, trained now."""
    files = [str(SMALL / name) for name in ("domain.yml", "config.yml", "rules.yml")]
    archive = train_core(*files, output=str(tmp_path_factory.mktemp("small_assistant")))
    assert archive
    return Agent.load(archive)


def script(seed: int) -> list[str]:
    """Intents of messages, in random order."""
    return ["greet", *random.Random(seed).choices(INTENTS, k=TURNS)]


async def replay(agent: Agent, store: TrackerStore, steps: list[str]) -> list[dict[str, Any]]:
    """Run the conversation; per step the actions, slots and the loop that followed."""
    agent.tracker_store = agent.processor.tracker_store = store
    seen = []
    for number, step in enumerate(steps):
        if step in (PAUSE, RESUME):
            await _switch(store, ConversationPaused() if step == PAUSE else ConversationResumed())
            continue
        entities = [{"entity": "size", "value": f"size {number}"}] if number % 3 == 0 else []
        parsed = {"text": step, "intent": {"name": step, "confidence": 1.0}, "entities": entities}
        await agent.handle_message(UserMessage(text=step, sender_id=SENDER, parse_data=parsed))
        seen.append(_state(await _tracker(store)))
    return seen


async def _switch(store: TrackerStore, event: Any) -> None:
    tracker = await _tracker(store)
    tracker.update(event)
    await store.save(tracker)


async def _tracker(store: TrackerStore) -> DialogueStateTracker:
    tracker = await store.retrieve(SENDER)
    assert tracker is not None
    return tracker


def _state(tracker: DialogueStateTracker) -> dict[str, Any]:
    events = [event.as_dict() for event in tracker.events]
    last = max(index for index, event in enumerate(events) if event["event"] == "user")
    return {
        "happened": [(e["event"], e.get("name"), e.get("value")) for e in events[last:]],
        "slots": tracker.current_slot_values(),
        "loop": tracker.active_loop_name,
        "rejected": tracker.is_active_loop_rejected,
        "paused": tracker.is_paused(),
    }


def first_difference(some: list[dict[str, Any]], others: list[dict[str, Any]]) -> Any:
    """Number and contents of the first step that differs."""
    pairs = enumerate(zip(some, others, strict=True))
    return next(((number, one, other) for number, (one, other) in pairs if one != other), None)


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_conversation_over_checkpoints_is_the_conversation_over_all_events(agent: Agent, seed: int) -> None:
    steps = script(seed)
    all_events = await replay(agent, InMemoryTrackerStore(agent.domain), steps)
    checkpoints = await replay(agent, RowStore(agent.domain, missing=lambda _: False), steps)
    assert first_difference(checkpoints, all_events) is None


@pytest.mark.parametrize("line", LINES)
async def test_without_one_line_of_the_checkpoint_turns_differ(agent: Agent, line: str) -> None:
    is_of_line, steps = LINES[line]
    all_events = await replay(agent, InMemoryTrackerStore(agent.domain), steps)
    without = await replay(agent, RowStore(agent.domain, missing=is_of_line), steps)
    kept = await replay(agent, RowStore(agent.domain, missing=lambda _: False), steps)
    assert first_difference(kept, all_events) is None
    assert first_difference(without, all_events) is not None


async def test_messages_that_rasa_takes_back_do_not_make_the_row_grow(agent: Agent) -> None:
    store = RowStore(agent.domain, missing=lambda _: False)
    await replay(agent, store, ["greet", "question", *["answer"] * 3])
    few = len((await _tracker(store)).events)
    await replay(agent, store, ["answer"] * 30)
    assert len((await _tracker(store)).events) == few
