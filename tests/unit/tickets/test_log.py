"""The log is the truth: in whatever order, the row is what the log tells, and a refusal changes nothing."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import RequestError
from bot.services import Services, build_services
from bot.store.models import Conversation, Ticket
from bot.tickets import changes, duplicates, events, levels, payments
from bot.tickets.opening import open_ticket
from bot.tickets.state import State, fold, of_row
from tests.conftest import NOON, settings_for
from tests.unit.policy.often import often

PICTURE = {"id": "", "type": "image/jpeg", "url": "https://example.org/1.jpg"}
WORDS = st.sampled_from(["还没解决", "我要打12315", "发微博曝光", "好的", ""])
STEPS = ("accepted", "agreed", "followed", "closed", "calmed", "clarified", "offered", "thanked", "tracked")
OPERATIONS = st.one_of(
    st.tuples(st.just("decide"), st.sampled_from(["approved", "rejected", "done"])),
    st.tuples(st.sampled_from(["note", "reopen", "withdraw"]), WORDS),
    st.tuples(st.sampled_from(["evidence", "confirm", "lapse", "merge", "link", "sent"]), st.none()),
    st.tuples(st.just("fill"), st.sampled_from(["name", "contact", "product", "symptom", "tried", "solution"])),
    st.tuples(st.just("grant"), st.sampled_from([Decimal("0.01"), Decimal("12.50")])),
    st.tuples(st.just("move"), st.sampled_from(STEPS)),
)
TYPES = st.sampled_from(["refund", "return_refund", "exchange", "reship", "complaint", "repair", "message"])


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture(scope="module")
def services(
    seeded: dict[datetime, Path], tmp_path_factory: pytest.TempPathFactory, loop: asyncio.AbstractEventLoop
) -> Iterator[Services]:
    directory = tmp_path_factory.mktemp("log")
    made = build_services(settings_for(directory))
    shutil.copy(seeded[NOON], directory / "shop.db")
    yield made
    loop.run_until_complete(made.database.dispose())


@often
@given(
    type=TYPES,
    status=st.sampled_from(["open", "approved", "waiting_customer"]),
    amount=st.sampled_from([None, Decimal("39.90"), Decimal("259.00")]),
    operations=st.lists(OPERATIONS, max_size=10),
)
def test_the_row_is_what_the_log_tells_after_any_operations(
    services: Services,
    loop: asyncio.AbstractEventLoop,
    type: str,
    status: str,
    amount: Decimal | None,
    operations: list[tuple[str, Any]],
) -> None:
    loop.run_until_complete(_play(services, type, status, amount, operations))


async def _play(
    services: Services, type: str, status: str, amount: Decimal | None, operations: list[tuple[str, Any]]
) -> None:
    async with services.database.session() as session:
        talk = Conversation(channel="rest", sender="s-log", customer_id="cust-003", created_at=NOON)
        session.add(talk)
        await session.flush()
        told: dict[str, Any] = {"type": type, "amount": amount, "order_no": "2026000000000122", "reason": "坏了"}
        ticket, other = [await open_ticket(session, services, talk, status=status, now=NOON, **told) for _ in range(2)]
        now = NOON
        for name, value in operations:
            now += timedelta(hours=7)
            before = of_row(ticket)
            try:
                await _do(session, services, ticket, other, name, value, now)
            except RequestError:
                assert of_row(ticket) == before
            for each in (ticket, other):
                await _agree(session, each)
        await session.rollback()


async def _agree(session: AsyncSession, ticket: Any) -> None:
    await session.flush()
    await session.refresh(ticket)
    assert fold(event.detail for event in await events.log_of(session, ticket.id)) == of_row(ticket)


async def _do(
    session: AsyncSession, services: Services, ticket: Ticket, other: Ticket, name: str, value: Any, now: datetime
) -> None:
    if name == "decide":
        await changes.decide(session, services, ticket.id, value, "boss", "", now)
    elif name == "grant":
        await changes.decide(session, services, ticket.id, "approved", "boss", "", now, value)
    elif name == "note":
        await changes.note(session, ticket, value, [PICTURE], now, "talk")
        await levels.grade(session, services, ticket, value, now, "bot")
    elif name == "reopen":
        await changes.reopen(session, services, ticket, "customer", value, now)
    elif name == "withdraw":
        await changes.withdraw(session, services, ticket, value, now)
    elif name == "evidence":
        await changes.add_evidence(session, services, ticket, [PICTURE], now)
    elif name in ("confirm", "lapse"):
        changes.confirm(session, ticket, "customer" if name == "confirm" else changes.SILENCE, now)
    elif name == "merge":
        await duplicates.merge(session, ticket, other, "boss", now)
    elif name == "link":
        await duplicates.link(session, ticket, other, "related", "boss", now)
    elif name == "fill":
        changes.fill(session, ticket, "boss", {value: "填好了"}, now)
    elif name == "move":
        changes.move(session, ticket, "boss", value, now)
    else:
        await payments.ask(session, services, ticket, "boss", now)
        if ticket.payment == payments.ASKED:
            events.record(session, ticket, "payment_applied", "gateway", now, to={"payment": payments.APPLIED})


def test_a_log_of_later_times_may_hold_what_this_version_does_not_know() -> None:
    assert fold([{"set": {"status": "open", "unheard_of": 1}}, {"text": "x"}]) == State(status="open")
