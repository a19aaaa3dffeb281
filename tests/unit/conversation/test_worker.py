"""Turns: one at a time and in order, lines in a burst as one, again after a fault, none for who has a person."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog
from prometheus_client import REGISTRY
from sqlalchemy import event, select
from structlog.testing import LogCapture

from bot.conversation import worker
from bot.conversation.inbox import Inbox
from bot.conversation.turn import Turn
from bot.engine.engine import Engine
from bot.errors import NotYet, TurnFailed
from bot.model import Inbound
from bot.store.models import InboxEntry, Message
from tests.conftest import Shop
from tests.unit.conversation.conftest import MakeShop

BURST = 0.3


@dataclass
class Watched:
    """The real engine; notes what it was asked, waits for `go` where `stop_at` stands in the text."""

    engine: Engine
    stop_at: str = "\0"
    go: asyncio.Event = field(default_factory=asyncio.Event)
    texts: list[str] = field(default_factory=list)
    running: Counter[str] = field(default_factory=Counter)
    most: int = 0

    async def respond(self, turn: Turn) -> None:
        self.texts.append(turn.text)
        self.running[turn.conversation.id] += 1
        self.most = max(self.most, self.running[turn.conversation.id])
        try:
            await self.engine.respond(turn)
            if self.stop_at in turn.text:
                await self.go.wait()
        finally:
            self.running[turn.conversation.id] -= 1


@dataclass
class Faulty:
    """Fails so many times before it answers."""

    failures: int
    hang: bool = False
    calls: int = 0

    async def respond(self, turn: Turn) -> None:
        self.calls += 1
        if self.calls <= self.failures:
            turn.say("utter_greet")
            await turn.session.flush()
            if self.hang:
                await asyncio.sleep(60)
            raise TurnFailed("an action failed")
        turn.say("utter_thank")


@dataclass
class Crowded:
    """While it answers for the first time somebody else takes the database's write lock, and then lets it go."""

    other: sqlite3.Connection
    calls: int = 0

    async def respond(self, turn: Turn) -> None:
        self.calls += 1
        if self.calls == 1:
            self.other.execute("BEGIN IMMEDIATE")
        else:
            self.other.rollback()
        turn.say("utter_thank")


async def submit(
    shop: Shop, sender: str, text: str, number: Any, channel: str = "web", payload: str | None = None
) -> Any:
    return await shop.spine.submit(Inbound(channel, sender, str(number), text, payload))


async def all_done(shop: Shop) -> list[Any]:
    """Wait until nothing is pending; the inbox."""
    for _ in range(200):
        async with shop.services.database.session() as session:
            entries = (await session.execute(select(InboxEntry).order_by(InboxEntry.id))).scalars().all()
        if all(entry.status != "pending" for entry in entries):
            return list(entries)
        await asyncio.sleep(0.05)
    raise AssertionError("not answered")


async def said(shop: Shop, role: str = "bot") -> list[Any]:
    async with shop.services.database.session() as session:
        return list(
            (await session.execute(select(Message).where(Message.role == role).order_by(Message.id))).scalars().all()
        )


def sample(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_lines_in_quick_succession_are_one_turn(engine: Engine, make_shop: MakeShop) -> None:
    watched = Watched(engine)
    shop = make_shop(watched, web_burst=BURST)
    for number, line in enumerate(["你好", "我想问下", "你们包邮吗"]):
        await submit(shop, "w", line, number)
        await asyncio.sleep(BURST / 4)
    entries = await all_done(shop)
    assert watched.texts == ["你好\n我想问下\n你们包邮吗"]
    assert len({entry.turn_id for entry in entries}) == 1
    await submit(shop, "w", "谢谢", 3)
    assert (await all_done(shop))[-1].turn_id != entries[0].turn_id
    assert watched.texts[-1] == "谢谢"


async def test_a_button_is_a_turn_of_its_own_and_waits_for_nothing(engine: Engine, make_shop: MakeShop) -> None:
    watched = Watched(engine)
    shop = make_shop(watched, web_burst=BURST)
    await submit(shop, "w", "转人工", 0)
    await all_done(shop)
    [queued] = await said(shop)
    cancel = queued.content["buttons"][0]["payload"]
    started = asyncio.get_running_loop().time()
    await submit(shop, "w", "", 1, payload=cancel)
    await all_done(shop)
    assert asyncio.get_running_loop().time() - started < BURST
    assert (await said(shop))[-1].keys == ["utter_queue_cancelled"]


async def test_the_wish_for_a_person_waits_for_nothing(engine: Engine, make_shop: MakeShop) -> None:
    shop = make_shop(engine, web_burst=5)
    started = asyncio.get_running_loop().time()
    await submit(shop, "w", "我的杯子碎了", 0)
    await submit(shop, "w", "转人工", 1)
    await all_done(shop)
    assert asyncio.get_running_loop().time() - started < 5
    assert [message.keys for message in await said(shop)] == [["utter_queued"]]


async def test_the_rest_channel_answers_every_line(engine: Engine, make_shop: MakeShop) -> None:
    watched = Watched(engine)
    shop = make_shop(watched, web_burst=BURST)
    customer = shop.customer(sender="eager")
    lines = [f"你们包邮吗{'？' * number}" for number in range(10)]
    await asyncio.gather(
        *(shop.spine.answer(Inbound("rest", "eager", str(n), text), 20) for n, text in enumerate(lines))
    )
    assert watched.most == 1
    entries = await all_done(shop)
    assert watched.texts == [entry.text for entry in entries]
    replies = [message.turn_id for message in await said(shop)]
    assert replies == [entry.id for entry in entries]
    assert (await customer.conversation())["owner"] == "bot"


async def test_one_slow_conversation_does_not_hold_up_another(engine: Engine, make_shop: MakeShop) -> None:
    watched = Watched(engine, stop_at="慢")
    shop = make_shop(watched)
    await submit(shop, "slow", "慢慢来，你们包邮吗", 0, channel="rest")
    assert await shop.customer(sender="fast").say("你们包邮吗") == ["utter_ask_shipping_fee"]
    watched.go.set()
    assert len({entry.turn_id for entry in await all_done(shop)}) == 2


async def test_who_is_taken_over_during_a_turn_hears_no_bot(engine: Engine, make_shop: MakeShop) -> None:
    watched = Watched(engine, stop_at="包邮")
    shop = make_shop(watched)
    await submit(shop, "anna", "你们包邮吗", 0, channel="rest")
    while not watched.texts:
        await asyncio.sleep(0.01)
    shown = await shop.desk.accept("anna", None)
    watched.go.set()
    await all_done(shop)
    assert shown["owner"] == "agent"
    assert await said(shop) == []
    assert await shop.customer(sender="anna").say("还在吗") == []


async def test_what_comes_just_as_the_talk_is_closed_is_answered_in_a_new_one(
    engine: Engine, make_shop: MakeShop
) -> None:
    watched = Watched(engine, stop_at="包邮")
    shop = make_shop(watched)
    first = await submit(shop, "anna", "你们包邮吗", 0, channel="rest")
    while not watched.texts:
        await asyncio.sleep(0.01)
    await shop.desk.close("anna", "")
    watched.go.set()
    await all_done(shop)
    [answer] = await said(shop)
    assert answer.keys == ["utter_ask_shipping_fee"]
    shown = await shop.desk.conversation("anna")
    assert shown["id"] == answer.conversation_id != first.conversation_id
    assert [message["role"] for message in shown["messages"]] == ["customer", "bot"]
    assert await shop.customer(sender="anna").say("谢谢") == ["utter_thank"]
    assert (await shop.desk.conversation("anna"))["id"] == shown["id"]


async def test_what_one_wrote_is_not_shown_to_another_who_speaks_under_the_same_name(
    engine: Engine, make_shop: MakeShop
) -> None:
    shop = make_shop(engine)
    await Inbox(shop.services).receive(Inbound("rest", "anna", "m1", "你们包邮吗", customer_id="cust-001"))
    assert await shop.customer("cust-002", "anna").say("谢谢") == ["utter_thank"]
    await shop.worker.take_up()
    await all_done(shop)
    assert [message.keys for message in await said(shop)] == [["utter_thank"]]
    texts = [message["text"] for message in (await shop.desk.conversation("anna"))["messages"]]
    assert "你们包邮吗" not in texts


async def test_while_a_person_has_the_talk_nothing_waits_and_nobody_seems_to_type(
    engine: Engine, make_shop: MakeShop
) -> None:
    shop = make_shop(engine, web_burst=BURST)
    news: list[str] = []

    async def listen(kind: str, conversation_id: str, data: dict[str, Any]) -> None:
        news.append(f"{kind} {data.get('on', '')}".strip())

    await submit(shop, "w", "转人工", 0)
    await all_done(shop)
    await shop.desk.accept("w", None)
    shop.spine._hub.listen(listen)
    started = asyncio.get_running_loop().time()
    await submit(shop, "w", "在吗", 1)
    await all_done(shop)
    assert asyncio.get_running_loop().time() - started < BURST
    assert "typing True" not in news


async def test_a_turn_that_fails_is_tried_again_and_leaves_no_trace(make_shop: MakeShop) -> None:
    faulty = Faulty(failures=2)
    shop = make_shop(faulty)
    assert await shop.customer(sender="anna").say("你好") == ["utter_thank"]
    assert faulty.calls == 3
    assert [message.keys for message in await said(shop)] == [["utter_thank"]]


@pytest.mark.parametrize("hang", [False, True])
async def test_a_turn_that_keeps_failing_ends_in_an_apology_and_a_way_to_a_person(
    make_shop: MakeShop, hang: bool
) -> None:
    failed = sample("shop_turns_failed_total")
    faulty = Faulty(failures=3, hang=hang)
    shop = make_shop(faulty, turn_timeout=0.2)
    customer = shop.customer(sender="anna")
    assert await customer.say("你好") == ["utter_error"]
    assert sample("shop_turns_failed_total") == failed + 1
    assert customer.seen[0].content["buttons"]
    assert await customer.say("你好") == ["utter_thank"]
    texts = [
        message["text"] for message in (await customer.conversation())["messages"] if message["role"] == "customer"
    ]
    assert texts == ["你好", "你好"]


async def test_an_answer_that_takes_too_long_is_asked_for_again(engine: Engine, make_shop: MakeShop) -> None:
    watched = Watched(engine, stop_at="包邮")
    shop = make_shop(watched)
    inbound = Inbound("rest", "anna", "m1", "你们包邮吗")
    with pytest.raises(NotYet):
        await shop.spine.answer(inbound, 0.3)
    watched.go.set()
    replies = await shop.spine.answer(inbound, 20)
    assert [key for reply in replies for key in reply.keys] == ["utter_ask_shipping_fee"]
    assert len(watched.texts) == 1
    assert await shop.spine.answer(inbound, 20) == replies


async def test_what_was_stored_before_a_crash_is_taken_up(engine: Engine, make_shop: MakeShop) -> None:
    shop = make_shop(engine)
    for number in range(3):
        await Inbox(shop.services).receive(Inbound("rest", f"s{number}", "1", "你们包邮吗"))
    assert await shop.worker.take_up() == 3
    await all_done(shop)
    assert [message.keys for message in await said(shop)] == [["utter_ask_shipping_fee"]] * 3


async def test_what_happens_is_counted(engine: Engine, make_shop: MakeShop) -> None:
    shop = make_shop(engine)
    names = {
        ("shop_messages_total", "channel"): "rest",
        ("shop_replies_total", "key"): "utter_queued",
        ("shop_handoffs_total", "reason"): "requested",
    }
    before = {name: sample(name[0], **{name[1]: label}) for name, label in names.items()}
    turns = sample("shop_turn_seconds_count")
    customer = shop.customer(sender="anna")
    await customer.say("转人工", message_id="m1")
    await customer.say("转人工", message_id="m1")
    assert {name: sample(name[0], **{name[1]: label}) for name, label in names.items()} == {
        name: count + 1 for name, count in before.items()
    }
    assert sample("shop_turn_seconds_count") == turns + 1


async def test_a_turn_that_does_not_get_the_write_lock_is_done_again_without_ado(
    make_shop: MakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowded = Crowded(sqlite3.connect(":memory:"))
    shop = make_shop(crowded)
    crowded.other = sqlite3.connect(shop.services.settings.var_dir / "shop.db", isolation_level=None)
    impatient = "PRAGMA busy_timeout=20"
    event.listen(shop.services.database.engine.sync_engine, "connect", lambda made, _record: made.execute(impatient))
    told = LogCapture()
    monkeypatch.setattr(worker, "log", structlog.wrap_logger(structlog.PrintLogger(), processors=[told]))
    await submit(shop, "w", "你好", 0)
    await all_done(shop)
    assert crowded.calls == 2
    assert [message.keys for message in await said(shop)] == [["utter_thank"]]
    assert told.entries == [], "it is no fault"
    crowded.other.close()
