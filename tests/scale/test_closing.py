"""The end of talks on both databases: several nodes close once, and a reset of the demo forgets what was said of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot.conversation.hub import Hub
from bot.conversation.spine import Spine
from bot.desk import idle, messages_left, surveys
from bot.desk.service import Desk
from bot.model import Inbound
from bot.orders.seed import reset_demo
from bot.prepare import prepare_database
from bot.services import Services, build_services
from bot.store.models import Account, Conversation, Message, Note, Survey, Ticket
from tests.conftest import settings_for

SENDER = "c-cust-001"


@pytest.fixture(params=["sqlite", "postgres"])
async def services(
    request: pytest.FixtureRequest, seeded_postgres: Callable[[], str], tmp_path: Path
) -> AsyncIterator[Services]:
    settings = settings_for(tmp_path, **({"database_url": seeded_postgres()} if request.param == "postgres" else {}))
    made = build_services(settings)
    if request.param == "sqlite":
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, prepare_database, build_services(settings))
    yield made
    await made.database.dispose()


async def served(services: Services) -> None:
    """A customer to whom a person wrote, long ago."""
    hub = Hub()
    await Spine(services, hub, lambda _: None).submit(Inbound("web", SENDER, "m1", "在吗", customer_id="cust-001"))
    desk = Desk(services, hub)
    await desk.accept(SENDER, None)
    await desk.send(SENDER, "您好", None)


async def let_pass(services: Services, minutes: float) -> None:
    async with services.database.session() as session:
        for message in (await session.execute(select(Message))).scalars().all():
            message.at -= timedelta(minutes=minutes)
        await session.execute(
            update(Conversation.__table__).values(warned_at=services.clock.now() - timedelta(minutes=minutes))
            if minutes < 30
            else update(Conversation.__table__).values(warned_at=None)
        )
        await session.commit()


async def test_several_nodes_ask_and_close_once(services: Services) -> None:
    await served(services)
    for minutes in (31, 6):
        await let_pass(services, minutes)
        assert sum(await asyncio.gather(*(idle.sweep(services, Hub()) for _ in range(4)))) == 1
    async with services.database.session() as session:
        keys = [message.keys for message in (await session.execute(select(Message).order_by(Message.id))).scalars()]
        survey = (await session.execute(select(Survey))).scalars().one()
    assert keys[-2:] == [["utter_idle_warning"], ["utter_idle_closed"]]
    assert survey.agent_id is not None
    given = surveys.Answer(None, 5)
    for score in (given, surveys.Answer(None, 1)):
        await surveys.answer(services, Hub(), "web", SENDER, survey.id, score)
    async with services.database.session() as session:
        assert (await session.get(Survey, survey.id)).agent_score == 5


async def test_the_same_message_left_at_the_same_time_is_one_ticket(services: Services) -> None:
    left = messages_left.Left("web", SENDER, "cust-001", "left", "13800138000", "请回电")
    taken = await asyncio.gather(*(messages_left.take(services, Hub(), left) for _ in range(4)))
    assert len(set(taken)) == 1
    async with services.database.session() as session:
        assert (await session.execute(select(func.count()).select_from(Ticket))).scalar_one() == 1


async def test_a_reset_forgets_notes_and_surveys(services: Services) -> None:
    await served(services)
    await Desk(services, Hub()).close(SENDER, "")
    async with services.database.session() as session:
        talk = (await session.execute(select(Conversation))).scalars().one()
        account = (await session.execute(select(Account.id))).scalars().first()
        session.add(Note(conversation_id=talk.id, account_id=account, text="note", at=services.clock.now()))
        await session.commit()
        await reset_demo(session, services.shop, services.clock.now())
        for table in (Survey, Note, Conversation):
            assert (await session.execute(select(func.count()).select_from(table))).scalar_one() == 0
