"""What people promise: refused, kept, broken; on both databases, with a moving clock, restarts and several nodes."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.clock import Clock
from bot.conversation import outbox
from bot.conversation.hub import Hub
from bot.conversation.spine import Spine
from bot.conversation.turn import Turn
from bot.desk import idle, tickets
from bot.desk.promises import settle_due
from bot.desk.service import Desk
from bot.desk.units import latest_of
from bot.desk.work import transact
from bot.errors import WrongState
from bot.model import Inbound
from bot.prepare import prepare_database
from bot.services import Services, build_services, constant_fields
from bot.store.database import Database
from bot.store.models import Conversation, MadePromise, Message, Order
from bot.texts import Texts
from tests.conftest import NOON, settings_for

SENDER = "c-cust-001"
LAMP, MUG = "2026000000000106", "2026000000000101"
_opened: list[Database] = []


@pytest.fixture(params=["sqlite", "postgres"])
async def services(
    request: pytest.FixtureRequest, seeded_postgres: Callable[[], str], tmp_path: Path
) -> AsyncIterator[Services]:
    settings = settings_for(tmp_path, **({"database_url": seeded_postgres()} if request.param == "postgres" else {}))
    made = build_services(settings)
    if request.param == "sqlite":
        await asyncio.get_running_loop().run_in_executor(None, prepare_database, build_services(settings))
    yield made
    for database in (made.database, *_opened):
        await database.dispose()
    _opened.clear()


class Told(Hub):
    """A hub that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.news: list[tuple[str, dict[str, Any]]] = []

    def tell(self, kind: str, conversation_id: str, data: dict[str, Any] | None = None) -> None:
        self.news.append((kind, data or {}))

    @property
    def states(self) -> list[str]:
        return [data["promise"]["state"] for kind, data in self.news if kind == "promise"]


async def served(services: Services, channel: str = "web") -> Desk:
    """A customer with whom a person talks."""
    hub = Hub()
    await Spine(services, hub, lambda _: None).submit(Inbound(channel, SENDER, "m1", "在吗", customer_id="cust-001"))
    desk = Desk(services, hub)
    await desk.accept(SENDER, None)
    return desk


def at(services: Services, now: datetime) -> Services:
    """A node that was started anew at another time."""
    _opened.append(Database(services.settings.database_url))
    return replace(services, clock=Clock(now), database=_opened[-1])


async def promises(services: Services) -> list[Any]:
    async with services.database.session() as session:
        return list((await session.execute(select(MadePromise).order_by(MadePromise.id))).scalars())


async def test_what_cannot_be_promised_is_refused_with_clause_and_wording(services: Services) -> None:
    desk = await served(services)
    with pytest.raises(WrongState) as refused:
        await desk.send(SENDER, "尾号0101这单马上退您500", None)
    assert (refused.value.status, refused.value.code) == (409, "promise_refused")
    assert refused.value.detail is not None
    assert refused.value.detail["rule_id"] == "refund_ceiling"
    assert refused.value.detail["clause"]
    assert "79.80元" in refused.value.detail["wording"]
    shown = await desk.conversation(SENDER)
    assert [message["text"] for message in shown["messages"] if message["role"] == "agent"] == []
    await desk.send(SENDER, refused.value.detail["wording"], None)


async def test_a_promise_is_checked_against_the_order_that_fits(services: Services) -> None:
    desk = await served(services)
    await desk.send(SENDER, "今晚十点前给您发出", None)
    made = await promises(services)
    assert [(entry.kind, entry.order_no, entry.state) for entry in made] == [("ship_by", LAMP, "open")]
    with pytest.raises(WrongState):
        await desk.send(SENDER, "尾号0105的今晚十点前给您发出", None)


async def test_an_answer_that_comes_in_time_is_kept(services: Services) -> None:
    desk = await served(services)
    await desk.send(SENDER, "一小时内给您答复", None)
    await desk.send(SENDER, "我半小时后回复您", None)
    assert [entry.state for entry in await promises(services)] == ["open", "open"], "another promise is no answer"
    await desk.send(SENDER, "问到了，是中通的快递", None)
    made = await promises(services)
    assert [entry.state for entry in made] == ["kept", "kept"]
    assert all(entry.settled_at for entry in made)
    assert await settle_due(at(services, NOON + timedelta(days=2)), Hub()) == 0


async def test_an_answer_that_does_not_come_breaks_once_after_a_restart_and_for_several_nodes(
    services: Services,
) -> None:
    desk = await served(services)
    await desk.send(SENDER, "一小时内给您答复", None)
    assert await settle_due(at(services, NOON + timedelta(minutes=59)), Hub()) == 0
    hubs = [Told() for _ in range(6)]
    nodes = [at(services, NOON + timedelta(minutes=70)) for _ in hubs]
    settled = await asyncio.gather(*(settle_due(node, hub) for node, hub in zip(nodes, hubs, strict=True)))
    assert sum(settled) == 1
    assert [state for hub in hubs for state in hub.states] == ["broken"]
    assert [entry.state for entry in await promises(services)] == ["broken"]
    late = Desk(at(services, NOON + timedelta(minutes=80)), Hub())
    await late.send(SENDER, "问到了，是中通的快递", None)
    assert [entry.state for entry in await promises(services)] == ["broken"], "late is not kept"
    figures = await desk.promises.figures()
    assert [(row["kind"], row["broken"], row["kept"]) for row in figures] == [("answer_by", 1, 0)]
    assert figures[0]["made_by"].startswith("agent:")


@pytest.mark.parametrize(("hours", "state"), [(2, "kept"), (9, "broken")])
async def test_a_parcel_keeps_its_promise_when_it_leaves_in_time(services: Services, hours: int, state: str) -> None:
    desk = await served(services)
    await desk.send(SENDER, "今晚十点前给您发出", None)
    async with services.database.session() as session:
        sent = update(Order).where(Order.order_no == LAMP)
        await session.execute(sent.values(shipped_at=NOON + timedelta(hours=hours), status="shipped"))
        await session.commit()
    assert await settle_due(at(services, NOON + timedelta(hours=10)), Hub()) == 1
    assert [entry.state for entry in await promises(services)] == [state]


@pytest.mark.parametrize(
    ("status", "state"), [("done", "kept"), ("approved", "kept"), ("rejected", "broken"), ("withdrawn", "withdrawn")]
)
async def test_what_was_promised_of_a_ticket_goes_with_it(services: Services, status: str, state: str) -> None:
    desk = await served(services)
    now = services.clock.now()
    async with services.database.session() as session:
        conversation = await latest_of(SENDER)(session)
        items = [{"sku": "MUG", "quantity": 1}]
        first = "approved" if status == "done" else "open"
        options: dict[str, Any] = {"status": first, "order_no": MUG, "items": items}
        ticket = await tickets.open_ticket(
            session, services, conversation, type="refund", cause="damaged", now=now, **options
        )
        await session.commit()
    await desk.send(SENDER, "明天中午前给您退款", None)
    assert [(entry.ticket_id, entry.state) for entry in await promises(services)] == [(ticket.id, "open")]
    async with services.database.session() as session:
        if status == "withdrawn":
            await tickets.withdraw(session, services, await session.get(type(ticket), ticket.id), "不用了", now)
        else:
            await tickets.decide(session, services, ticket.id, status, "lead@shop.local", "", now)
        await session.commit()
    assert [entry.state for entry in await promises(services)] == [state]


async def test_a_talk_with_an_open_promise_is_not_closed(services: Services) -> None:
    desk = await served(services)
    await desk.send(SENDER, "明天上午十点前给您答复", None)
    async with services.database.session() as session:
        for message in (await session.execute(select(Message))).scalars():
            message.at -= timedelta(minutes=31)
        await session.commit()
    assert await idle.sweep(services, Hub()) == 0
    async with services.database.session() as session:
        await session.execute(update(MadePromise).values(state="kept"))
        await session.commit()
    assert await idle.sweep(services, Hub()) == 1


async def test_the_same_promise_is_stored_once_and_what_is_only_expected_or_tried_is_not(services: Services) -> None:
    desk = await served(services)
    unsure = ("尽量今天给您答复", "应该今天能答复您", "您要的话明天给您答复")
    for text in ("今晚十点前给您发出", "今晚十点前给您发出", *unsure):
        await desk.send(SENDER, text, None)
    assert [entry.kind for entry in await promises(services)] == ["ship_by"]


async def test_a_promise_goes_with_its_talk(services: Services) -> None:
    desk = await served(services)
    await desk.send(SENDER, "今晚十点前给您发出", None)
    async with services.database.session() as session:
        await session.execute(Conversation.__table__.delete())
        await session.commit()
    assert await promises(services) == []


async def test_the_bot_never_says_what_cannot_be_kept_whatever_the_shop_has_written(
    services: Services, tmp_path: Path
) -> None:
    directory = tmp_path / "shop"
    shutil.copytree(services.settings.shop_dir, directory)
    (directory / "texts" / "ours.yml").write_text("utter_too_much: [尾号0101这单马上退您500元]\n", encoding="utf-8")
    constants = constant_fields(services.shop, services.packs, services.clock)
    generous = replace(services, texts=Texts(directory / "texts", constants))
    await served(services)
    async with services.database.session() as session:
        conversation = await latest_of(SENDER)(session)
        turn = Turn(generous, session, conversation, "在吗", services.clock.now())
        turn.say("utter_too_much")
        message = await outbox.write_reply(turn, turn.replies[0], 1)
        await session.commit()
    assert message.keys == ["truth_refund_left"]
    assert "500" not in message.text
    assert "79.80元" in message.text
    await transact(generous, Hub(), lambda work: work.say(conversation, "utter_too_much", {}, role="bot"))
    shown = await Desk(services, Hub()).conversation(SENDER)
    assert not any("500" in line["text"] for line in shown["messages"])
