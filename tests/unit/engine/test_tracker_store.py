"""The compact tracker store against Rasa's own: the same random customer, the same actions, and no turn differs."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversation.hub import Hub
from bot.conversation.spine import Spine
from bot.conversation.transcript import open_conversation
from bot.conversation.worker import Worker
from bot.desk.service import Desk
from bot.engine.engine import Engine
from bot.engine.tracker_store import restore
from bot.services import build_services
from bot.store.models import TrackerState
from tests.conftest import NOON, Customer, Shop, settings_for
from tests.unit.engine.random_customer import RandomCustomer, choices

TURNS = 300 if os.environ.get("TEST_LONG") else 60
SEEDS = (1, 2) if os.environ.get("TEST_LONG") else (1,)
EVERYWHERE = {"refund_form", "damaged_form", "action_answer", "action_small_talk", "action_clarify", "action_handoff"}
LONG_TALK = 200
TICKET = re.compile(r"T\d{12}")
ROW_BYTES = 24_000


class StockStoreEngine(Engine):
    """The engine over Rasa's in-memory tracker store, which keeps every event."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.store = InMemoryTrackerStore(self._agent.domain)
        self._agent.tracker_store = self._agent.processor.tracker_store = self.store


@pytest.fixture(scope="module")
def stock_engine(model: Path, tmp_path_factory: pytest.TempPathFactory) -> StockStoreEngine:
    return StockStoreEngine(build_services(settings_for(tmp_path_factory.mktemp("stock_engine"))), model)


@pytest.fixture
async def stock_shop(stock_engine: StockStoreEngine, seeded: dict[Any, Path], tmp_path: Path) -> AsyncIterator[Shop]:
    """A shop like `shop`, over the stock store."""
    services = build_services(settings_for(tmp_path / "stock"))
    shutil.copy(seeded[NOON], tmp_path / "stock" / "shop.db")
    hub = Hub()
    hub.bind(asyncio.get_event_loop())
    worker = Worker(services, stock_engine, hub)
    yield Shop(services, Spine(services, hub, worker.wake), Desk(services, hub), worker)
    await worker.drain()
    await services.database.dispose()


@dataclass(frozen=True)
class Stored:
    """A customer's conversation in the database; no events before Rasa was called."""

    id: str
    owner: str
    events: list[dict[str, Any]]


async def stored(customer: Customer) -> Stored:
    """What is stored of the customer's conversation now."""
    async with customer.shop.services.database.session() as session:
        talk = (await session.execute(open_conversation(customer.channel, customer.sender))).scalars().one()
        row = await session.get(TrackerState, talk.id)
        return Stored(talk.id, talk.owner, list(row.events) if row else [])


def state_of(tracker: DialogueStateTracker | None) -> dict[str, Any]:
    """What happened in the last turn, and what the next one will start from."""
    if tracker is None:
        return {}
    events = [event.as_dict() for event in tracker.events]
    last = max(index for index, event in enumerate(events) if event["event"] == "user")
    return {
        "actions": [event["name"] for event in events[last:] if event["event"] == "action"],
        "slots": json.loads(TICKET.sub("T", json.dumps(tracker.current_slot_values()))),  # each shop has its numbers
        "loop": tracker.active_loop_name,
        "rejected": tracker.is_active_loop_rejected,
    }


@pytest.mark.parametrize("seed", SEEDS)
async def test_no_turn_of_a_random_conversation_differs_from_stock_rasa(
    shop: Shop, stock_shop: Shop, stock_engine: StockStoreEngine, seed: int
) -> None:
    ours, stock = shop.customer("cust-001"), stock_shop.customer("cust-001")
    somebody, owner, seen_actions = RandomCustomer(seed), "bot", set()
    for number in range(TURNS):
        theirs = await choices(stock)  # a key's wordings may bring different buttons
        step = somebody.next(owner, [payload for payload in await choices(ours) if payload in theirs])
        our_keys, stock_keys = await step.take(ours), await step.take(stock)
        our_row, stock_row = await stored(ours), await stored(stock)
        our_state = state_of(restore("", our_row.events, stock_engine.store.domain) if our_row.events else None)
        stock_state = state_of(await stock_engine.store.retrieve(stock_row.id))
        assert (our_keys, our_state, our_row.owner) == (stock_keys, stock_state, stock_row.owner), (
            f"turn {number}: {step}"
        )
        owner = our_row.owner
        seen_actions.update(our_state.get("actions", ()))
    assert seen_actions >= EVERYWHERE, "the random customer saw too little"


async def test_the_row_of_a_long_conversation_does_not_grow(shop: Shop) -> None:
    customer, somebody, owner, sizes = shop.customer("cust-001"), RandomCustomer(7), "bot", []
    for _ in range(LONG_TALK):
        await somebody.next(owner, await choices(customer)).take(customer)
        row = await stored(customer)
        owner = row.owner
        sizes.append(len(json.dumps(row.events, ensure_ascii=False).encode()))
    half = LONG_TALK // 2
    assert mean(sizes[half:]) <= 1.5 * mean(sizes[:half])
    assert max(sizes) < ROW_BYTES, f"{max(sizes)} bytes"
