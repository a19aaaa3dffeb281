"""Built files: compressed for who takes it, fresh where names stay, asked for once where they do not."""

from __future__ import annotations

import gzip
import re

import pytest

from bot.http.built import takes_gzip
from bot.settings import ROOT
from tests.service import Client

WIDGET = ROOT / "bot/web/dist/widget.js"


async def test_the_widget_comes_compressed_to_who_takes_it(client: Client) -> None:
    async with client.session.get(client.url + "/widget.js", headers={"Accept-Encoding": "gzip"}) as packed:
        sent = int(packed.headers["Content-Length"])
        assert (packed.status, packed.headers["Content-Encoding"]) == (200, "gzip")
        assert packed.headers["Vary"] == "Accept-Encoding"
        assert packed.headers["Access-Control-Allow-Origin"] == "*"
        assert await packed.read() == WIDGET.read_bytes()
    assert sent < WIDGET.stat().st_size / 2
    async with client.session.get(client.url + "/widget.js", headers={"Accept-Encoding": "identity"}) as plain:
        assert "Content-Encoding" not in plain.headers
        assert plain.headers["Vary"] == "Accept-Encoding"
        assert plain.headers["ETag"] != packed.headers["ETag"]
        assert await plain.read() == WIDGET.read_bytes()


@pytest.mark.parametrize("path", ["/widget.js", "/", "/docs"])
async def test_what_keeps_its_name_is_asked_for_again_and_sent_once(client: Client, path: str) -> None:
    async with client.session.get(client.url + path) as first:
        assert (first.status, first.headers["Cache-Control"]) == (200, "no-cache")
        await first.read()
    tag = first.headers["ETag"]
    for told in (tag, f'"other", W/{tag}', "*"):
        async with client.session.get(client.url + path, headers={"If-None-Match": told}) as again:
            assert (again.status, await again.read(), again.headers["ETag"]) == (304, b"", tag)
    async with client.session.get(client.url + path, headers={"If-None-Match": '"other"'}) as changed:
        assert (changed.status, await changed.read() != b"") == (200, True)


async def test_what_changes_its_name_is_kept_for_ever(client: Client) -> None:
    page = (await client.get("/", key=None))[1].decode()
    for path in re.findall(r'(?:src|href)="(/assets/[^"]+)"', page):
        async with client.session.get(client.url + path) as asset:
            assert (asset.status, "immutable" in asset.headers["Cache-Control"]) == (200, True)
            await asset.read()


async def test_compressed_files_are_as_fresh_as_what_they_stand_for() -> None:
    packed = [path for path in WIDGET.parent.rglob("*.gz") if path.is_file()]
    assert packed
    for path in packed:
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes(), path


@pytest.mark.parametrize("path", ["/assets/../../package.json", "/assets/%2e%2e/%2e%2e/package.json", "/docs/nothing"])
async def test_nothing_else_is_sent(client: Client, path: str) -> None:
    status, answer = await client.get(path, key=None)
    assert (status, answer["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.8", True),
        ("GZIP", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("identity", False),
        ("x-gzip-not", False),
        ("", False),
    ],
)
def test_gzip_is_sent_only_where_it_is_named(accepted: str, taken: bool) -> None:
    assert takes_gzip(accepted) is taken
