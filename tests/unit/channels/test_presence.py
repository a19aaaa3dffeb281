"""What customers do without writing, as the desk hears of it; and how things stand when nobody is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import build_house
from bot.channels.web.presence import Presence
from bot.desk import standing
from bot.errors import BadInput
from bot.http.context import House
from bot.identity import Shopper
from bot.model import Inbound
from bot.prepare import prepare_database
from bot.services import build_services
from bot.store.models import Conversation
from tests.conftest import NIGHT, NOON, settings_for

ME, OTHER = Shopper("v-me"), Shopper("v-other")


@dataclass
class Heard:
    """A house, and what the desk hears in it."""

    house: House
    presence: Presence
    news: list[tuple[str, dict[str, Any]]]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The news of a kind, in order."""
        return [data for name, data in self.news if name == kind]

    async def hears(self, kind: str, expected: list[dict[str, Any]]) -> None:
        """Wait until the news of a kind are these."""
        for _ in range(500):
            if self.of(kind) == expected:
                return
            await asyncio.sleep(0.02)
        assert self.of(kind) == expected

    async def say(self, shopper: Shopper, message_id: str) -> int:
        """A line of the customer; its number."""
        return (await self.house.spine.submit(Inbound("web", shopper.sender, message_id, "在吗"))).seq

    async def talk(self, shopper: Shopper) -> Conversation:
        """The customer's conversation."""
        async with self.house.services.database.session() as session:
            query = select(Conversation).where(Conversation.sender == shopper.sender)
            return (await session.execute(query)).scalars().one()


def make_house(directory: Path, now: datetime) -> House:
    return build_house(settings_for(directory, now, messages_per_minute=1000))


@pytest.fixture
async def heard(tmp_path: Path) -> AsyncIterator[Heard]:
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, prepare_database, build_services(settings_for(tmp_path, NOON)))
    house = make_house(tmp_path, NOON)
    news: list[tuple[str, dict[str, Any]]] = []

    async def listen(kind: str, _conversation_id: str, data: dict[str, Any]) -> None:
        news.append((kind, data))

    house.hub.bind(loop)
    house.hub.listen(listen)
    yield Heard(house, Presence(house), news)
    await house.services.database.dispose()


async def test_what_was_seen_only_grows_and_disturbs_no_turn(heard: Heard) -> None:
    first, second = await heard.say(ME, "1"), await heard.say(ME, "2")
    version = (await heard.talk(ME)).version
    for seq in (second, first, second, 2**31 - 1):
        assert await heard.presence.seen(ME, {"seq": seq}) == {"ok": True}
    talk = await heard.talk(ME)
    assert (talk.customer_seen, talk.version) == (second, version)
    await asyncio.sleep(0.05)
    assert heard.of("seen") == [{"by": "customer", "seq": second}]


async def test_what_others_wrote_cannot_be_seen(heard: Heard) -> None:
    mine = await heard.say(ME, "1")
    theirs = await heard.say(OTHER, "1")
    await heard.presence.seen(ME, {"seq": theirs})
    assert ((await heard.talk(ME)).customer_seen, (await heard.talk(OTHER)).customer_seen) == (mine, 0)


@pytest.mark.parametrize("data", [None, {}, {"seq": "1"}, {"seq": 0}, {"seq": True}, {"seq": 2**31}, {"seq": 1.5}, []])
async def test_what_is_no_number_is_refused(heard: Heard, data: Any) -> None:
    with pytest.raises(BadInput):
        await heard.presence.seen(ME, data)


async def test_typing_is_told_at_most_once_a_second_and_the_last_word_always(heard: Heard) -> None:
    await heard.say(ME, "1")
    for is_on in [True, False] * 20 + [True, False]:
        await heard.presence.typing(ME, {"on": is_on})
    await heard.hears("customer_typing", [{"on": True}])
    await heard.hears("customer_typing", [{"on": True}, {"on": False}])


async def test_who_has_not_written_yet_types_unnoticed(heard: Heard) -> None:
    assert await heard.presence.typing(ME, {"on": True}) == {"ok": True}
    with pytest.raises(BadInput):
        await heard.presence.typing(ME, {"on": "yes"})
    await asyncio.sleep(0.05)
    assert heard.of("customer_typing") == []


async def test_when_nobody_is_there_the_widget_knows_from_when_on(heard: Heard, tmp_path: Path) -> None:
    night = make_house(tmp_path, NIGHT)
    async with night.services.database.session() as session:
        state = await standing.shown(session, night.services, None)
    await night.services.database.dispose()
    assert state["open"] is False
    assert datetime.fromisoformat(state["opens_at"]) == datetime.fromisoformat("2026-03-05T09:00:00+08:00")
