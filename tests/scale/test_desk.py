"""The desk on two nodes and one PostgreSQL: offers end once, guesses are counted together, lists go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.conversation.hub import Hub
from bot.conversation.inbox import Inbox
from bot.desk import accounts, handoffs
from bot.desk.actors import Actor, of_account
from bot.desk.service import Desk
from bot.desk.sessions import Sessions
from bot.desk.units import latest_of
from bot.errors import NotAuthenticated, TooMany, WrongState
from bot.model import Inbound
from bot.services import Services, build_services
from bot.store.models import Account, Conversation, Handoff, Message
from tests.conftest import NOON, settings_for

PASSWORD = "a-long-password"


class Node:
    """One process' desk: connections and news of its own."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.told: list[tuple[str, str, dict[str, Any]]] = []
        self.hub = Hub()
        self.hub.bind(asyncio.get_event_loop())
        self.hub.listen(self._note)
        self.desk = Desk(services, self.hub)

    async def _note(self, kind: str, conversation_id: str, data: dict[str, Any]) -> None:
        self.told.append((kind, conversation_id, data))

    def messages(self) -> list[str]:
        """The keys of the messages that this node told."""
        return [key for kind, _, data in self.told if kind == "message" for key in data["message"].keys]


@pytest.fixture
async def nodes(seeded_postgres: Callable[[], str], tmp_path: Path) -> AsyncIterator[list[Node]]:
    services = build_services(settings_for(tmp_path, database_url=seeded_postgres()))
    made = [Node(services), Node(services.for_another_loop())]
    yield made
    for node in made:
        await node.services.database.dispose()


async def hire(services: Services, name: str, role: str = "agent") -> Actor:
    async with services.database.session() as session:
        account = await accounts.add(session, f"{name}@shop.local", name, PASSWORD, role, NOON)
        await session.commit()
        return of_account(account)


async def queued(services: Services, sender: str, reason: str = "requested") -> str:
    receipt = await Inbox(services).receive(Inbound("rest", sender, "1", "转人工"))
    async with services.database.session() as session:
        conversation = await session.get(Conversation, receipt.conversation_id)
        await handoffs.request(session, conversation, reason, {}, services.clock.now())
        await session.commit()
    return receipt.conversation_id


async def test_an_offer_that_ends_is_told_once_by_one_of_two_nodes(nodes: list[Node]) -> None:
    services = nodes[0].services
    first, second = await hire(services, "first"), await hire(services, "second")
    senders = [f"s-{number}" for number in range(6)]
    for sender in senders:
        await queued(services, sender)
        await nodes[0].desk.talks.accept(latest_of(sender), first)
        await nodes[0].desk.transfers.transfer(latest_of(sender), first, second.account_id, "")
    assert await nodes[0].desk.transfers.expire() == 0, "it is not over yet"
    async with services.database.session() as session:
        await session.execute(update(Handoff).values(reserved_until=services.clock.now() - timedelta(seconds=1)))
        await session.commit()
    for node in nodes:
        node.told.clear()
    ended = await asyncio.gather(*(node.desk.transfers.expire() for node in nodes for _ in range(3)))
    assert sum(ended) == len(senders)
    await asyncio.sleep(0.1)
    assert nodes[0].messages() + nodes[1].messages() == ["utter_handoff_waits"] * len(senders)
    async with services.database.session() as session:
        keys = (await session.execute(select(Message.keys).where(Message.role == "system"))).scalars().all()
        left = select(func.count()).select_from(Handoff).where(Handoff.reserved_for.isnot(None))
        assert (await session.execute(left)).scalar() == 0
    assert keys.count(["utter_handoff_waits"]) == len(senders)


async def test_who_takes_an_offer_in_its_last_moment_has_it(nodes: list[Node]) -> None:
    services = nodes[0].services
    first, second = await hire(services, "first"), await hire(services, "second")
    conversation_id = await queued(services, "s")
    await nodes[0].desk.talks.accept(latest_of("s"), first)
    await nodes[0].desk.transfers.transfer(latest_of("s"), first, second.account_id, "")
    async with services.database.session() as session:
        await session.execute(update(Handoff).values(reserved_until=services.clock.now()))
        await session.commit()
    await asyncio.gather(nodes[0].desk.talks.accept(latest_of("s"), second), nodes[1].desk.transfers.expire())
    async with services.database.session() as session:
        conversation = await session.get(Conversation, conversation_id)
        handoff = await handoffs.open_handoff(session, conversation_id)
    assert (conversation.owner, conversation.agent_id) == ("agent", second.account_id)
    assert (handoff.status, handoff.reserved_for) == ("accepted", None)


async def test_two_agents_who_accept_at_once_do_not_both_have_it(nodes: list[Node]) -> None:
    actors = [await hire(nodes[0].services, name) for name in ("first", "second")]
    await queued(nodes[0].services, "s")
    taking = (node.desk.talks.accept(latest_of("s"), actor) for node, actor in zip(nodes, actors, strict=True))
    outcomes = await asyncio.gather(*taking, return_exceptions=True)
    assert sorted(isinstance(outcome, WrongState) for outcome in outcomes) == [False, True]


async def test_guesses_at_two_nodes_are_counted_together(nodes: list[Node]) -> None:
    await hire(nodes[0].services, "first")
    doors = [Sessions(node.services) for node in nodes]
    guesses = (doors[number % 2].open("first@shop.local", f"guess {number}", "10.0.0.1") for number in range(12))
    outcomes = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(outcome, NotAuthenticated) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, TooMany) for outcome in outcomes) == 7


async def test_a_session_of_one_node_holds_at_the_other_until_it_ends(nodes: list[Node]) -> None:
    await hire(nodes[0].services, "first")
    doors = [Sessions(node.services) for node in nodes]
    cookie, opened = await doors[0].open("first@shop.local", PASSWORD, "10.0.0.1")
    assert await doors[1].living({opened.digest, "x"}, {opened.digest}) == {opened.digest}
    found = await doors[1].find(cookie)
    assert found is not None
    assert found.shows(opened.csrf)
    await doors[1].end(opened.digest)
    assert await doors[0].find(cookie) is None


@pytest.mark.parametrize("view", ["queue", "all", "closed"])
async def test_pages_of_a_view_hold_everything_once(nodes: list[Node], view: str) -> None:
    services, desk = nodes[0].services, nodes[0].desk
    actor = await hire(services, "lead", "supervisor")
    ids = [await queued(services, f"s-{n}", ("requested", "legal", "angry")[n % 3]) for n in range(60)]
    if view == "closed":
        for number in range(60):
            await desk.talks.close(latest_of(f"s-{number}"), actor)
    seen: list[dict[str, Any]] = []
    before: str | None = ""
    while before is not None:
        page = await desk.page(view, actor, before)
        seen += page["items"]
        before = page["next"]
    assert sorted(row["id"] for row in seen) == sorted(ids)
    if view == "queue":
        assert [row["position"] for row in seen] == list(range(1, 61))
    async with services.database.session() as session:
        assert (await session.execute(select(func.count()).select_from(Account))).scalar() == 2
