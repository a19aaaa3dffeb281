"""A shop that works at WeChat's own desk: who is handed over there meets no bot, until the session ends."""

from __future__ import annotations

from pathlib import Path

from tests.wechat.fake import User
from tests.wechat.house import Shop, faults, in_time, shop_at

PERSON = "xiaozhou@shop"


async def owned_by(shop: Shop, user: User, owner: str) -> None:
    async def is_so() -> bool:
        return bool((await shop.talk(user))["owner"] == owner)

    await in_time(is_so)


async def test_a_customer_is_handed_to_wechats_desk_and_comes_back(model: Path, tmp_path: Path) -> None:
    async with shop_at(tmp_path, WECHAT_HANDOFF="wechat") as shop:
        desk = shop.wechat.desk
        user = shop.wechat.user("o-handed-over")
        await user.follow()

        await user.says("转人工")  # nobody is there: the customer is told, and waits in our console
        assert [shown.kind for shown in user.new] == ["passive"]
        assert user.openid not in desk.waiting
        await user.says("取消排队")
        await owned_by(shop, user, "bot")

        desk.employ(PERSON)
        push = await user.says("转人工")
        assert push is not None
        assert push.delivered == 1
        assert user.openid in desk.waiting
        desk.begin(user.member, PERSON)
        await owned_by(shop, user, "agent")
        assert await user.says("杯子碎了") is None, "WeChat gives it to the desk"
        desk.says(user.member, "给您补发")

        desk.end(user.member, PERSON)
        await owned_by(shop, user, "bot")
        await user.sees(lambda line: line.kind == "custom")  # told that the assistant is back, unasked
        await user.says("你们包邮吗")
        assert user.new[0].kind == "passive"
        assert "59" in user.new[0].text

        desk.begin(user.member, PERSON)  # somebody steps in; the event that ends it is lost
        await owned_by(shop, user, "agent")
        await shop.write("UPDATE wechat_users SET kf_until = '2026-01-01 00:00:00'")
        await in_time(lambda: _is_with_bot(shop, user), 40)
        assert not faults(shop)
        shop.service.went_well()


async def _is_with_bot(shop: Shop, user: User) -> bool:
    return bool((await shop.talk(user))["owner"] == "bot")
