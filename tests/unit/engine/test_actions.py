"""Actions in this process: the time limit, results that are refused, and errors that fail the whole turn."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversation.hub import Hub
from bot.conversation.spine import Spine
from bot.conversation.turn import Turn, in_turn
from bot.conversation.worker import Worker
from bot.engine.actions import InProcessActions
from bot.engine.engine import Engine
from bot.engine.nlg import ShopTexts
from bot.services import build_services
from tests.conftest import Shop, settings_for

LIMIT = 0.2


async def run(name: str, shop: Shop) -> list[Any]:
    """Run an odd action as Rasa does."""
    endpoint = InProcessActions("tests.unit.engine.odd_actions", LIMIT)
    tracker = DialogueStateTracker.from_events("visitor", [])
    nlg = ShopTexts(texts=shop.services.texts)
    return await RemoteAction(name, endpoint).run(CollectingOutputChannel(), nlg, tracker, Domain.empty())


@pytest.mark.usefixtures("engine")
async def test_an_action_s_events_come_back(turn: Turn, shop: Shop) -> None:
    with in_turn(turn):
        assert await run("action_odd_good", shop) == [SlotSet("asking", "again")]
    assert turn.failure is None


@pytest.mark.usefixtures("engine")
async def test_an_action_that_takes_too_long_is_stopped_and_fails_the_turn(turn: Turn, shop: Shop) -> None:
    started = time.monotonic()
    with in_turn(turn), pytest.raises(asyncio.TimeoutError):
        await run("action_odd_slow", shop)
    assert time.monotonic() - started < LIMIT + 5
    assert isinstance(turn.failure, asyncio.TimeoutError)


@pytest.mark.usefixtures("engine")
async def test_what_an_action_raises_is_kept_on_the_turn(turn: Turn, shop: Shop) -> None:
    with in_turn(turn), pytest.raises(KeyError):
        await run("action_odd_broken", shop)
    assert isinstance(turn.failure, KeyError)


@pytest.mark.usefixtures("engine")
async def test_an_action_that_rejects_itself_is_no_failure(turn: Turn, shop: Shop) -> None:
    with in_turn(turn), pytest.raises(ActionExecutionRejection):
        await run("action_odd_rejecting", shop)
    assert turn.failure is None


@pytest.mark.usefixtures("engine")
async def test_a_wrong_result_is_still_refused_by_the_schema_that_is_built_once(turn: Turn, shop: Shop) -> None:
    with in_turn(turn), pytest.raises(jsonschema.ValidationError):
        await run("action_odd_wrong", shop)


async def test_a_turn_whose_action_failed_is_an_apology_and_leaves_the_dialogue_as_it_was(
    model: Path, shop: Shop, tmp_path: Path
) -> None:
    customer = shop.customer("cust-001")
    asked = await customer.say("我要退款")
    impatient = Engine(build_services(settings_for(tmp_path / "impatient", action_timeout=0.000_001)), model)
    hub = Hub()
    hub.bind(asyncio.get_running_loop())
    worker = Worker(shop.services, impatient, hub)
    hasty = Shop(shop.services, Spine(shop.services, hub, worker.wake), shop.desk, worker)
    unlucky = hasty.customer("cust-001", sender=customer.sender)
    assert await unlucky.say("换个问题，杯子碎了") == ["utter_error"]
    await worker.drain()
    again = await customer.say("什么意思")
    assert again == asked[-1:]
    said = [m["text"] for m in (await customer.conversation())["messages"] if m["role"] == "customer"]
    assert len(said) == 3
