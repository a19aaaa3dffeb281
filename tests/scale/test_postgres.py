"""The same house on PostgreSQL: schema, column types, a whole dialogue, two workers, the indexes that guard it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from bot.conversation.hub import Hub
from bot.conversation.inbox import Inbox
from bot.conversation.spine import Spine
from bot.conversation.worker import Worker
from bot.desk.service import Desk
from bot.engine.engine import Engine
from bot.model import Inbound
from bot.orders.seed import reset_demo
from bot.services import Services, build_services
from bot.store.database import Database, migrate
from bot.store.models import Base, Conversation, Customer, Handoff, InboxEntry, Message, Order, PriceChange
from tests.conftest import NOON, Shop, demo, settings_for


@pytest.fixture
async def services(seeded_postgres: Callable[[], str], tmp_path: Path) -> AsyncIterator[Services]:
    made = build_services(settings_for(tmp_path, database_url=seeded_postgres()))
    yield made
    await made.database.dispose()


@pytest.fixture
async def shop(services: Services, engine: Engine) -> AsyncIterator[Shop]:
    made = open_node(services, engine)
    yield made
    await made.worker.drain()


def open_node(services: Services, engine: Engine) -> Shop:
    """One node on a database: its own connections, worker and news."""
    hub = Hub()
    hub.bind(asyncio.get_event_loop())
    worker = Worker(services, engine, hub)
    return Shop(services, Spine(services, hub, worker.wake), Desk(services, hub), worker)


@pytest.mark.parametrize("kind", ["postgres", "sqlite"])
def test_migrations_make_the_schema_of_the_models(kind: str, postgres_url: Callable[..., str], tmp_path: Path) -> None:
    url = postgres_url() if kind == "postgres" else f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"
    migrate(url)
    migrate(url)

    def compare(connection: Any) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, Base.metadata)
        return [change for change in found if getattr(change[1], "name", "") != "sqlite_sequence"]  # SQLite's own

    async def differences() -> list[Any]:
        database = Database(url)
        async with database.engine.connect() as connection:
            found = await connection.run_sync(compare)
        await database.dispose()
        return found

    assert asyncio.new_event_loop().run_until_complete(differences()) == []


@pytest.mark.parametrize("price", ["0.00", "0.01", "39.90", "99999999.99"])
async def test_money_and_instants_come_back_as_they_went_in(services: Services, price: str) -> None:
    instant = datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=timezone.utc)
    async with services.database.session() as session:
        change = PriceChange(sku="MUG", price=Decimal(price), starts_at=instant)
        session.add(change)
        await session.commit()
        number = change.id
    async with services.database.session() as session:
        kept = await session.get(PriceChange, number)
        stored = (await session.execute(text(f"SELECT price FROM price_changes WHERE id = {number}"))).scalar()
    assert (kept.price, str(kept.price), kept.starts_at) == (Decimal(price), price, instant)
    assert kept.starts_at.utcoffset().total_seconds() == 8 * 3600
    assert stored == int(Decimal(price) * 100)


async def test_a_damaged_cup_becomes_a_ticket(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    assert (await customer.say("收到的马克杯碎了\x00"))[0] == "utter_damaged_start"
    await customer.say("两个都碎了")
    await customer.say("没有照片")
    await customer.press({"solution": "refund"})
    assert "utter_done_refund" in await customer.press({"confirmed": True})
    [ticket] = await customer.tickets()
    assert (ticket["type"], ticket["amount"], ticket["items"]) == ("refund", "79.80", [{"sku": "MUG", "quantity": 2}])
    assert (await customer.conversation())["owner"] == "bot"


async def test_a_person_takes_over_and_gives_back(shop: Shop) -> None:
    customer = shop.customer("cust-002")
    await customer.say("转人工")
    await shop.desk.accept(customer.sender, None)
    assert await customer.say("在吗") == []
    await shop.desk.send(customer.sender, "在的", "c1")
    await shop.desk.send(customer.sender, "在的", "c1")
    await shop.desk.give_back(customer.sender)
    assert await customer.say("你们包邮吗") == ["utter_ask_shipping_fee"]
    said = [message["text"] for message in (await customer.conversation())["messages"] if message["role"] == "agent"]
    assert said == ["在的"]


async def test_two_workers_never_answer_the_same_message_twice(services: Services, engine: Engine) -> None:
    nodes = [open_node(services, engine), open_node(services.for_another_loop(), engine)]
    sent = []
    for number in range(24):
        receipt = await Inbox(services).receive(Inbound("rest", f"many-{number % 8}", f"m{number}", "你们包邮吗"))
        sent.append(receipt)
        for node in nodes:
            node.worker.wake(receipt.conversation_id)
    await until_answered(services)
    for node in nodes:
        await node.worker.drain()
    async with services.database.session() as session:
        query = select(Message.turn_id, func.count()).where(Message.role == "bot").group_by(Message.turn_id)
        answers = dict((await session.execute(query)).all())
    assert answers == {receipt.entry_id: 1 for receipt in sent}
    await nodes[1].services.database.dispose()


async def until_answered(services: Services) -> None:
    async with services.database.session() as session:
        for _ in range(300):
            query = select(func.count()).select_from(InboxEntry).where(InboxEntry.status == "pending")
            if not (await session.execute(query)).scalar():
                return
            await session.rollback()
            await asyncio.sleep(0.1)
    raise AssertionError("messages were left over")


async def test_a_message_can_be_stored_while_a_turn_holds_its_conversation(services: Services) -> None:
    first = await Inbox(services).receive(Inbound("rest", "holding", "1", "你好"))
    async with services.database.session() as turn:
        hold = {"skip_locked": True, "key_share": True}
        await turn.get(Conversation, first.conversation_id, with_for_update=hold)
        second = await asyncio.wait_for(Inbox(services).receive(Inbound("rest", "holding", "2", "在吗")), 5)
    assert second.conversation_id == first.conversation_id


async def test_the_same_message_at_the_same_time_is_stored_once(services: Services) -> None:
    twice = [Inbound("rest", "eager", f"m{number % 2}", "你好") for number in range(10)]
    receipts = await asyncio.gather(*(Inbox(services).receive(inbound) for inbound in twice))
    assert len({receipt.entry_id for receipt in receipts}) == 2
    assert len({receipt.conversation_id for receipt in receipts}) == 1
    assert sum(not receipt.duplicate for receipt in receipts) == 2


async def test_a_sender_has_one_open_conversation_and_any_number_of_closed_ones(services: Services) -> None:
    async def add(owner: str) -> None:
        async with services.database.session() as session:
            session.add(Conversation(channel="rest", sender="one", owner=owner, created_at=NOON))
            await session.commit()

    await add("closed")
    await add("closed")
    await add("bot")
    with pytest.raises(IntegrityError):
        await add("agent")


async def test_a_conversation_waits_in_the_queue_once(services: Services, shop: Shop) -> None:
    customer = shop.customer()
    await customer.say("转人工")
    await customer.say("转人工")
    async with services.database.session() as session:
        assert (await session.execute(select(func.count()).select_from(Handoff))).scalar() == 1


async def test_the_demo_begins_anew_while_people_talk(services: Services, shop: Shop) -> None:
    async def talk(number: int) -> None:
        customer = shop.customer(f"cust-00{number % 5 + 1}")
        for line in ("你好", "我要退款", "你们包邮吗"):
            await customer.say(line)

    async def reset() -> None:
        for _ in range(3):
            async with services.database.session() as session:
                try:
                    await reset_demo(session, services.shop, services.clock.now())
                except (DBAPIError, StaleDataError):  # as in bot/http/demo.py: somebody wrote in between
                    continue

    everybody = [reset(), *(talk(number) for number in range(6)), reset()]
    outcomes = await asyncio.gather(*everybody, return_exceptions=True)  # none may be left talking when one fails
    assert [outcome for outcome in outcomes if outcome is not None] == []
    await reset()
    async with services.database.session() as session:
        assert (await session.execute(select(func.count()).select_from(Order))).scalar() == len(demo("orders"))
        assert (await session.execute(select(func.count()).select_from(Customer))).scalar() == len(demo("customers"))
        assert (await session.execute(select(func.count()).select_from(Message))).scalar() == 0
