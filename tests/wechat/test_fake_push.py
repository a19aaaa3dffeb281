"""The push side of the fake WeChat: five seconds, three attempts, and what the user sees of it."""

from __future__ import annotations

import asyncio
import time

import pytest
from aiohttp import web

from tests.wechat.callback import FAST, Answer, Received, Scene, scene


def slow(here: Scene, waits: list[float]) -> Answer:
    """Answers with the number of the attempt, each after its own wait."""

    async def answer(received: Received) -> str:
        number = len(here.callback.received)
        await asyncio.sleep(waits[number - 1])
        return here.callback.text(received, f"attempt {number}")

    return answer


async def test_signatures_keep_the_true_time_when_days_are_jumped() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        await here.wechat.jump(3 * 86_400)
        await user.says("hello")
        got = here.callback.received[-1]
        assert abs(int(got.query["timestamp"]) - time.time()) < 5
        assert int(got.fields["CreateTime"]) - time.time() > 2 * 86_400


async def test_the_connection_is_cut_and_the_same_message_pushed_again() -> None:
    """The first two answers come too late; the third is seen."""
    async with scene(cut=FAST) as here:
        user = here.wechat.user("o-lin")
        user.member.follows = True
        here.callback.answer = slow(here, [5.0, 5.0, 0.0])
        push = await user.says("hello")
        assert push is not None
        assert [attempt.outcome for attempt in push.attempts] == ["timeout", "timeout", "answered"]
        assert all(FAST <= attempt.seconds < FAST + 2 for attempt in push.attempts[:2])
        assert len({received.fields["MsgId"] for received in here.callback.received}) == 1
        assert push.delivered == 3
        assert [(shown.text, shown.attempt) for shown in user.screen] == [("attempt 3", 3)]
        assert len({received.query["nonce"] for received in here.callback.received}) == 3


async def test_attempts_may_carry_the_signature_of_the_first() -> None:
    async with scene(cut=FAST) as here:
        here.wechat.world.pusher.repeats_signature = True
        user = here.wechat.user("o-lin")
        user.member.follows = True
        here.callback.answer = slow(here, [5.0, 0.0])
        await user.says("hello")
        assert len({received.query["nonce"] for received in here.callback.received}) == 1


async def test_three_cut_attempts_are_shown_as_out_of_order_once() -> None:
    async with scene(cut=FAST) as here:
        user = here.wechat.user("o-lin")
        user.member.follows = True
        here.callback.answer = slow(here, [5.0] * 3)
        push = await user.says("hello")
        assert push is not None
        assert len(push.attempts) == 3
        assert push.delivered is None
        assert [shown.kind for shown in user.screen] == ["fault"]
        assert len(here.wechat.problems) == 3


async def test_the_real_cut_comes_after_five_seconds() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        user.member.follows = True
        here.callback.answer = slow(here, [8.0, 0.0])
        push = await user.says("hello")
        assert push is not None
        assert 5.0 <= push.attempts[0].seconds < 6.5
        assert push.delivered == 2


async def test_a_status_other_than_200_is_tried_again() -> None:
    async def answer(received: Received) -> web.Response:
        return web.Response(status=500)

    async with scene(answer) as here:
        user = here.wechat.user("o-lin")
        user.member.follows = True
        push = await user.says("hello")
        assert push is not None
        assert [attempt.status for attempt in push.attempts] == [500, 500, 500]
        assert [shown.kind for shown in user.screen] == ["fault"]


async def test_nobody_at_the_callback_is_shown_as_out_of_order() -> None:
    async with scene() as here:
        here.wechat.callback = "http://127.0.0.1:9/wechat"
        user = here.wechat.user("o-lin")
        user.member.follows = True
        push = await user.says("hello")
        assert push is not None
        assert {attempt.outcome for attempt in push.attempts} == {"unreachable"}
        assert [shown.kind for shown in user.screen] == ["fault"]


async def test_all_kinds_of_messages_and_events_arrive() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        await user.sends_picture(b"\xff\xd8\xff\xe0 a picture")
        await user.sends_voice()
        await user.sends_video(b"\0\0\0\x18ftypmp42")
        await user.sends_location(31.2304, 121.4737, "上海市")
        await user.sends_link("标题", "https://example.com/?a=1&b=2")
        await user.sends_card("订单", "wx0123456789abcdef", "pages/order")
        await user.clicks("MY_ORDERS")
        await user.views("https://example.com/")
        await user.reports_location(31.2304, 121.4737)
        await user.causes("some_future_event", {"EventKey": ""})
        await user.unfollow()
        fields = [received.fields for received in here.callback.received]
        messages = [each for each in fields if each["MsgType"] != "event"]
        kinds = ["image", "voice", "video", "location", "link", "miniprogrampage"]
        assert [each["MsgType"] for each in messages] == kinds
        assert messages[1]["MediaId16K"]
        assert messages[3]["Location_X"] == "31.2304"
        assert messages[4]["Url"] == "https://example.com/?a=1&b=2"
        assert len({each["MsgId"] for each in messages}) == 6
        events = ["subscribe", "CLICK", "VIEW", "LOCATION", "some_future_event", "unsubscribe"]
        assert here.callback.events == events
        assert here.wechat.problems == []


async def test_somebody_who_does_not_follow_cannot_write() -> None:
    async with scene() as here:
        with pytest.raises(RuntimeError):
            await here.wechat.user("o-lin").says("hello")


async def test_two_users_may_write_under_one_message_id() -> None:
    async with scene() as here:
        users = [here.wechat.user(openid) for openid in ("o-lin", "o-zhou")]
        for user in users:
            await user.follow()
            await user.says("hello", msg_id="7250021412600020992")
        messages = [each.fields for each in here.callback.received if each.fields["MsgType"] == "text"]
        assert {each["MsgId"] for each in messages} == {"7250021412600020992"}
        assert {each["FromUserName"] for each in messages} == {"o-lin", "o-zhou"}


async def test_many_users_at_once_each_see_their_own_answer() -> None:
    async with scene() as here:

        async def answer(received: Received) -> str:
            if received.fields["MsgType"] == "event":
                return "success"
            return here.callback.text(received, f"to {received.sender}: {received.fields['Content']}")

        here.callback.answer = answer
        users = [here.wechat.user(f"o-{number}") for number in range(30)]
        await asyncio.gather(*(user.follow() for user in users))
        await asyncio.gather(*(user.says(f"line {number}") for user in users for number in range(3)))
        for user in users:
            assert sorted(shown.text for shown in user.screen) == [f"to {user.openid}: line {n}" for n in range(3)]
        assert here.wechat.problems == []


async def test_a_push_under_way_ends_with_the_server() -> None:
    async def answer(received: Received) -> str:
        await asyncio.sleep(30)
        return "success"

    async with scene(answer) as here:
        user = here.wechat.user("o-lin")
        user.member.follows = True
        saying = asyncio.ensure_future(user.says("hello"))
        while not here.callback.received:
            await here.wechat.world.state.bell.wait(0.05)
        await here.wechat.stop()
        push = await asyncio.wait_for(saying, 10)
        assert push is not None
        assert {attempt.outcome for attempt in push.attempts} == {"unreachable"}


async def test_an_answered_message_may_be_pushed_again() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        push = await user.says("hello")
        assert push is not None
        await here.wechat.repeat(push)
        first, second = here.callback.received[-2:]
        assert first.fields == second.fields


async def test_the_callback_is_checked_by_an_echo() -> None:
    async with scene() as here:
        assert await here.wechat.verify() == ""
        here.wechat.callback += "/nowhere"
        assert await here.wechat.verify() == "HTTP 404"


async def test_waiting_for_what_does_not_come_tells_what_came() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        await here.api.send("o-lin", "something else")
        with pytest.raises(AssertionError, match="something else"):
            await user.sees("hello", timeout=0.1)
