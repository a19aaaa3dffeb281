"""Media of the fake WeChat."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import pytest

from tests.wechat.callback import Received, Scene, scene, still

JPEG = b"\xff\xd8\xff\xe0 a picture"
DAY = 86_400


async def upload(here: Scene, kind: str, content: bytes, name: str = "media") -> dict[str, Any]:
    """What an upload answers."""
    form = aiohttp.FormData()
    form.add_field(name, io.BytesIO(content), filename="a.jpg")
    address = f"{here.wechat.address}/cgi-bin/media/upload"
    query = {"access_token": here.api.token, "type": kind}
    async with here.api.session.post(address, params=query, data=form) as answer:
        told: dict[str, Any] = await answer.json(content_type=None)
        return told


async def download(here: Scene, media_id: str) -> tuple[str, bytes]:
    """Type and content of what a download answers."""
    query = {"access_token": here.api.token, "media_id": media_id}
    async with here.api.session.get(f"{here.wechat.address}/cgi-bin/media/get", params=query) as answer:
        return answer.content_type, await answer.read()


async def test_a_picture_of_a_user_can_be_fetched_for_three_days() -> None:
    async with scene(clock=still()) as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        await user.sends_picture(JPEG)
        fields = here.callback.received[-1].fields
        assert await download(here, fields["MediaId"]) == ("image/jpeg", JPEG)
        async with here.api.session.get(fields["PicUrl"]) as answer:
            assert await answer.read() == JPEG
        await here.later(3 * DAY - 1)
        assert await download(here, fields["MediaId"]) == ("image/jpeg", JPEG)
        await here.later(1)
        kind, told = await download(here, fields["MediaId"])
        assert kind == "application/json"
        assert b'"errcode": 40007' in told


async def test_an_uploaded_picture_can_be_sent_until_it_expires() -> None:
    async with scene(clock=still()) as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        told = await upload(here, "image", JPEG)
        assert (told["type"], told["created_at"]) == ("image", 1_772_607_600)
        image = {"touser": "o-lin", "msgtype": "image", "image": {"media_id": told["media_id"]}}
        voice = {"touser": "o-lin", "msgtype": "voice", "voice": {"media_id": told["media_id"]}}
        send = "/cgi-bin/message/custom/send"
        assert (await here.api.post(send, image))["errcode"] == 0
        assert user.screen[-1].content["media_id"] == told["media_id"]
        assert (await here.api.post(send, voice))["errcode"] == 40007
        await here.later(3 * DAY)
        await user.says("hello")
        assert (await here.api.post(send, image))["errcode"] == 40007


async def test_a_passive_picture_needs_a_good_media_id() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        user.member.follows = True
        media_id = (await upload(here, "image", JPEG))["media_id"]

        async def answer(received: Received) -> str:
            text = here.callback.text(received, "", clear=True)
            picture = f"<Image><MediaId>{media_id}</MediaId></Image></xml>"
            return text.replace("<![CDATA[text]]>", "image").replace("</xml>", picture)

        here.callback.answer = answer
        here.wechat.account.mode = type(here.wechat.account.mode).PLAIN
        await user.says("hello")
        assert [(shown.kind, shown.type) for shown in user.new] == [("passive", "image")]
        media_id = "gone"
        await user.says("hello")
        assert [shown.kind for shown in user.new] == ["fault"]
        assert "40007" in here.wechat.problems[-1]


@pytest.mark.parametrize(
    ("kind", "start", "size", "errcode"),
    [
        ("file", JPEG, 0, 40004),
        ("image", b"", 0, 44001),
        ("image", b"GIF89a", 0, 0),
        ("image", b"<svg/>", 0, 40005),
        ("image", JPEG, 10 << 20, 40009),
        ("voice", JPEG, 0, 40005),
        ("voice", b"#!AMR\n", 0, 0),
        ("voice", b"#!AMR\n", 2 << 20, 40010),
        ("video", b"\0\0\0\x18ftypmp42", 0, 0),
        ("thumb", JPEG, 64 << 10, 40012),
    ],
)
async def test_uploads_are_checked_by_type_size_and_format(kind: str, start: bytes, size: int, errcode: int) -> None:
    async with scene() as here:
        assert (await upload(here, kind, start + bytes(size))).get("errcode", 0) == errcode


async def test_an_upload_without_a_file_is_refused() -> None:
    async with scene() as here:
        assert (await upload(here, "image", JPEG, name="picture"))["errcode"] == 41005


async def test_of_a_video_the_address_is_told() -> None:
    async with scene() as here:
        media_id = (await upload(here, "video", b"\0\0\0\x18ftypmp42"))["media_id"]
        kind, told = await download(here, media_id)
        assert kind == "application/json"
        assert f"/mmbiz/{media_id}".encode() in told
