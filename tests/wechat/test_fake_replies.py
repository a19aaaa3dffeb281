"""Signatures, encryption and passive replies at the fake WeChat."""

from __future__ import annotations

import time

import pytest

from tests.wechat.callback import Received, Scene, scene
from tests.wechat.fake import Account, Mode

MODES = list(Mode)


@pytest.mark.parametrize("mode", MODES)
async def test_a_text_is_pushed_and_its_reply_shown(mode: Mode) -> None:
    async with scene(account=Account(mode=mode)) as here:
        user = here.wechat.user("o-lin")
        await user.follow()

        async def answer(received: Received) -> str:
            return here.callback.text(received, "收到 <b>&amp;")

        here.callback.answer = answer
        push = await user.says("杯子碎了 <b>&]]></b>")
        assert push is not None
        assert here.callback.received[-1].fields["Content"] == "杯子碎了 <b>&]]></b>"
        assert [(shown.kind, shown.text) for shown in user.screen] == [("passive", "收到 <b>&amp;")]
        assert push.delivered == 1
        assert here.wechat.problems == []


@pytest.mark.parametrize("mode", MODES)
async def test_each_mode_writes_pushes_in_its_own_way(mode: Mode) -> None:
    async with scene(account=Account(mode=mode)) as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        await user.says("hello")
        got = here.callback.received[-1]
        assert ("Content" in got.outer, "Encrypt" in got.outer) == (mode is not Mode.SAFE, mode is not Mode.PLAIN)
        assert got.query.get("encrypt_type") == (None if mode is Mode.PLAIN else "aes")
        assert got.query["openid"] == "o-lin"
        assert got.fields["Content"] == "hello"
        assert abs(int(got.query["timestamp"]) - time.time()) < 5


@pytest.mark.parametrize("body", ["success", ""])
async def test_an_acknowledgement_shows_nothing(body: str) -> None:
    async def answer(received: Received) -> str:
        return body

    async with scene(answer) as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        push = await user.says("hello")
        assert push is not None
        assert push.attempts[0].outcome == "acknowledged"
        assert user.screen == []
        assert here.wechat.problems == []


@pytest.mark.parametrize(
    "body",
    [
        '{"text": "hello"}',
        "hello",
        "<xml><Content>half",
        "<!DOCTYPE xml><xml><MsgType>text</MsgType></xml>",
        "<html><body>502</body></html>",
        "success\n",
    ],
)
async def test_what_is_no_reply_is_shown_as_out_of_order(body: str) -> None:
    async def answer(received: Received) -> str:
        return body

    async with scene(answer, account=Account(mode=Mode.PLAIN)) as here:
        user = here.wechat.user("o-lin")
        user.member.follows = True
        push = await user.says("hello")
        assert push is not None
        assert [attempt.outcome for attempt in push.attempts] == ["unreadable"]
        assert [shown.kind for shown in user.screen] == ["fault"]


async def test_a_clear_reply_is_refused_in_safe_mode_and_taken_in_compat_mode() -> None:
    for mode, kind in ((Mode.SAFE, "fault"), (Mode.COMPAT, "passive")):
        async with scene(account=Account(mode=mode)) as here:
            user = here.wechat.user("o-lin")
            user.member.follows = True

            async def answer(received: Received, here: Scene = here) -> str:
                return here.callback.text(received, "hello", clear=True)

            here.callback.answer = answer
            await user.says("hello")
            assert [shown.kind for shown in user.screen] == [kind]


async def test_a_reply_with_a_wrong_signature_is_refused() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        user.member.follows = True

        async def answer(received: Received) -> str:
            return here.callback.text(received, "hello").replace("<TimeStamp>", "<TimeStamp>1")

        here.callback.answer = answer
        await user.says("hello")
        assert [shown.kind for shown in user.screen] == ["fault"]
        assert "MsgSignature" in here.wechat.problems[0]


async def test_a_reply_for_another_appid_is_refused() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        user.member.follows = True

        async def answer(received: Received) -> str:
            here.callback.account = Account(appid="wx0000000000000000")
            return here.callback.text(received, "hello")

        here.callback.answer = answer
        await user.says("hello")
        assert [shown.kind for shown in user.screen] == ["fault"]
        assert "appid" in here.wechat.problems[0]


async def test_a_reply_longer_than_2048_bytes_or_to_somebody_else_is_refused() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        user.member.follows = True
        text = "字" * 682 + "ab"

        async def answer(received: Received) -> str:
            return here.callback.text(received, text)

        here.callback.answer = answer
        await user.says("hello")
        assert user.new[0].text == text
        text += "c"
        await user.says("hello")
        assert [shown.kind for shown in user.new] == ["fault"]

        async def astray(received: Received) -> str:
            return here.callback.text(received, "hello").replace("o-lin", "o-zhou")

        here.wechat.account.mode = Mode.PLAIN
        here.callback.answer = astray
        await user.says("hello")
        assert [shown.kind for shown in user.new] == ["fault"]
