"""An openid is bound to the customer who is logged in, by a state that is good once, soon, and in one browser."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import pytest

from bot.channels.wechat.api import binding, errors
from bot.channels.wechat.api.account import Account as OurAccount
from bot.errors import BotError, NotAllowed, NotFound
from bot.settings import Settings
from tests.conftest import NOON
from tests.wechat.fake import Account
from tests.wechat.nodes import OPENID, Nodes, nodes

BACK = "https://shop.example/wechat/bound"
CUSTOMER, OTHER, BROWSER = "cust-001", "cust-002", "b" * 32


def query_of(address: str) -> Mapping[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


async def issue(here: Nodes, customer: str = CUSTOMER) -> str:
    async with here.databases[0].session() as session:
        state = await here.one.states.issue(session, customer, BROWSER)
        await session.commit()
    return state


async def redeem(here: Nodes, state: str, browser: str = BROWSER, node: int = 0) -> str:
    async with here.databases[node].session() as session:
        customer = await here.nodes[node].states.redeem(session, state, browser)
        await session.commit()
    return customer


async def test_the_whole_way_binds_the_openid(settings: Settings) -> None:
    async with nodes(settings, 2) as here:
        page = binding.page_of(here.one.account, BACK, await issue(here))
        assert page.startswith(f"{here.wechat.address}/connect/oauth2/authorize?")
        came = query_of(here.user.authorises(query_of(page)))
        assert len(came["state"]) <= 128
        assert came["state"].isalnum()
        customer = await redeem(here, came["state"], node=1)
        openid = await here.nodes[1].openid_of(came["code"])
        async with here.databases[1].session() as session:
            await binding.bind(session, openid, customer, NOON)
            await session.commit()
        async with here.databases[0].session() as session:
            assert await binding.customer_of(session, OPENID) == CUSTOMER
            await binding.bind(session, OPENID, OTHER, NOON)
            await session.commit()
            assert await binding.customer_of(session, OPENID) == OTHER
            assert await binding.unbind(session, OPENID)
            assert not await binding.unbind(session, OPENID)
            await session.commit()
            assert await binding.customer_of(session, OPENID) is None


def test_the_page_of_the_real_account_is_wechats_own() -> None:
    for base in ("https://api.weixin.qq.com", "https://way-out.shop.example/wechat-api"):
        page = binding.page_of(OurAccount("wx0123456789abcdef", "x", base), BACK, "00")
        assert page.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx0123456789abcdef&")
        assert page.endswith("#wechat_redirect")


async def test_a_state_is_good_once_however_many_bring_it_at_once(settings: Settings) -> None:
    async with nodes(settings, 2) as here:
        state = await issue(here)
        tried = await asyncio.gather(*(redeem(here, state, node=each % 2) for each in range(6)), return_exceptions=True)
        assert tried.count(CUSTOMER) == 1
        assert {each.code for each in tried if isinstance(each, NotAllowed)} == {"used_state"}
        assert sum(isinstance(each, NotAllowed) for each in tried) == 5


async def test_a_state_is_good_in_its_own_browser_only(settings: Settings) -> None:
    async with nodes(settings) as here:
        state = await issue(here)
        for browser in ("", "c" * 32):
            with pytest.raises(NotAllowed, match="not a state of ours"):
                await redeem(here, state, browser)
        assert await redeem(here, state) == CUSTOMER


async def test_a_state_ends_after_ten_minutes(settings: Settings) -> None:
    async with nodes(settings) as here:
        state = await issue(here)
        await here.wechat.jump(600)
        with pytest.raises(NotAllowed, match="too late"):
            await redeem(here, state)


async def test_a_forged_state_is_refused(settings: Settings) -> None:
    async with nodes(settings) as here:
        state = await issue(here)
        later = f"{state[:32]}{int(state[32:40], 16) + 600:08x}{state[40:]}"
        for forged in ("", "x", later, "0" * 104, state[:-1], f"{state}\n", "é" * 104):
            with pytest.raises(NotAllowed, match="not a state of ours"):
                await redeem(here, forged)


async def test_nobody_is_bound_to_a_customer_whom_the_shop_does_not_know(settings: Settings) -> None:
    async with nodes(settings) as here:
        with pytest.raises(NotFound):
            await issue(here, "cust-999")
        async with here.databases[0].session() as session:
            with pytest.raises(NotFound):
                await binding.bind(session, OPENID, "cust-999", NOON)


async def test_a_code_is_good_once_and_for_five_minutes(settings: Settings) -> None:
    async with nodes(settings) as here:
        page = query_of(binding.page_of(here.one.account, BACK, "00"))
        code, old = (query_of(here.user.authorises(page))["code"] for _ in range(2))
        assert await here.one.openid_of(code) == OPENID
        await here.wechat.jump(300)
        for bad in (code, old, "never-given", ""):
            with pytest.raises(NotAllowed):
                await here.one.openid_of(bad)


async def test_wrong_keys_and_missing_rights_are_no_fault_of_the_customers(settings: Settings) -> None:
    async with nodes(settings, wechat_secret="wrong") as here:
        page = query_of(binding.page_of(here.one.account, BACK, "00"))
        with pytest.raises(errors.BadCredentials):
            await here.one.openid_of(query_of(here.user.authorises(page))["code"])
    async with nodes(settings, account=Account(kind="verified_subscription")) as here:
        with pytest.raises(BotError) as raised:
            await here.one.openid_of("any")
        assert not isinstance(raised.value, NotAllowed)
