"""Whose orders are whose: by the customer, or by proof; wrong pairs lock the question."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.orders.gateway import Viewer
from bot.orders.sql import SqlOrders
from bot.services import Services, build_services
from bot.store.models import Conversation
from tests.conftest import NOON, settings_for

ANNAS, OTHERS = "2026000000000101", "2026000000000108"
KNOWN = Viewer("talk", "rest", "anna", "cust-001")
VISITOR = Viewer("talk", "rest", "visitor")


@pytest.fixture
async def services(seeded: dict[datetime, Path], tmp_path: Path) -> AsyncIterator[Services]:
    made = build_services(settings_for(tmp_path))
    shutil.copy(seeded[NOON], tmp_path / "shop.db")
    yield made
    await made.database.dispose()


@pytest.fixture
async def session(services: Services) -> AsyncIterator[Any]:
    async with services.database.session() as opened:
        for talk in ("talk", "other"):
            opened.add(Conversation(id=talk, channel="rest", sender=talk, created_at=NOON))
        await opened.flush()
        yield opened


def orders(services: Services, session: Any, later: timedelta = timedelta()) -> SqlOrders:
    return SqlOrders(session, Clock(NOON + later), services.shop.gift_values)


async def test_a_customer_sees_the_own_orders_only(services: Services, session: Any) -> None:
    gateway = orders(services, session)
    recent = await gateway.recent(KNOWN)
    assert {view.customer_id for view in recent} == {"cust-001"}
    assert len(recent) == 8
    assert await gateway.find(ANNAS, KNOWN) is not None
    assert await gateway.find(OTHERS, KNOWN) is None


async def test_a_visitor_sees_nothing_before_and_one_order_after_the_right_pair(
    services: Services, session: Any
) -> None:
    gateway = orders(services, session)
    assert (await gateway.recent(VISITOR), await gateway.find(ANNAS, VISITOR)) == ([], None)
    assert await gateway.prove(ANNAS, "1001", VISITOR)
    assert [view.order_no for view in await gateway.recent(VISITOR)] == [ANNAS]
    assert await gateway.find(OTHERS, VISITOR) is None
    elsewhere = Viewer("other", "rest", "visitor")
    assert await gateway.find(ANNAS, elsewhere) is None, "a proof holds for one conversation"


async def test_three_wrong_pairs_lock_the_question_for_a_quarter_of_an_hour(services: Services, session: Any) -> None:
    gateway = orders(services, session)
    for order_no, tail in ((ANNAS, "1002"), ("2026000000009999", "1001"), (OTHERS, "")):
        assert not await gateway.proof_locked(VISITOR, ANNAS)
        assert not await gateway.prove(order_no, tail, VISITOR)
    assert await gateway.proof_locked(VISITOR, ANNAS)
    assert not await gateway.proof_locked(Viewer("other", "rest", "somebody-else"), ANNAS)
    assert await orders(services, session, timedelta(minutes=14)).proof_locked(VISITOR, ANNAS)
    assert not await orders(services, session, timedelta(minutes=16)).proof_locked(VISITOR, ANNAS)


async def test_an_order_that_many_guess_at_is_locked_for_all(services: Services, session: Any) -> None:
    gateway = orders(services, session)
    for number in range(10):
        await gateway.prove(ANNAS, "0000", Viewer("talk", "rest", f"guess-{number}"))
    assert await gateway.proof_locked(Viewer("talk", "rest", "new"), ANNAS)
    assert not await gateway.proof_locked(Viewer("talk", "rest", "new"), OTHERS)


async def test_a_fall_of_the_price_is_told_with_its_instant(services: Services, session: Any) -> None:
    view = await orders(services, session, timedelta(hours=1)).find("2026000000000103", KNOWN)
    assert view is not None
    listed, activity = view.facts.lines[0].prices
    assert (listed.price, listed.activity) == (view.facts.lines[0].unit_price, False)
    assert listed.since >= NOON + timedelta(hours=1)
    assert (f"{activity.price}", activity.activity) == ("59.00", True)
    assert abs(activity.since - (NOON - timedelta(days=1))) < timedelta(minutes=5)
