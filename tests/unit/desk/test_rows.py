"""The console's list costs the same however long it is; what is personal in it cannot be read."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.clocks import ledger
from bot.conversation import transcript
from bot.desk import handoffs, masking, rows
from bot.services import Services, build_services
from bot.store.models import Conversation
from tests.conftest import NOON, settings_for


@pytest.fixture
async def services(seeded: dict[datetime, Path], tmp_path: Path) -> AsyncIterator[Services]:
    made = build_services(settings_for(tmp_path))
    shutil.copy(seeded[NOON], tmp_path / "shop.db")
    yield made
    await made.database.dispose()


async def wait(services: Services, first: int, last: int) -> None:
    """So many conversations stand in the queue."""
    async with services.database.session() as session:
        for number in range(first, last):
            conversation = Conversation(channel="web", sender=f"v-{number}", customer_id="cust-001", created_at=NOON)
            session.add(conversation)
            await session.flush()
            await transcript.append(session, conversation.id, "customer", "在吗", NOON)
            await handoffs.request(session, conversation, "requested", {}, NOON)
        await session.commit()


@pytest.mark.parametrize("view", rows.VIEWS)
async def test_a_longer_list_takes_no_more_queries(services: Services, view: str) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(services.database.engine.sync_engine, "before_cursor_execute", note)
    counted = []
    for first, last in ((0, 2), (2, 30)):
        await wait(services, first, last)
        asked.clear()
        async with services.database.session() as session:
            found, _ = await rows.page(session, services, view, 1, "")
        counted.append(len(asked))
    assert counted[1] <= max(counted[0], 1)
    assert len(found) == (30 if view in ("queue", "all") else 0)


async def test_a_row_tells_its_nearest_deadline(services: Services) -> None:
    await wait(services, 0, 2)
    async with services.database.session() as session:
        talks = (await session.execute(select(Conversation.id).order_by(Conversation.sender))).scalars().all()
        for name in ("complaint_2", "complaint_1"):
            about = {"conversation": talks[0], "subject": f"test:{name}", "actor": "test", "now": NOON}
            await ledger.signal(session, services, name, **about)
        await session.commit()
        found = await rows.of(session, services, talks)
    assert [found[talk]["deadline"] and found[talk]["deadline"]["rule"] for talk in talks] == ["complaint_1", None]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("打13812345678找我", "打138****5678找我"),
        ("+86 138-1234-5678", "138****5678"),
        ("座机0571-80001234", "座机0571-****1234"),
        ("身份证11010519900307851X", "身份证110105********851X"),
        ("卡号6222021234567890123", "卡号6222021234567890123"),
        ("卡号4111 1111 1111 1111", "卡号4111********1111"),
        ("订单2026000000000101", "订单2026000000000101"),
        ("39.90元，2026-03-04 15:00", "39.90元，2026-03-04 15:00"),
        ("运单SF1234567890123", "运单SF1234567890123"),
    ],
)
def test_only_what_is_personal_is_masked(said: str, shown: str) -> None:
    assert masking.text(said) == shown


def test_a_profile_shows_enough_to_recognise_and_no_more() -> None:
    assert masking.phone("13812345678") == "138****5678"
    assert masking.phone("057180001234") == "**********34"
    assert masking.phone("") == ""
    assert masking.address("浙江省杭州市余杭区良渚街道1号") == "浙江省杭州市****"
    assert masking.address("杭州") == "**"
