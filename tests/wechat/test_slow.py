"""The bot is slower than WeChat waits: each message is answered exactly once all the same, and nothing looks broken.

Time is scaled: attempts are cut after CUT seconds in place of five.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wechat.fake import User
from tests.wechat.fake.account import Kind
from tests.wechat.house import Shop, faults, in_time, shop_at, texts

CUT, PATIENCE = 1.5, 1.2
QUESTIONS = ("你们包邮吗", "发什么快递", "能开发票吗")
SIX, TWENTY = 1.8, 6.0
"""Seconds of a turn that stand for 6 and 20."""


def settings_for(turn: float) -> dict[str, str]:
    return {"WECHAT_PATIENCE": str(PATIENCE), "SLOW_TURNS": str(turn)}


async def all_is_said_once(shop: Shop, user: User) -> None:
    """Each line of the house stands on the screen once, in order; WeChat refused nothing and told of no fault."""
    said = await shop.said(user)
    screen = "\n".join(texts(user))
    assert [screen.count(line) for line in said] == [1] * len(said), texts(user)
    assert sorted(said, key=screen.index) == said
    assert not faults(shop)
    assert {call.errcode for call in shop.wechat.called("/cgi-bin/message/custom/send")} <= {0}

    async def is_settled() -> bool:
        return set(await shop.outbox()) == {"sent"}

    await in_time(is_settled)


async def answers(shop: Shop, user: User) -> int:
    return len([line for line in (await shop.talk(user))["messages"] if line["role"] == "bot"])


@pytest.mark.parametrize("turn", [SIX, TWENTY])
async def test_an_account_that_may_send_acknowledges_and_sends_later(model: Path, tmp_path: Path, turn: float) -> None:
    async with shop_at(tmp_path, cut=CUT, **settings_for(turn)) as shop:
        user = shop.wechat.user("o-slow")
        await user.follow()
        for question in QUESTIONS:
            push = await user.says(question)
            assert push is not None
            assert [attempt.outcome for attempt in push.attempts] == ["acknowledged"]
            await user.sees(lambda shown: shown.kind == "custom", timeout=turn + 15)
        assert {call.errcode for call in shop.wechat.called("/cgi-bin/message/custom/typing")} == {0}
        await all_is_said_once(shop, user)
        shop.service.went_well()


async def test_questions_in_a_row_are_answered_in_order(model: Path, tmp_path: Path) -> None:
    async with shop_at(tmp_path, cut=CUT, **settings_for(SIX)) as shop:
        user = shop.wechat.user("o-hurries")
        await user.follow()
        for question in QUESTIONS:
            await user.says(question)

        async def is_through() -> bool:
            return await answers(shop, user) >= 4 and set(await shop.outbox()) == {"sent"}

        await in_time(is_through, 30)
        await all_is_said_once(shop, user)


@pytest.mark.parametrize("kind", ["unverified"])
async def test_attempts_join_the_turn_where_nothing_can_be_sent(model: Path, tmp_path: Path, kind: Kind) -> None:
    """The second attempt carries what was not ready in the first."""
    async with shop_at(tmp_path, kind, CUT, **settings_for(SIX)) as shop:
        user = shop.wechat.user("o-waits")
        await user.follow()
        for question in QUESTIONS:
            push = await user.says(question)
            assert push is not None
            assert push.delivered == 2
            assert [shown.kind for shown in user.new] == ["passive"]
        await all_is_said_once(shop, user)
        assert not shop.wechat.called("/cgi-bin/message/custom/send")
        shop.service.went_well()


async def test_what_takes_too_long_for_all_attempts_is_fetched_by_the_next_word(model: Path, tmp_path: Path) -> None:
    async with shop_at(tmp_path, "unverified", CUT, **settings_for(TWENTY)) as shop:
        user = shop.wechat.user("o-fetches")
        await user.follow()
        push = await user.says(QUESTIONS[0])
        assert push is not None
        assert push.delivered == 3
        assert "随便回个字" in user.new[0].text
        await user.says("好")
        assert [shown.kind for shown in user.new] == ["passive"]
        assert "59" in user.new[0].text
        written = [line for line in (await shop.talk(user))["messages"] if line["role"] == "customer"]
        assert len(written) == 2
        assert await answers(shop, user) == 2, "what only fetches is not answered"
        await all_is_said_once(shop, user)


async def test_a_persons_words_are_marked_until_the_customer_writes(model: Path, tmp_path: Path) -> None:
    async with shop_at(tmp_path, "unverified") as shop:
        user = shop.wechat.user("o-unverified-people")
        await user.follow()
        await user.says("转人工")
        await shop.agent(user, "accept")
        await shop.agent(user, "messages", text="您的单子我看到了", client_id="1")

        async def is_marked() -> bool:
            return (await shop.talk(user))["undelivered"] == 2

        await in_time(is_marked)
        await user.says("在吗")
        assert [shown.kind for shown in user.new] == ["passive"]
        assert "您的单子我看到了" in user.new[0].text
        await all_is_said_once(shop, user)
        assert not shop.wechat.called("/cgi-bin/message/custom/send")
