"""Pictures: what they are is decided by their content, what they carry besides is removed, whose they are is kept."""

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
    client: Client, content: bytes, token: str | None = KEY, name: str = "photo.exe", field: str = "file"
) -> tuple[int, dict]:
    form = aiohttp.FormData()
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
    "pdf": b"%PDF-1.4",
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
    assert shown["attachments"] == [{"id": by_server["id"], "type": "image/jpeg", "url": by_server["url"]}]


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
