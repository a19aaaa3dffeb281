"""A customer's way through an official account: answered, helped by the bot and by people, in order and once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.service import Service, free_port
from tests.wechat.house import Shop, faults, service_for, texts, wechat_for

PORT = free_port()


@pytest.fixture(scope="module")
def service(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    made = service_for(tmp_path_factory.mktemp("wechat"), PORT)
    made.start()
    try:
        asyncio.new_event_loop().run_until_complete(made.ready())
        yield made
        assert made.terminate() == 0
        made.went_well()
    finally:
        made.stop()


@pytest.fixture
async def shop(service: Service) -> AsyncIterator[Shop]:
    async with wechat_for(service, PORT) as made:
        yield made
        assert not faults(made)


async def test_who_follows_is_greeted_in_the_reply(shop: Shop) -> None:
    user = shop.wechat.user("o-follows")
    push = await user.follow()
    assert push.delivered == 1
    assert len(texts(user)) == 1


async def test_a_question_is_answered_in_the_reply_and_only_there(shop: Shop) -> None:
    user = shop.wechat.user("o-asks")
    await user.follow()
    await user.says("你们包邮吗")
    assert [shown.kind for shown in user.new] == ["passive"]
    assert (await shop.said(user))[-1] in user.new[0].text
