"""Files up and down: uploaded once in three days, again where WeChat lost them; customers' files become evidence."""

from __future__ import annotations

import hashlib
import io

import pytest
from PIL import Image
from sanic import Sanic

from bot.channels.wechat.api import errors
from bot.channels.wechat.api.forms import LARGEST_PICTURE
from bot.channels.wechat.api.incoming import attachment
from bot.channels.wechat.api.outcomes import PassiveOnly, Refused, Sent, Why
from bot.errors import BadInput, NotFound, NotSendable, TooLarge
from bot.http.context import House
from bot.settings import Settings
from bot.store.models import Upload
from tests.wechat.fake import Account
from tests.wechat.fake.clock import DAY, HOUR
from tests.wechat.nodes import OPENID, SEND, Nodes, nodes

UPLOAD, GET = "/cgi-bin/media/upload", "/cgi-bin/media/get"
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "orange").save(out, kind)
    return out.getvalue()


def seen(here: Nodes) -> list[bytes]:
    """The files of the user's screen."""
    ids = [shown.content["media_id"] for shown in here.user.screen if shown.type in ("image", "video")]
    media = [here.wechat.world.media.shown(each) for each in ids]
    return [medium.content for medium in media if medium]


async def test_a_picture_is_uploaded_once_in_three_days_by_all_nodes(settings: Settings) -> None:
    async with nodes(settings, 2) as here:
        content = picture()
        for node in here.nodes:
            assert await node.sender.send_file(OPENID, content) == Sent()
        await here.wechat.jump(2 * DAY)
        await here.user.says("再发一次")
        assert await here.one.sender.send_file(OPENID, content) == Sent()
        assert len(here.wechat.called(UPLOAD)) == 1
        await here.wechat.jump(DAY - HOUR)
        await here.user.says("再来")
        assert await here.one.sender.send_file(OPENID, content) == Sent()
        assert len(here.wechat.called(UPLOAD)) == 2
        assert seen(here) == [content] * 4


async def test_another_picture_is_another_upload(settings: Settings) -> None:
    async with nodes(settings) as here:
        first, second = picture(), picture(size=(30, 40))
        assert [await here.one.sender.send_file(OPENID, each) for each in (first, second)] == [Sent(), Sent()]
        assert seen(here) == [first, second]


async def test_what_wechat_has_lost_is_uploaded_once_more_and_only_once(settings: Settings) -> None:
    async with nodes(settings) as here:
        content = picture()
        lost = await here.one.media.uploaded(content)
        here.wechat.faults.fail(SEND, 40007)
        assert await here.one.sender.send_file(OPENID, content) == Sent()
        assert (await here.one.media.uploaded(content)).media_id != lost.media_id
        assert len(here.wechat.called(UPLOAD)) == 2
        here.wechat.faults.fail(SEND, 40007, times=10)
        assert await here.one.sender.send_file(OPENID, content) == Refused(40007, Why.MEDIA_GONE)
        assert len(here.wechat.called(UPLOAD)) == 3


async def test_a_film_is_sent_as_a_film(settings: Settings) -> None:
    async with nodes(settings) as here:
        assert await here.one.sender.send_file(OPENID, FILM, "开箱") == Sent()
        shown = here.user.screen[-1]
        assert (shown.type, shown.text) == ("video", "开箱")
        thumb = here.wechat.world.media.shown(shown.content["thumb_media_id"])
        assert thumb is not None
        assert thumb.kind == "thumb"
        here.wechat.faults.fail(SEND, 40007)
        assert await here.one.sender.send_file(OPENID, FILM, "开箱") == Sent()
        assert len(here.wechat.called(UPLOAD)) == 4


@pytest.mark.parametrize("content", [picture("WEBP"), picture("BMP"), picture("WEBP", mode="RGBA")])
async def test_a_picture_of_another_format_becomes_one_that_wechat_takes(settings: Settings, content: bytes) -> None:
    async with nodes(settings) as here:
        assert await here.one.sender.send_file(OPENID, content) == Sent()
        with Image.open(io.BytesIO(seen(here)[0])) as shown:
            assert (shown.format, shown.size) == ("JPEG", (40, 30))


async def test_a_picture_too_large_is_made_smaller(settings: Settings) -> None:
    noise = b"".join(hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(120_000))
    out = io.BytesIO()
    Image.frombytes("RGB", (1280, 1000), noise[: 1280 * 1000 * 3]).save(out, "PNG")
    assert len(out.getvalue()) > LARGEST_PICTURE
    async with nodes(settings) as here:
        assert await here.one.sender.send_file(OPENID, out.getvalue()) == Sent()
        assert len(seen(here)[0]) <= LARGEST_PICTURE


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 ...", b"\x89PNG\r\n\x1a\nbroken" * 200_000])
async def test_what_wechat_does_not_take_is_told_before_it_is_sent(settings: Settings, content: bytes) -> None:
    async with nodes(settings) as here:
        with pytest.raises(NotSendable):
            await here.one.sender.send_file(OPENID, content)
        assert here.wechat.called(SEND) == []


async def test_an_upload_whose_answer_is_lost_is_a_message_not_sent(settings: Settings) -> None:
    async with nodes(settings) as here:
        for fault in (here.wechat.faults.lose_answer, here.wechat.faults.garbage):
            fault(UPLOAD)
            with pytest.raises(errors.Unreachable):
                await here.one.sender.send_file(OPENID, picture())
        assert here.wechat.called(SEND) == []


async def test_an_account_that_may_not_upload_may_only_answer(settings: Settings) -> None:
    async with nodes(settings, account=Account(kind="unverified")) as here:
        assert await here.one.sender.send_file(OPENID, picture()) == PassiveOnly()


async def test_a_file_of_a_customer_is_fetched(settings: Settings) -> None:
    async with nodes(settings) as here:
        sent = picture("JPEG")
        await here.user.sends_picture(sent)
        media_id = here.wechat.pushes[-1].fields["MediaId"]
        assert await here.one.media.fetched(media_id, 10_000) == sent
        with pytest.raises(TooLarge):
            await here.one.media.fetched(media_id, len(sent) - 1)
        await here.wechat.jump(3 * DAY)
        with pytest.raises(NotFound):
            await here.one.media.fetched(media_id, 10_000)


async def test_a_film_of_a_customer_is_fetched_from_the_address_that_wechat_tells(settings: Settings) -> None:
    async with nodes(settings) as here:
        await here.user.sends_video(FILM)
        assert await here.one.media.fetched(here.wechat.pushes[-1].fields["MediaId"], 10_000) == FILM


@pytest.fixture
def here_house(app: Sanic, settings: Settings) -> House:
    house: House = app.ctx.house
    return house


async def test_a_picture_of_a_customer_becomes_evidence_without_where_it_was_taken(
    settings: Settings, here_house: House
) -> None:
    out = io.BytesIO()
    photo = Image.new("RGB", (50, 40), "red")
    exif = photo.getexif()
    exif[0x010E] = "hangzhou"
    photo.save(out, "JPEG", exif=exif)
    async with nodes(settings) as here:
        await here.user.sends_picture(out.getvalue())
        media_id = here.wechat.pushes[-1].fields["MediaId"]
        taken = await attachment(here_house, here.one.media, media_id, OPENID)
        services = here_house.services
        async with services.database.session() as session:
            row = await session.get(Upload, taken.id)
        kept = (services.settings.uploads_dir / taken.id).read_bytes()
        await services.database.dispose()
    assert (taken.type, row.sender, row.sha256) == ("image/jpeg", OPENID, hashlib.sha256(kept).hexdigest())
    assert b"hangzhou" in out.getvalue()
    assert b"hangzhou" not in kept


async def test_a_voice_message_and_a_broken_picture_become_no_evidence(settings: Settings, here_house: House) -> None:
    async with nodes(settings) as here:
        await here.user.sends_voice()
        voice = here.wechat.pushes[-1].fields["MediaId"]
        await here.user.sends_picture(b"\xff\xd8\xff\xe0 no picture at all")
        broken = here.wechat.pushes[-1].fields["MediaId"]
        for media_id in (voice, broken):
            with pytest.raises(BadInput):
                await attachment(here_house, here.one.media, media_id, OPENID)
        await here_house.services.database.dispose()
