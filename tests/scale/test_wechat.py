"""Two services behind one WeChat account, on one PostgreSQL: what one knows, the other does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from tests.service import free_port
from tests.wechat.house import faults, service_for, texts, wechat_for


async def test_two_nodes_share_what_came_what_may_be_sent_and_what_is_refused(
    model: Path, tmp_path: Path, seeded_postgres: Callable[[], str]
) -> None:
    url, port = seeded_postgres(), free_port()
    nodes = [service_for(tmp_path / str(number), port, DATABASE_URL=url) for number in range(2)]
    for node in nodes:
        node.start()
    try:
        for node in nodes:
            await node.ready()
        async with wechat_for(nodes[0], port) as shop:
            pusher = shop.wechat.world.pusher
            first, second = (f"{node.url}/wechat" for node in nodes)
            user = shop.wechat.user("o-two-nodes")
            await user.follow()
            push = await user.says("你们包邮吗")
            assert push is not None
            assert [shown.kind for shown in user.new] == ["passive"]

            pusher.callback = second  # the same again, at the other node
            again = await shop.wechat.repeat(push)
            assert again.attempts[-1].outcome == "acknowledged"
            query = {name: push.attempts[0].query[name] for name in ("signature", "timestamp", "nonce")}
            closed, body = pusher._envelope.close({**push.fields, "MsgId": 1, "Content": "转人工"}, query)
            async with shop.client.session.post(second, params=closed, data=body) as answer:
                assert answer.status == 403

            await user.says("转人工")  # at the second; people work at the first
            await shop.agent(user, "accept")
            for number in range(8):
                await shop.agent(user, "messages", text=f"第{number}句话", client_id=str(number))
                await asyncio.sleep(0.3)

            async def waits() -> bool:
                return bool((await shop.talk(user))["undelivered"])

            while not await waits():
                await asyncio.sleep(0.1)
            pusher.callback = first
            await user.says("在吗")
            await user.sees("第7句话")
            screen = "\n".join(texts(user))
            assert [screen.count(f"第{number}句话") for number in range(8)] == [1] * 8
            places = [screen.index(f"第{number}句话") for number in range(8)]
            assert places == sorted(places)
            codes = [call.errcode for call in shop.wechat.called("/cgi-bin/message/custom/send")]
            assert set(codes) == {0}, "the quota was kept by both together"
            assert not faults(shop)
        for node in nodes:
            assert node.terminate() == 0
            node.went_well()
    finally:
        for node in nodes:
            node.stop()
