"""From following to a ticket, to people and back, however slow the bot is and whatever the account may do.

Time is scaled as in test_slow.py; with TEST_LONG it is WeChat's own: attempts are cut after five seconds.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.wechat.fake import User
from tests.wechat.fake.account import Kind
from tests.wechat.house import Shop, in_time, picture, shop_at, texts
from tests.wechat.test_slow import all_is_said_once

IS_LONG = "TEST_LONG" in os.environ
SCALE = 1.0 if IS_LONG else 0.3
CUT, PATIENCE = 5.0 * SCALE, 4.0 * SCALE
SHORT: list[tuple[Kind, float]] = [("verified_service", 6), ("unverified", 6), ("verified_service", 20)]
LONG: list[tuple[Kind, float]] = [(kind, turn) for kind in ("verified_service", "unverified") for turn in (4, 6, 20)]
FETCH = "随便回个字"


async def lines_of_bot(shop: Shop, user: User) -> list[str]:
    return [line["text"] for line in (await shop.talk(user))["messages"] if line["role"] == "bot"]


async def answered(shop: Shop, user: User, before: int, patience: float) -> None:
    """Wait until the bot has said more than before and the user has read all of it, fetching where WeChat asks to."""

    async def is_read() -> bool:
        said = await lines_of_bot(shop, user)
        if len(said) <= before:
            return False
        if all(line in "\n".join(texts(user)) for line in said):
            return True
        if FETCH in texts(user)[-1]:
            await user.says("好")
        return False

    await in_time(is_read, patience)


@pytest.mark.parametrize(("kind", "turn"), LONG if IS_LONG else SHORT)
async def test_a_claim_with_a_picture_then_people_and_back(
    model: Path, tmp_path: Path, kind: Kind, turn: float
) -> None:
    slow = {"WECHAT_PATIENCE": str(PATIENCE), "SLOW_TURNS": str(turn * SCALE)}
    async with shop_at(tmp_path, kind, CUT, **slow) as shop:
        user = shop.wechat.user("o-whole-way")
        await user.follow()
        await shop.bind(user, "cust-001")
        patience = 3 * turn * SCALE + 20
        for line in ("收到的马克杯碎了", "两个都碎了", None, "补发", "对的"):
            before = len(await lines_of_bot(shop, user))
            if line is None:
                await user.sends_picture(picture())
            else:
                await user.says(line)
            await answered(shop, user, before, patience)
        [ticket] = await shop.client.tickets(user.openid)
        assert (ticket["type"], ticket["evidence_count"]) == ("reship", 1), texts(user)
        assert ticket["id"] in "\n".join(texts(user))

        before = len(await lines_of_bot(shop, user))
        await user.says("转人工")
        await answered(shop, user, before, patience)
        await shop.agent(user, "accept")
        await shop.agent(user, "messages", text="我是小周，这单我来跟", client_id="1")
        await user.says("在吗")
        await user.sees("我是小周，这单我来跟", timeout=patience)
        await shop.agent(user, "return")
        before = len(await lines_of_bot(shop, user))
        await user.says("你们包邮吗")
        await answered(shop, user, before, patience)
        await all_is_said_once(shop, user)
        if kind == "unverified":
            assert not shop.wechat.called("/cgi-bin/message/custom/send")
        shop.service.went_well()
