"""Customer-service messages of the fake WeChat: who may be written to, how often, and what."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.wechat.callback import Scene, scene, still
from tests.wechat.fake import Account

SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/typing"
JPEG = b"\xff\xd8\xff\xe0 a picture"


async def codes(here: Scene, count: int, openid: str = "o-lin") -> list[int]:
    """The errcodes of so many texts."""
    return [await here.api.send(openid, f"line {number}") for number in range(count)]


async def test_five_messages_may_follow_a_message_within_48_hours() -> None:
    async with scene(clock=still()) as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        await here.later(60)
        assert await codes(here, 1) == [45015]
        await user.says("hello")
        assert await codes(here, 6) == [0, 0, 0, 0, 0, 45047]
        assert [shown.text for shown in user.new] == [f"line {number}" for number in range(5)]
        assert {shown.kind for shown in user.new} == {"custom"}
        await user.says("hello")
        await here.later(48 * 3600 - 1)
        assert await codes(here, 1) == [0]
        await here.later(1)
        assert await codes(here, 1) == [45015]


@pytest.mark.parametrize("action", ["menu", "follow", "scan", "choice"])
async def test_three_messages_may_follow_a_click_a_scan_or_the_begin_within_a_minute(action: str) -> None:
    async with scene(clock=still()) as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        if action == "choice":
            menu = {"head_content": "好吗", "list": [{"id": "1", "content": "好"}], "tail_content": ""}
            assert (await here.api.post(SEND, {"touser": "o-lin", "msgtype": "msgmenu", "msgmenu": menu}))[
                "errcode"
            ] == 0
        await here.later(61)
        if action == "menu":
            await user.clicks("MY_ORDERS")
        elif action == "follow":
            await user.unfollow()
            await user.follow()
        elif action == "scan":
            body = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "door"}}}
            await user.scans((await here.api.post("/cgi-bin/qrcode/create", body))["ticket"])
        else:
            await user.chooses("好")
            assert here.callback.received[-1].fields["bizmsgmenuid"] == "1"
        assert await codes(here, 4) == [0, 0, 0, 45047]
        await here.later(60)
        assert await codes(here, 1) == [45015]


async def test_rights_to_send_do_not_add_up() -> None:
    async with scene(clock=still()) as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        await user.says("hello")
        await user.clicks("MY_ORDERS")
        assert await codes(here, 6) == [0, 0, 0, 0, 0, 45047]
        await user.clicks("MY_ORDERS")
        assert await codes(here, 4) == [0, 0, 0, 45047]


async def test_a_page_opened_from_the_menu_gives_no_right_to_send() -> None:
    async with scene(clock=still()) as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        await here.later(60)
        await user.views("https://example.com/")
        assert await codes(here, 1) == [45015]


async def test_strangers_and_those_who_left_are_refused() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        assert await codes(here, 1, "o-nobody") == [40003]
        assert await codes(here, 1) == [43004]
        await user.follow()
        await user.says("hello")
        await user.unfollow()
        assert await codes(here, 1) == [43004]
        await user.follow()
        assert await codes(here, 4) == [0, 0, 0, 45047]


@pytest.mark.parametrize(
    ("text", "errcode"), [("", 44004), ("字" * 682 + "ab", 0), ("字" * 682 + "abc", 45002), ("a" * 2049, 45002)]
)
async def test_texts_are_neither_empty_nor_longer_than_2048_bytes(text: str, errcode: int) -> None:
    async with scene() as here:
        await here.wechat.user("o-lin").follow()
        assert await here.api.send("o-lin", text) == errcode


async def test_escaped_characters_in_the_body_are_refused() -> None:
    async with scene() as here:
        await here.wechat.user("o-lin").follow()
        body = {"touser": "o-lin", "msgtype": "text", "text": {"content": "您好"}}
        assert (await here.api.post(SEND, json.dumps(body).encode()))["errcode"] == 40033
        body["text"] = {"content": r"a path: C:\u0041"}
        assert (await here.api.post(SEND, body))["errcode"] == 0


@pytest.mark.parametrize(
    ("kind", "content", "errcode"),
    [
        ("Text", {"content": "hello"}, 40008),
        ("text", None, 47001),
        ("image", {"media_id": "none"}, 40007),
        ("news", {"articles": [{"title": "a"}, {"title": "b"}]}, 45008),
        ("news", {"articles": [{"title": "a", "url": "https://example.com/"}]}, 0),
        ("msgmenu", {"head_content": "a", "list": []}, 47001),
    ],
)
async def test_other_kinds_are_checked_too(kind: str, content: Any, errcode: int) -> None:
    async with scene() as here:
        await here.wechat.user("o-lin").follow()
        body = {"touser": "o-lin", "msgtype": kind, kind: content}
        assert (await here.api.post(SEND, body))["errcode"] == errcode


async def test_what_is_refused_is_not_counted() -> None:
    async with scene(clock=still()) as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        await user.says("hello")
        for _ in range(3):
            assert await here.api.send("o-lin", "") == 44004
        assert await codes(here, 5) == [0] * 5


async def test_an_account_that_is_not_verified_may_only_reply() -> None:
    async with scene(account=Account(kind="unverified")) as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        await user.says("hello")
        assert await codes(here, 1) == [48001]
        assert (await here.api.post(TYPING, {"touser": "o-lin", "command": "Typing"}))["errcode"] == 48001
        assert (await here.api.get("/cgi-bin/menu/get"))["errcode"] == 48001


async def test_typing_is_shown_for_15_seconds_and_ended_by_a_message() -> None:
    async with scene(clock=still()) as here:
        user = here.wechat.user("o-lin")
        await user.follow()

        async def typing(command: str = "Typing") -> int:
            return int((await here.api.post(TYPING, {"touser": "o-lin", "command": command}))["errcode"])

        assert [await typing("typing"), await typing(), await typing()] == [45072, 0, 45081]
        assert user.typing
        await here.later(15)
        assert not user.typing
        assert await typing() == 0
        assert await codes(here, 1) == [0]
        assert not user.typing
        assert [await typing(), await typing("CancelTyping")] == [0, 0]
        assert not user.typing
        await here.later(16)
        assert await typing() == 45080


async def test_messages_in_the_name_of_a_person_need_that_person() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        body = {"touser": "o-lin", "msgtype": "text", "text": {"content": "hello"}}
        body["customservice"] = {"kf_account": "kf1@fake"}
        assert (await here.api.post(SEND, body))["errcode"] == 61452
        here.wechat.desk.employ("kf1@fake")
        assert (await here.api.post(SEND, body))["errcode"] == 0
        assert user.screen[-1].account == "kf1@fake"
