"""What a customer may do at every question of every registered flow: one mechanism serves them all.

A person is called at each question. All that leaves a flow where it is, and a turn to another flow, is tried once for
each fact, in one of the flows that ask for it; what else ends or changes a flow, once in each flow, at one question
after another. So the suite grows with the flows and not with the questions times what can be done.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from actions.flow import REGISTRY, Flow
from bot.conversation.hub import Hub
from bot.conversation.spine import Spine
from bot.conversation.worker import Worker
from bot.desk.service import Desk
from bot.engine.engine import Engine
from bot.model import Attachment
from bot.services import build_services
from tests.conftest import NOON, Customer, Shop, settings_for
from tests.dialogues.walks import Walk, another_order, opening, walks

PICTURE = Attachment("", "image/jpeg", "https://example.org/1.jpg")
NONSENSE = ("嗡嗡嗡嗡", "呜哩哇啦", "咕噜咕噜嘟")
QUESTIONS = [walk for flow in REGISTRY.values() for walk in walks(flow).values()]
OF_ORDERS = [walk for walk in QUESTIONS if walk.flow.of_order]
SLOTS = list(dict.fromkeys(walk.slot for walk in QUESTIONS))
SENDER = "somebody"

Return = Callable[..., Awaitable[Customer]]


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[Walk, Path]:
    """The shop's data when a question was asked, by the walk to it."""
    return {}


@pytest.fixture
async def come(
    engine: Engine, seeded: dict[datetime, Path], asked: dict[Walk, Path], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Callable[[Walk], Awaitable[Asked]]]:
    """Brings a customer to a question; who returns later finds everything as it was."""
    opened: list[Shop] = []

    def shop_with(data: Path, now: datetime) -> Shop:
        directory = tmp_path_factory.mktemp("shop")
        services = build_services(settings_for(directory, now))
        shutil.copy(data, directory / "shop.db")
        hub = Hub()
        hub.bind(asyncio.get_running_loop())
        worker = Worker(services, engine, hub)
        opened.append(Shop(services, Spine(services, hub, worker.wake), Desk(services, hub), worker))
        return opened[-1]

    async def close(shop: Shop) -> Path:
        """End the shop's day; where its data lie."""
        opened.remove(shop)
        await shop.worker.drain()
        await shop.services.database.dispose()
        return shop.services.settings.var_dir / "shop.db"

    async def at(walk: Walk, later: timedelta = timedelta()) -> Asked:
        if walk not in asked:
            shop = shop_with(seeded[NOON], NOON)
            customer = shop.customer(walk.customer, SENDER)
            begin = await opening(engine, walk.flow)
            assert begin, f"no example of {walk.flow.intents} is understood with confidence"
            await customer.say(begin)
            for text in walk.answers:
                await customer.say(text)
            assert customer.keys[-1].startswith(f"utter_ask_{walk.slot}"), customer.keys
            asked[walk] = await close(shop)
        customer = shop_with(asked[walk], NOON + timedelta(minutes=1) + later).customer(walk.customer, SENDER)
        return Asked(walk, customer)

    yield at
    for shop in list(opened):
        await close(shop)


class Asked:
    """A customer who was asked something."""

    def __init__(self, walk: Walk, customer: Customer) -> None:
        self.walk, self.customer = walk, customer
        self.say, self.tickets = customer.say, customer.tickets

    def is_asked(self, key: str) -> bool:
        """Whether this key asks this question."""
        return key.startswith(f"utter_ask_{self.walk.slot}")

    async def owner(self) -> str:
        return str((await self.customer.conversation())["owner"])

    async def handed_over(self, reason: str) -> dict[str, object]:
        """The summary that a person finds, who was called for this reason."""
        conversation = await self.customer.conversation()
        assert (conversation["owner"], conversation["handoff"]["reason"]) == ("queue", reason)
        summary: dict[str, object] = conversation["handoff"]["summary"]
        assert summary["flow"] == self.walk.flow.name
        assert summary["intent"] == self.walk.flow.matter()
        assert summary["last_lines"]
        return summary


Come = Callable[..., Awaitable[Asked]]
Turning = Callable[[Walk, Come, Engine], Awaitable[None]]


def name_of(part: object) -> str:
    """A parameter in the name of its test."""
    return f"{part.flow.name}-{part.slot}" if isinstance(part, Walk) else str(getattr(part, "__name__", part))


def by_fact() -> list[Walk]:
    """A question for each fact, the flows that ask for it taking turns."""
    asking = {slot: [walk for walk in QUESTIONS if walk.slot == slot] for slot in SLOTS}
    return [walks[number % len(walks)] for number, walks in enumerate(asking.values())]


everywhere = pytest.mark.parametrize("walk", QUESTIONS, ids=name_of)
for_each_fact = pytest.mark.parametrize("walk", by_fact(), ids=name_of)


@for_each_fact
async def test_what_is_no_answer_is_never_counted_and_the_question_comes_in_other_words(walk: Walk, come: Come) -> None:
    customer, seen = await come(walk), set()
    for text, first in (
        ("你们发什么快递", "utter_ask_courier"),
        ("😊", ""),
        ("谢谢", "utter_thank"),
        ("稍等", "utter_take_your_time"),
        ("什么意思", ""),
        ("在吗", "utter_greet"),
        ("等一下", "utter_take_your_time"),
        ("没看懂", ""),
        ("？", ""),
    ):
        keys = await customer.say(text)
        if first == "utter_take_your_time":
            assert keys == [first]
            continue
        assert [key.removesuffix("_again") for key in keys[:-1]] == ([first] if first else [])
        assert customer.is_asked(keys[-1])
        seen.add(customer.customer.seen[-1].text)
    assert len(seen) > 1
    for _ in range(3):
        keys = await customer.say("", attachments=(PICTURE,))
        assert "utter_not_understood" not in keys
        assert keys[-1].startswith("utter_ask_")
    assert await customer.owner() == "bot"


async def called_off(walk: Walk, come: Come, engine: Engine) -> None:
    customer = await come(walk)
    assert await customer.say("算了，不办了") == ["utter_flow_cancelled"]
    assert await customer.tickets() == []
    assert (await customer.say("你好"))[0].startswith("utter_greet")


@everywhere
async def test_a_person_comes_with_one_message_and_finds_the_facts(walk: Walk, come: Come) -> None:
    customer = await come(walk)
    assert await customer.say("转人工") == ["utter_queued"]
    summary = await customer.handed_over("requested")
    assert summary["asked"] == walk.slot
    known = walk.flow.of_order and ("order_no" in walk.answers or walk.slot not in ("order_no", "phone_tail"))
    assert summary["order_no"] == (walk.order_no if known else None)


async def complained_of(walk: Walk, come: Come, engine: Engine) -> None:
    customer = await come(walk)
    assert await customer.say("我要投诉你们") == ["utter_complaint_noted", "utter_queued"]
    await customer.handed_over("complaint")
    (ticket,) = await customer.tickets()
    assert (ticket["type"], ticket["status"]) == ("complaint", "open")


async def threatened_with_the_law(walk: Walk, come: Come, engine: Engine) -> None:
    customer = await come(walk)
    assert await customer.say("再不处理我就打12315") == ["utter_complaint_noted", "utter_queued"]
    await customer.handed_over("legal")
    (ticket,) = await customer.tickets()
    assert (ticket["type"], ticket["status"]) == ("complaint", "open")


async def answered_three_times_with_nothing(walk: Walk, come: Come, engine: Engine) -> None:
    customer = await come(walk)
    for text in NONSENSE[:2]:
        sorry, question = await customer.say(text)
        assert sorry == "utter_not_understood"
        assert customer.is_asked(question)
    assert await customer.say(NONSENSE[2]) == ["utter_handoff_invalid_answers", "utter_queued"]
    assert (await customer.handed_over("invalid_answers"))["asked"] == walk.slot


async def scolded(walk: Walk, come: Come, engine: Engine) -> None:
    customer = await come(walk)
    assert await customer.say("你们这什么破店，气死我了") == ["utter_handoff_angry", "utter_queued"]
    assert (await customer.handed_over("angry"))["mood"] == "angry"


async def returned_to_and_called_off_by_the_button(walk: Walk, come: Come, engine: Engine) -> None:
    customer = await come(walk, timedelta(hours=2))
    welcome, question = await customer.say("在吗")
    assert welcome == "utter_welcome_back"
    assert customer.is_asked(question)
    assert await customer.customer.press("/withdraw_after_sales") == ["utter_flow_cancelled"]


async def turned_to_another_order(walk: Walk, come: Come, engine: Engine) -> None:
    customer, other = await come(walk), another_order(walk)
    keys = await customer.say(f"搞错了，是订单{other}")
    assert keys[-1].startswith("utter_ask_")
    assert "utter_not_understood" not in keys
    await customer.say("转人工")
    facts = (await customer.handed_over("requested"))["facts"]
    assert isinstance(facts, dict)
    assert facts["order_no"] == other


TURNS: tuple[Turning, ...] = (
    called_off,
    complained_of,
    threatened_with_the_law,
    answered_three_times_with_nothing,
    scolded,
    returned_to_and_called_off_by_the_button,
    turned_to_another_order,
)


def turns() -> list[tuple[Walk, Turning]]:
    """Each flow with every turn that a talk may take, at one of its questions after another, never the same by flow."""
    found: list[tuple[Walk, Turning]] = []
    for shift, flow in enumerate(REGISTRY.values()):
        asked = [walk for walk in QUESTIONS if walk.flow is flow]
        for number, turn in enumerate(TURNS):
            fitting = asked
            if turn is turned_to_another_order:
                fitting = [walk for walk in asked if flow.of_order and another_order(walk)]
            found += [(fitting[(shift + number) % len(fitting)], turn)] if fitting else []
    return found


@pytest.mark.parametrize(("walk", "turn"), turns(), ids=name_of)
async def test_at_a_question_the_flow_can_be(walk: Walk, turn: Turning, come: Come, engine: Engine) -> None:
    await turn(walk, come, engine)


def switches() -> list[tuple[Walk, type[Flow]]]:
    """A question for each fact, with one other flow to which the customer may turn from there."""
    found = []
    for number, walk in enumerate(by_fact()):
        own = {*walk.flow.intents, *walk.flow.absorbs, *(("bargain",) if walk.flow.settles_goods else ())}
        others = [flow for flow in REGISTRY.values() if set(flow.intents) - own]
        if others:
            found.append((walk, others[number % len(others)]))
    return found


@pytest.mark.parametrize(("walk", "other"), switches(), ids=name_of)
async def test_another_flow_may_go_first_and_called_off_it_leaves_nothing(
    walk: Walk, other: type[Flow], come: Come, engine: Engine
) -> None:
    customer = await come(walk)
    wish = await opening(engine, other, without=(*walk.flow.intents, *walk.flow.absorbs))
    if wish is None:
        pytest.fail(f"no example of {other.intents} is understood with confidence")
    keys = await customer.say(wish)
    assert keys[0] == f"utter_{other.name}_start"
    while "utter_flow_resumed" in (keys := await customer.say("算了，不办了")):
        assert customer.is_asked(keys[-1])
    assert keys in (["utter_flow_cancelled"], ["utter_deny"], ["utter_withdraw_after_sales"])
    assert await customer.tickets() == []
    assert await customer.owner() == "bot"


@pytest.mark.parametrize("walk", [w for w in OF_ORDERS if w.slot == "confirmed"], ids=lambda walk: walk.flow.name)
async def test_a_confirmation_opens_one_ticket_about_the_order(walk: Walk, come: Come) -> None:
    customer = await come(walk)
    keys = await customer.say("对的")
    (ticket,) = await customer.tickets()
    assert ticket["order_no"] == walk.order_no
    assert keys[0] in [f"utter_done_{ticket['type']}{ending}" for ending in ("", "_kept", "_instant")]
    assert ticket["due_at"]
    assert ticket["rule_ids"]
