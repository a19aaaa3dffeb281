"""A customer who is logged in at the shop binds their WeChat, and is known from then on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest

from bot.channels.wechat.bind import COOKIE
from bot.identity import Identities
from tests.service import SECRET, Service, free_port
from tests.wechat.house import Shop, service_for, shop_at, wechat_for

PORT = free_port()
TOKEN = Identities(SECRET).for_customer("cust-001")


@pytest.fixture(scope="module")
def service(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service_for(tmp_path_factory.mktemp("bind"), PORT).running() as made:
        yield made


@pytest.fixture
async def shop(service: Service) -> AsyncIterator[Shop]:
    async with wechat_for(service, PORT) as made:
        yield made


async def begun(shop: Shop, browser: aiohttp.ClientSession, token: str = TOKEN) -> dict[str, str]:
    """What our page asks of WeChat's."""
    asked = f"{shop.service.url}/wechat/bind"
    async with browser.get(asked, params={"token": token}, allow_redirects=False) as answer:
        assert answer.status == 302, await answer.text()
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


async def come_back(browser: aiohttp.ClientSession, address: str) -> int:
    async with browser.get(address) as answer:
        assert "text/html" in answer.headers["Content-Type"]
        return answer.status


def on_this_machine() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def test_who_binds_is_shown_their_own_orders(shop: Shop) -> None:
    user = shop.wechat.user("o-binds")
    async with on_this_machine() as browser:
        asked = await begun(shop, browser)
        assert asked["redirect_uri"] == f"{shop.service.url}/wechat/bound"
        back = user.authorises(asked)
        assert await come_back(browser, back) == 200
        assert await come_back(browser, back) == 403, "a link is good once"
    await user.follow()
    await user.says("我要退款")
    assert "0101" in "".join(shown.text for shown in user.screen)
    assert (await shop.talk(user))["customer_id"] == "cust-001"


async def test_a_link_that_was_passed_on_binds_nobody(shop: Shop) -> None:
    user = shop.wechat.user("o-victim")
    async with on_this_machine() as browser, on_this_machine() as other:
        back = user.authorises(await begun(shop, browser))
        assert await come_back(other, back) == 403
        other.cookie_jar.update_cookies({COOKIE: "0" * 32})
        assert await come_back(other, back) == 403
    await user.follow()
    await user.says("你好")
    assert (await shop.talk(user))["customer_id"] is None


async def test_a_visitor_or_a_forged_token_begins_nothing(shop: Shop) -> None:
    asked = f"{shop.service.url}/wechat/bind"
    visitor, forged = (
        Identities(SECRET).for_visitor(),
        Identities("another-secret-of-enough-length-here").for_customer("cust-001"),
    )
    async with on_this_machine() as browser:
        for token in (visitor, forged, ""):
            async with browser.get(asked, params={"token": token}, allow_redirects=False) as answer:
                assert answer.status == 401
        async with browser.get(f"{shop.service.url}/wechat/bound", params={"code": "<b>", "state": "<b>"}) as answer:
            assert answer.status == 403
            assert "<b>" not in await answer.text()


async def test_an_account_without_web_authorisation_has_no_such_page(model: Path, tmp_path: Path) -> None:
    async with shop_at(tmp_path, "unverified") as shop, on_this_machine() as browser:
        answer = await browser.get(f"{shop.service.url}/wechat/bind", params={"token": TOKEN})
        assert answer.status == 404
