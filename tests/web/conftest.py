"""The real service once, and shoppers with real browsers. Whatever the browser complains about fails the test."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image, ImageDraw
from playwright.async_api import Browser, async_playwright

from bot.identity import Identities
from bot.settings import ROOT
from tests.service import SECRET, Client, Service
from tests.web.device import Device
from tests.web.proxy import Proxy
from tests.web.shopper import Shopper

SCREENSHOTS = Path(__file__).parent / "screenshots"
STAMP = ROOT / "var" / "stamps" / "chromium"
SYSTEM = Path("/usr/bin/chromium")
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
SIZES = {"desktop": {"width": 1280, "height": 860}, "phone": {"width": 390, "height": 844}}

Visit = Callable[..., Awaitable[Shopper]]
Connect = Callable[..., Awaitable[Device]]


@pytest.fixture(scope="session")
def service(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service in business hours, with a short burst window."""
    assert (ROOT / "bot/web/dist/widget.js").is_file(), "build the front-end first: python3 scripts/setup.py web"
    made = Service(tmp_path_factory.mktemp("web"), WEB_BURST="0.5", MESSAGES_PER_MINUTE="40")
    made.start()
    try:
        asyncio.run(made.ready())
        yield made
        made.went_well()
    finally:
        made.stop()


@pytest.fixture(scope="session")
def patient(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that lets everybody send as often as they like."""
    limits = {"MESSAGES_PER_MINUTE": "100000", "REQUESTS_PER_MINUTE": "100000"}
    made = Service(tmp_path_factory.mktemp("cuts"), **limits)
    made.start()
    try:
        asyncio.run(made.ready())
        yield made
        made.went_well()
    finally:
        made.stop()


@pytest.fixture
async def proxy(patient: Service) -> AsyncIterator[tuple[Proxy, str]]:
    """The proxy and its address."""
    made = Proxy(patient.port)
    yield made, await made.start()
    await made.stop()


@pytest.fixture
async def server(service: Service) -> AsyncIterator[Client]:
    """The shop's own server, which holds the service key; the demo begins anew."""
    async with aiohttp.ClientSession() as session:
        client = Client(service.url, session)
        status, answer = await client.post("/api/v1/demo/reset")
        assert status == 200, answer
        yield client


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """The Chromium that the set-up found."""
    found = STAMP.read_text().strip() if STAMP.exists() else str(SYSTEM) if SYSTEM.exists() else ""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=found or None, args=[*QUIET, *root])
        yield opened
        await opened.close()


@pytest.fixture
async def visit(
    service: Service, server: Client, browser: Browser, request: pytest.FixtureRequest
) -> AsyncIterator[Visit]:
    """`await visit(customer, size="phone")`: somebody in a browser of their own, with the chat open.

    `beside=shopper` opens another tab of the same browser.
    """
    shoppers: list[Shopper] = []

    async def arrive(customer: str | None = None, *, size: str = "desktop", beside: Shopper | None = None) -> Shopper:
        phone = size == "phone"
        context = (
            beside.page.context
            if beside
            else await browser.new_context(
                viewport=SIZES[size],
                is_mobile=phone,
                has_touch=phone,
                device_scale_factor=2 if phone else 1,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
            )
        )
        shopper = Shopper(await context.new_page(), service.url)
        shoppers.append(shopper)
        await shopper.arrive(customer)
        return shopper

    yield arrive
    SCREENSHOTS.mkdir(exist_ok=True)
    for number, shopper in enumerate(shoppers, start=1):
        await shopper.page.screenshot(path=SCREENSHOTS / f"{request.node.name}-{number}.png")
    assert [shopper.problems for shopper in shoppers] == [[] for _ in shoppers]


def token(customer_id: str) -> str:
    """What the shop's server signs."""
    return Identities(SECRET).for_customer(customer_id)


@pytest.fixture
async def connect(service: Service, server: Client) -> AsyncIterator[Connect]:
    """`await connect(customer_id)`: a device of a customer, or of a new visitor."""
    devices: list[Device] = []

    async def made(customer_id: str | None = None, **auth: Any) -> Device:
        devices.append(Device(server.session))
        credentials = {"token": token(customer_id)} if customer_id else auth
        return await devices[-1].connect(service.url, **credentials)

    yield made
    for device in devices:
        await device.close()


@pytest.fixture(scope="session")
def cup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photograph of a broken cup, more or less."""
    path = tmp_path_factory.mktemp("pictures") / "cup.jpg"
    picture = Image.new("RGB", (900, 700), (230, 220, 205))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((250, 150, 650, 550), fill=(250, 250, 245), outline=(120, 90, 60), width=8)
    draw.line((300, 180, 420, 330, 380, 420, 520, 540), fill=(90, 60, 40), width=7)
    picture.save(path, "JPEG")
    return path
