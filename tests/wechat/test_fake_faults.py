"""What goes wrong on the way to the API of the fake WeChat, when it is told to."""

from __future__ import annotations

import json
import time

import aiohttp
import pytest

from tests.wechat.callback import scene

SEND = "/cgi-bin/message/custom/send"


async def test_the_next_calls_fail_with_an_errcode() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        here.wechat.faults.fail(SEND, -1, times=2)
        assert [await here.api.send("o-lin", "hello") for _ in range(3)] == [-1, -1, 0]
        assert len(user.screen) == 1
        calls = here.wechat.called(SEND)
        assert [(call.errcode, call.fault) for call in calls] == [(-1, "errcode"), (-1, "errcode"), (0, "")]
        assert calls[0].body["text"] == {"content": "hello"}


async def test_an_answer_may_be_lost_after_the_message_was_sent() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        here.wechat.faults.lose_answer(SEND)
        with pytest.raises(aiohttp.ClientError):
            await here.api.send("o-lin", "hello")
        assert [shown.text for shown in user.screen] == ["hello"]


async def test_a_request_may_be_lost_before_anything_is_done() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        here.wechat.faults.lose_request(SEND)
        with pytest.raises(aiohttp.ClientError):
            await here.api.send("o-lin", "hello")
        assert user.screen == []
        assert await here.api.send("o-lin", "hello") == 0


async def test_an_answer_may_be_late_though_the_message_is_there() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        here.wechat.faults.delay(SEND, 0.3)
        began = time.monotonic()
        assert await here.api.send("o-lin", "hello") == 0
        assert time.monotonic() - began >= 0.3
        assert len(user.screen) == 1


async def test_a_status_or_a_page_may_come_instead_of_json() -> None:
    async with scene() as here:
        here.wechat.faults.status("*", 502)
        here.wechat.faults.garbage("*")
        for status in (502, 200):
            async with here.api.session.get(here.wechat.address + "/cgi-bin/getcallbackip") as answer:
                assert answer.status == status
                with pytest.raises(json.JSONDecodeError):
                    json.loads(await answer.text() or "-")


async def test_faults_can_be_taken_back() -> None:
    async with scene() as here:
        here.wechat.faults.fail("*", 45009, times=100)
        assert (await here.api.get("/cgi-bin/getcallbackip"))["errcode"] == 45009
        here.wechat.faults.clear()
        assert "ip_list" in await here.api.get("/cgi-bin/getcallbackip")
