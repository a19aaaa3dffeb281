"""Uploads: what they are is decided by their content, what they carry besides is removed, whose they are is kept."""

from __future__ import annotations

import base64
import io

import aiohttp
import jwt
import pytest
from aiohttp import web
from PIL import Image, PngImagePlugin

from tests.service import KEY, SECRET, Client

GPS = 0x8825


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **saving: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **saving)
    return out.getvalue()


def with_secrets(kind: str) -> bytes:
    """A picture that says where it was taken, in every way that its format has."""
    exif = Image.Exif()
    exif[0x010E] = "SECRET"
    exif[GPS] = {1: "N", 2: (30.0, 16.0, 0.0)}
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", "SECRET")
        return picture(kind, exif=exif, pnginfo=info)
    if kind == "GIF":
        return picture(kind, comment=b"SECRET") + b"SECRET"
    return picture(kind, exif=exif, comment=b"SECRET") if kind == "JPEG" else picture(kind, exif=exif)


async def upload(
    client: Client,
    content: bytes,
    token: str | None = KEY,
    name: str = "photo.exe",
    field: str = "file",
    called: str = "",
) -> tuple[int, dict]:
    form = aiohttp.FormData()
    if called:
        form.add_field("name", called)
    form.add_field(field, io.BytesIO(content), filename=name, content_type="text/html")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with client.session.post(client.url + "/api/v1/uploads", data=form, headers=headers) as answer:
        return answer.status, await answer.json()


def token_of(customer_id: str) -> str:
    return jwt.encode({"customer_id": customer_id}, SECRET, algorithm="HS256")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_a_picture_is_kept_without_what_it_tells_besides(client: Client, kind: str) -> None:
    status, kept = await upload(client, with_secrets(kind))
    assert (status, kept["type"]) == (201, f"image/{kind.lower()}")
    async with client.session.get(client.url + kept["url"]) as answer:
        served = await answer.read()
        assert answer.headers["Content-Type"] == kept["type"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"SECRET" not in served
    shown = Image.open(io.BytesIO(served))
    assert (shown.size, len(served)) == ((40, 30), kept["size"])
    assert not shown.getexif()


NO_PICTURES = {
    "empty": b"",
    "text": b"hello",
    "html": b"<html><script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "exe": b"MZ" + b"\0" * 200,
    "mov": b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + b"\0" * 20,
    "mp4 without a film": b"\0\0\0\x14ftypisom\0\0\0\0isom",
    "broken jpg": b"\xff\xd8\xff\xe0broken",
    "broken png": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    "cut off": picture()[:200],
}


@pytest.mark.parametrize("kind", NO_PICTURES)
async def test_what_is_no_picture_is_refused_whatever_it_is_called(client: Client, kind: str) -> None:
    status, body = await upload(client, NO_PICTURES[kind], name="photo.jpg")
    assert (status, set(body)) == (400, {"error"})


async def test_too_large_a_picture_and_too_many_pixels_are_refused(client: Client) -> None:
    assert (await upload(client, picture("BMP", (800, 800))))[0] == 413
    assert (await upload(client, picture("PNG", (8000, 6000))))[0] == 413


async def test_forms_without_a_file_are_bad_input(client: Client) -> None:
    assert (await upload(client, picture(), field="other"))[0] == 400
    for kind in (None, "application/json", "multipart/form-data", "multipart/form-data; boundary=x"):
        headers = {"Content-Type": kind} if kind else {}
        status, body = await client.call("POST", "/api/v1/uploads", data=b"--x", headers=headers)
        assert (status, set(body)) == (400, {"error"}), kind


async def test_strangers_and_forged_tokens_upload_nothing(client: Client) -> None:
    forged = jwt.encode({"customer_id": "cust-001"}, "another-secret-of-enough-length-here", algorithm="HS256")
    unsigned = jwt.encode({"customer_id": "cust-001"}, None, algorithm="none")
    expired = jwt.encode({"customer_id": "cust-001", "exp": 1}, SECRET, algorithm="HS256")
    nobody = [
        jwt.encode(claims, SECRET, algorithm="HS256") for claims in ({}, {"customer_id": 5}, {"customer_id": "a\x00"})
    ]
    for token in (None, forged, unsigned, expired, *nobody):
        assert (await upload(client, picture(), token))[0] == 401


async def test_a_picture_can_be_sent_by_its_id_by_who_uploaded_it(client: Client, sender: str) -> None:
    _, kept = await upload(client, picture(), token_of("cust-001"))
    for url in (kept["id"], kept["url"]):
        body = {"sender": sender, "message": "看图", "metadata": {"attachments": [{"url": url}]}}
        status, _ = await client.post("/webhooks/rest/webhook", body)
        assert status == 400, "it is another sender's"
    body["sender"] = "c-cust-001"
    assert (await client.post("/webhooks/rest/webhook", body))[0] == 200
    _, by_server = await upload(client, picture())
    await client.say(sender, "看图", attachments=[{"url": by_server["id"]}])
    shown = (await client.conversation(sender))["messages"][0]
    expected = {"id": by_server["id"], "type": "image/jpeg", "url": by_server["url"], "name": "photo.jpg"}
    assert shown["attachments"] == [expected]


async def test_a_data_url_is_stored_as_a_picture(client: Client, sender: str) -> None:
    inline = "data:text/html;base64," + base64.b64encode(with_secrets("JPEG")).decode()
    await client.say(sender, "", attachments=[{"url": inline, "type": "text/html"}])
    [attachment] = (await client.conversation(sender))["messages"][0]["attachments"]
    assert (attachment["type"], attachment["url"]) == ("image/jpeg", f"/uploads/{attachment['id']}")
    assert (await client.get(attachment["url"]))[0] == 200
    bad = "data:image/png;base64," + base64.b64encode(b"no picture").decode()
    body = {"sender": sender, "message": "", "metadata": {"attachments": [{"url": bad}]}}
    assert (await client.post("/webhooks/rest/webhook", body))[0] == 400


async def test_a_foreign_link_is_kept_and_never_fetched(client: Client, sender: str) -> None:
    async def fetched(request: web.Request) -> web.Response:
        visits.append(request.path)
        return web.Response()

    visits: list[str] = []
    elsewhere = web.Application()
    elsewhere.router.add_get("/{any}", fetched)
    runner = web.AppRunner(elsewhere)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    link = f"http://127.0.0.1:{runner.addresses[0][1]}/{'a' * 32}"
    await client.say(sender, "看图", attachments=[{"url": link, "type": "image/jpeg"}])
    assert (await client.conversation(sender))["messages"][0]["attachments"] == [
        {"id": "", "type": "image/jpeg", "url": link}
    ]
    await runner.cleanup()
    assert visits == []


def box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return (len(content) + 8).to_bytes(4, "big") + kind + content


PLACE = b"+30.2741+120.1551/"
FRAMES = b"frames " * 20_000


def film() -> bytes:
    """A film as a telephone makes it, which tells the place wherever telephones do."""
    place = box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7" + PLACE), box(b"loci", PLACE), b"\0\0\0\0")
    keys = box(b"meta", box(b"hdlr", b"mdta"), box(b"ilst", PLACE))
    track = box(b"trak", box(b"tkhd", bytes(84)), place, keys)
    return b"".join(
        (
            box(b"ftyp", b"isom\0\0\0\0isommp42"),
            box(b"moov", box(b"mvhd", bytes(100)), track, place, keys, box(b"uuid", bytes(16), PLACE)),
            box(b"uuid", bytes(16), b"<x:xmpmeta>", PLACE),
            b"\0\0\0\1mdat" + (len(FRAMES) + 16).to_bytes(8, "big") + FRAMES,
            box(b"SEFT", PLACE),
            b"END" + PLACE,
        )
    )


async def test_a_film_is_kept_whole_and_without_the_place(client: Client) -> None:
    sent = film()
    status, kept = await upload(client, sent, name="VID_1.MOV")
    assert (status, kept["type"], kept["size"], kept["name"]) == (201, "video/mp4", len(sent), "VID_1.mp4")
    async with client.session.get(client.url + kept["url"]) as answer:
        served = await answer.read()
        assert answer.headers["Content-Type"] == "video/mp4"
        assert answer.headers["Accept-Ranges"] == "bytes"
    assert len(served) == len(sent)
    assert b"30.27" not in served
    for telling in (b"udta", b"xyz", b"loci", b"meta", b"uuid"):
        assert telling not in served
    assert served.count(b"free") == 7
    assert served.index(FRAMES) == sent.index(FRAMES), "the frames stand where the index says"
    assert box(b"mvhd", bytes(100)) in served


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-3", slice(0, 4)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-5", slice(-5, None)),
        ("bytes=7-7", slice(7, 8)),
    ],
)
async def test_a_part_of_a_film_is_served_to_players(client: Client, asked: str, part: slice) -> None:
    _, kept = await upload(client, film())
    whole = (await client.get(kept["url"]))[1]
    async with client.session.get(client.url + kept["url"], headers={"Range": asked}) as answer:
        assert answer.status == 206
        assert await answer.read() == whole[part]
        first, last, _ = part.indices(len(whole))
        assert answer.headers["Content-Range"] == f"bytes {first}-{last - 1}/{len(whole)}"
    beyond = {"Range": f"bytes=0-{len(whole) + 500}"}
    assert (await client.get(kept["url"], headers=beyond))[1] == whole
    for odd in ("bytes=", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5"):
        assert (await client.get(kept["url"], headers={"Range": odd}))[:1] == (200,)
    assert (await client.get(kept["url"], headers={"Range": f"bytes={len(whole)}-"}))[0] == 416


BROKEN_FILMS = {
    "cut off": film()[:150],
    "a box larger than the film": box(b"ftyp", b"isom\0\0\0\0isom") + b"\0\xff\0\0moov" + bytes(50),
    "a box smaller than its head": box(b"ftyp", b"isom\0\0\0\0isom") + b"\0\0\0\4moov" + bytes(50),
    "nothing but boxes": box(b"ftyp", b"isom\0\0\0\0isom") + box(b"moov") * 30_000,
}


@pytest.mark.parametrize("kind", BROKEN_FILMS)
async def test_a_film_that_cannot_be_read_is_refused(client: Client, kind: str) -> None:
    status, body = await upload(client, BROKEN_FILMS[kind])
    assert (status, body["error"]["code"]) == (400, "unreadable")


async def test_boxes_within_boxes_without_end_do_not_matter(client: Client) -> None:
    nested = b""
    for _ in range(3000):
        nested = box(b"moov", nested)
    assert (await upload(client, box(b"ftyp", b"isom\0\0\0\0isom") + nested))[0] == 201


async def test_a_document_is_only_ever_saved(client: Client) -> None:
    status, kept = await upload(client, b"%PDF-1.4\n1 0 obj\n", called="0101 \u53d1\u7968")
    assert (status, kept["type"]) == (201, "application/pdf")
    async with client.session.get(client.url + kept["url"]) as answer:
        assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''0101%20%E5%8F%91%E7%A5%A8.pdf"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


NAMES = {
    "../../etc/passwd": "passwd.jpg",
    "C:\\fakepath\\cup.JPG": "cup.JPG",
    "cup\u202egpj.exe": "cupgpj.jpg",
    "a\x00b\r\nSet-Cookie: x.jpg": "ab Set-Cookie x.jpg",
    "0101-\u7834\u635f.jpeg": "0101-\u7834\u635f.jpeg",
    "...": "",
    "x" * 300 + ".jpg": "x" * 116 + ".jpg",
    '"><script>.jpg': "script.jpg",
}


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_is_made_harmless_and_kept(client: Client, name: str) -> None:
    _, kept = await upload(client, picture(), called=name, name="")
    assert kept["name"] == NAMES[name]


async def test_pages_of_other_origins_may_upload_and_show(client: Client) -> None:
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    async with client.session.options(client.url + "/api/v1/uploads", headers=asked) as answer:
        assert answer.status == 204
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert {"Authorization", "Content-Type"} == set(answer.headers["Access-Control-Allow-Headers"].split(", "))
        assert "Access-Control-Allow-Credentials" not in answer.headers
    _, kept = await upload(client, picture())
    for method, path in (("POST", "/api/v1/uploads"), ("GET", "/nowhere"), ("GET", kept["url"]), ("GET", "/widget.js")):
        async with client.session.request(method, client.url + path) as answer:
            assert ("Access-Control-Allow-Origin" in answer.headers) == (path in ("/api/v1/uploads", "/widget.js"))
            shared = answer.headers.get("Cross-Origin-Resource-Policy") == "cross-origin"
            assert shared == (path in (kept["url"], "/widget.js")), path


async def test_films_may_be_larger_than_pictures_but_not_without_end(client: Client) -> None:
    frames = box(b"mdat", bytes(3 * 1024 * 1024))
    head = film().partition(b"\0\0\0\1mdat")[0]
    assert (await upload(client, head + frames))[0] == 201
    assert (await upload(client, head + frames * 7))[0] == 413
