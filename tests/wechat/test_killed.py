"""The process is killed between acknowledgement and answer, or while it sends: nothing is lost or said twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.channels.wechat.delivery.claims import LEASE
from tests.wechat.house import faults, in_time, shop_at, texts

PATIENCE = "1.2"
CUT = 1.5


async def test_what_was_acknowledged_is_answered_after_a_kill(model: Path, tmp_path: Path) -> None:
    async with shop_at(tmp_path, cut=CUT, WECHAT_PATIENCE=PATIENCE, SLOW_TURNS="4") as shop:
        user = shop.wechat.user("o-killed")
        await user.follow()
        push = await user.says("你们包邮吗")
        assert push is not None
        assert push.attempts[-1].outcome == "acknowledged"
        shop.service.kill()
        await shop.restart()
        await user.sees("59", timeout=30)
        again = await shop.wechat.repeat(push)
        assert again.attempts[-1].outcome == "acknowledged"
        assert sum("59" in text for text in texts(user)) == 1
        assert not faults(shop)
        assert set(await shop.outbox()) == {"sent"}

        # Killed while it sends: WeChat has the message, and we never learn of it.
        shop.wechat.faults.delay("/cgi-bin/message/custom/send", 5.0)
        await user.says("发什么快递")
        shown = await user.sees(lambda line: line.kind == "custom", timeout=30)
        shop.service.kill()
        await shop.restart()

        async def is_marked() -> bool:
            return bool((await shop.talk(user))["undelivered"])

        await in_time(is_marked, LEASE.total_seconds() + 20)
        await asyncio.sleep(2)  # time in which it could be sent again
        assert sum(line.text == shown.text for line in user.screen) == 1
        assert (await shop.outbox())[-1] == "unknown"
