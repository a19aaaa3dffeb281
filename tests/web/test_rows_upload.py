"""Files on their way: on a slow line, called back, cut off and tried again; what is no such file never leaves."""

from __future__ import annotations

import io
import random
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from PIL import Image
from playwright.async_api import Browser, Locator, Request, expect

from tests.http.test_uploads import film, with_secrets
from tests.service import Client, Service
from tests.web.conftest import Visit
from tests.web.shopper import WIDGET, Shopper, label
from tests.web.slow_line import SlowLine, slow_line

LIN, SENDER = "林小夏", "c-cust-001"
UPLOAD = WIDGET["upload"]
SLOW = 150_000  # bytes a second
MIB = 1024 * 1024


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Three photographs, each more than a browser and the system keep in their buffers."""
    paths = [tmp_path / f"photo-{number}.jpg" for number in (1, 2, 3)]
    noise = random.Random(5).randbytes(2200 * 1600 * 3)
    Image.frombytes("RGB", (2200, 1600), noise).save(paths[0], "JPEG", quality=95)
    for path in paths[1:]:
        path.write_bytes(paths[0].read_bytes())
    return paths


async def _choose(shopper: Shopper, *paths: Path) -> Locator:
    """Choose files; what waits above the input line."""
    await shopper.chat.locator("input[type=file]").set_input_files(paths)
    return shopper.chat.get_by_role("list", name=UPLOAD["label"]).get_by_role("listitem")


def _uploads(shopper: Shopper) -> list[Request]:
    """The uploads that leave the browser from now on."""
    left: list[Request] = []
    shopper.page.on("request", lambda request: left.append(request) if request.url.endswith("/uploads") else None)
    return left


async def test_three_pictures_at_once_on_a_slow_line_with_progress_cancel_and_retry(
    browser: Browser, service: Service, server: Client, pictures: list[Path]
) -> None:
    async with slow_line(service.port) as line:
        shopper = Shopper(await browser.new_page(locale="zh-CN", timezone_id="Asia/Shanghai"), line.url)
        await shopper.arrive(LIN)
        await _send_two_of_three(shopper, line, pictures)
        [message] = [m for m in (await server.conversation(SENDER))["messages"] if m["role"] == "customer"]
        assert [attachment["name"] for attachment in message["attachments"]] == [pictures[0].name, pictures[2].name]
        shopper.forgive("ERR_|WebSocket")
        assert shopper.problems == []


async def _send_two_of_three(shopper: Shopper, line: SlowLine, pictures: list[Path]) -> None:
    line.speed = SLOW
    items = await _choose(shopper, *pictures)
    under_way = items.get_by_role("progressbar")
    await expect(under_way).to_have_count(3)
    await expect(items.locator("img")).to_have_count(3)
    await expect(shopper.send_button).to_be_disabled()
    for number in range(3):
        await expect(under_way.nth(number)).to_have_attribute("aria-valuenow", re.compile(r"^[1-9]\d?$"))
    await expect(under_way.first).to_have_accessible_name(re.compile(UPLOAD["progress"].format(percent=r"\d+")))

    await items.nth(1).get_by_role("button", name=UPLOAD["remove"].format(name=pictures[1].name)).click()
    await expect(items).to_have_count(2)

    line.cut()
    retries = [items.get_by_role("button", name=UPLOAD["retry"].format(name=pictures[n].name)) for n in (0, 2)]
    for retry in retries:
        await expect(retry).to_be_visible()
    await expect(shopper.chat.get_by_role("alert")).to_have_text(UPLOAD["failed"])
    await expect(shopper.send_button).to_be_disabled()
    line.is_cut, line.speed = False, None
    for retry in retries:
        await retry.click()
    await expect(shopper.send_button).to_be_enabled()
    await expect(shopper.chat.get_by_role("alert")).to_have_count(0)
    await shopper.online()
    await shopper.send_button.click()
    await expect(items).to_have_count(0)
    await expect(shopper.own.locator('img[src*="/uploads/"]')).to_have_count(2)


async def test_what_it_is_and_how_large_is_looked_at_before_anything_leaves(visit: Visit, tmp_path: Path) -> None:
    shopper = await visit()
    left = _uploads(shopper)
    alert = shopper.chat.get_by_role("alert")
    disguised = tmp_path / "photo.jpg"
    disguised.write_bytes(b"MZ" + bytes(200))
    items = await _choose(shopper, disguised)
    await expect(alert).to_have_text(UPLOAD["type"])
    for name, head, limit in (("large.jpg", b"\xff\xd8\xff", 8), ("large.pdf", b"%PDF-1.4", 20)):
        large = tmp_path / name
        large.write_bytes(head + bytes(limit * MIB))
        await _choose(shopper, large)
        await expect(alert).to_have_text(UPLOAD["size"].format(limit=limit))
    await expect(items).to_have_count(0)
    await expect(shopper.send_button).to_be_disabled()
    assert left == []


async def test_where_a_picture_was_taken_is_not_passed_on(visit: Visit, server: Client, tmp_path: Path) -> None:
    shopper = await visit(LIN)
    photo = tmp_path / "IMG_1.jpg"
    photo.write_bytes(with_secrets("JPEG"))
    assert _tells_more(photo.read_bytes())
    await shopper.attach(photo)
    await shopper.send_button.click()
    picture = shopper.own.locator("img")
    await expect(picture).to_have_attribute("src", re.compile(r"/uploads/[0-9a-f]{32}$"))
    async with server.session.get(str(await picture.get_attribute("src"))) as answer:
        served = await answer.read()
    assert b"SECRET" not in served
    assert not _tells_more(served)


def _tells_more(picture: bytes) -> bool:
    """Whether a picture says when and where it was taken."""
    with Image.open(io.BytesIO(picture)) as opened:
        return bool(opened.getexif())


async def test_films_and_documents_are_named_and_can_be_opened(visit: Visit, server: Client, tmp_path: Path) -> None:
    shopper = await visit(LIN)
    invoice, video = tmp_path / "发票.pdf", tmp_path / "开箱.mp4"
    invoice.write_bytes(b"%PDF-1.4\n%%EOF\n" + bytes(3000))
    video.write_bytes(film())
    items = await _choose(shopper, invoice, video)
    await expect(items).to_have_text([invoice.name, video.name])
    await expect(shopper.send_button).to_be_enabled()
    await shopper.send_button.click()
    for path, type in ((invoice, "application/pdf"), (video, "video/mp4")):
        chip = shopper.own.get_by_role("link", name=WIDGET["file"]["open"].format(name=path.name))
        await expect(chip).to_have_text(path.name)
        await expect(chip).to_have_attribute("href", re.compile(r"/uploads/[0-9a-f]{32}$"))
        async with server.session.get(str(await chip.get_attribute("href"))) as answer:
            assert (answer.status, answer.headers["Content-Type"]) == (200, type)


async def test_evidence_is_named_by_its_order_and_what_the_matter_is(visit: Visit, server: Client, cup: Path) -> None:
    shopper = await visit(LIN)
    await shopper.chips.filter(has_text=label("chip_3")).click()
    await expect(shopper.answers.first).to_be_visible()
    await shopper.show_order("0101")
    await shopper.press(label("pieces").format(count=1))
    await shopper.attach(cup)
    answers = await shopper.answers.count()
    await shopper.send_button.click()
    await expect(shopper.answers.nth(answers)).to_be_visible()
    [attachment] = (await server.conversation(SENDER))["messages"][-2]["attachments"]
    assert re.fullmatch(r"2026000000000101\w+\.jpg", attachment["name"])
    async with server.session.get(server.url + attachment["url"]) as answer:
        assert attachment["name"] in unquote(answer.headers["Content-Disposition"])
