"""One running service for all tests of the HTTP interface; each test uses senders of its own."""

from __future__ import annotations

import io
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from tests.service import Client, Service


@pytest.fixture(scope="session")
def service(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The real process."""
    limits = {"MESSAGES_PER_MINUTE": "8", "MAX_UPLOAD_BYTES": str(1024 * 1024)}
    with Service(tmp_path_factory.mktemp("http") / "var", **limits).running() as made:
        yield made


@pytest.fixture
async def client(service: Service) -> AsyncIterator[Client]:
    """A server with the service key."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        yield Client(service.url, session)


@pytest.fixture
def sender() -> str:
    """A sender that nobody used before."""
    return f"s-{secrets.token_hex(6)}"


@pytest.fixture(scope="session")
def png() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()
