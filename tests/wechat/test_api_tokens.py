"""The access token: one for all, fetched once, renewed early, refreshed once when refused."""

from __future__ import annotations

import asyncio

import pytest
import structlog
from structlog.testing import LogCapture

from bot.channels.wechat.api import errors, sending, tokens
from bot.channels.wechat.api.outcomes import Sent
from bot.channels.wechat.api.store import TokenStore
from bot.channels.wechat.api.tokens import LEASE_SECONDS
from bot.channels.wechat.outgoing import Text
from bot.settings import Settings
from tests.wechat.fake import Account
from tests.wechat.nodes import OPENID, SEND, STABLE_TOKEN, Nodes, nodes

CODES_OF_TOKENS = [40001, 40014, 42001]


async def say(here: Nodes, node: int = 0, text: str = "您好") -> object:
    return await here.nodes[node].sender.send(OPENID, Text(text))


async def test_eight_first_messages_at_once_fetch_one_token(settings: Settings) -> None:
    async with nodes(settings) as here:
        writers = [here.wechat.user(f"o-{number}") for number in range(8)]
        for writer in writers:
            await writer.follow()
        sent = await asyncio.gather(*(here.one.sender.send(each.openid, Text("您好")) for each in writers))
        assert sent == [Sent()] * 8
        assert here.fetches == 1


async def test_nodes_on_one_store_share_the_token(settings: Settings) -> None:
    async with nodes(settings, 3) as here:
        sent = await asyncio.gather(*(say(here, node) for node in (0, 1, 2)))
        assert sent == [Sent()] * 3
        assert here.fetches == 1
    async with nodes(settings) as other:  # another server, whose tokens are others
        assert await say(other) == Sent()
        assert other.fetches == 1


async def test_a_token_is_renewed_before_its_time_is_over(settings: Settings) -> None:
    async with nodes(settings, 2) as here:
        first = await here.one.tokens.current()
        await here.wechat.jump(7200 - 241)
        assert await here.one.tokens.current() == first
        await here.wechat.jump(2)
        second, again = await asyncio.gather(*(node.tokens.current() for node in here.nodes))
        assert second == again != first
        assert here.fetches == 2


async def test_a_renewal_that_fails_leaves_the_old_token_in_use_while_it_is_good(settings: Settings) -> None:
    async with nodes(settings) as here:
        first = await here.one.tokens.current()
        await here.wechat.jump(7200 - 200)
        here.wechat.faults.lose_answer(STABLE_TOKEN)
        assert await here.one.tokens.current() == first
        await here.wechat.jump(200)
        here.wechat.faults.lose_answer(STABLE_TOKEN)
        with pytest.raises(errors.Unreachable):
            await here.one.tokens.current()


async def test_an_ended_token_is_refreshed_once_for_all(settings: Settings) -> None:
    async with nodes(settings, 2) as here:
        await say(here)
        here.wechat.world.tokens.revoke()
        sent = await asyncio.gather(say(here, 0, "一"), say(here, 0, "二"), say(here, 1, "三"), say(here, 1, "四"))
        assert sent == [Sent()] * 4
        assert here.fetches == 2


@pytest.mark.parametrize("errcode", CODES_OF_TOKENS)
async def test_a_refused_token_brings_one_refresh_and_one_more_try(settings: Settings, errcode: int) -> None:
    async with nodes(settings) as here:
        here.wechat.faults.fail(SEND, errcode)
        assert await say(here) == Sent()
        assert (here.fetches, len(here.wechat.called(SEND))) == (2, 2)


@pytest.mark.parametrize("errcode", CODES_OF_TOKENS)
async def test_a_token_that_is_refused_for_ever_brings_one_refresh_and_an_error(
    settings: Settings, errcode: int
) -> None:
    async with nodes(settings) as here:
        here.wechat.faults.fail(SEND, errcode, times=100)
        with pytest.raises(errors.TokenRefused) as raised:
            await say(here)
        assert raised.value.errcode == errcode
        assert (here.fetches, len(here.wechat.called(SEND))) == (2, 2)


async def test_a_token_that_is_given_again_though_refused_is_forced_away_but_rarely(settings: Settings) -> None:
    async with nodes(settings) as here:

        async def refused() -> bool:
            """Whether the refresh of a message that is refused was forced."""
            with pytest.raises(errors.TokenRefused):
                await say(here)
            return bool(here.wechat.called(STABLE_TOKEN)[-1].body["force_refresh"])

        here.wechat.faults.fail(SEND, 40001, times=100)
        assert [await refused() for _ in range(5)] == [False, True, False, False, False]
        await here.wechat.jump(2 * 3600)
        assert [await refused(), await refused()] == [False, True]


@pytest.mark.parametrize(("name", "errcode"), [("wechat_secret", 40125), ("wechat_appid", 40013)])
async def test_wrong_keys_are_told_as_such(settings: Settings, name: str, errcode: int) -> None:
    async with nodes(settings, **{name: "wrong"}) as here:
        with pytest.raises(errors.BadCredentials) as raised:
            await say(here)
        assert raised.value.errcode == errcode
        assert here.wechat.called(SEND) == []


async def test_an_address_that_is_not_in_the_whitelist_is_told_and_not_tried_again(settings: Settings) -> None:
    async with nodes(settings) as here:
        here.wechat.world.whitelist = set()
        failed = await asyncio.gather(*(say(here) for _ in range(4)), return_exceptions=True)
        assert {type(each) for each in failed} == {errors.AddressNotAllowed}
        assert isinstance(failed[0], errors.AddressNotAllowed)
        assert failed[0].address == "127.0.0.1"
        assert here.fetches == 1
        here.wechat.world.whitelist = None
        await here.wechat.jump(10)
        assert await say(here) == Sent()


async def test_a_busy_wechat_is_asked_for_a_token_three_times_more(settings: Settings) -> None:
    async with nodes(settings) as here:
        here.wechat.faults.fail(STABLE_TOKEN, -1, times=3)
        assert await say(here) == Sent()
        await here.wechat.jump(7200)
        here.wechat.faults.fail(STABLE_TOKEN, -1, times=4)
        with pytest.raises(errors.Busy):
            await say(here)


async def test_a_node_that_died_while_it_fetched_is_waited_for_no_longer_than_its_lease(settings: Settings) -> None:
    async with nodes(settings) as here:
        store = TokenStore(here.databases[0], here.one.account)
        assert await store.claim(0, here.wechat.clock.now(), LEASE_SECONDS)
        waiting = asyncio.ensure_future(say(here))
        await asyncio.wait({waiting}, timeout=0.3)
        assert not waiting.done()
        here.wechat.clock.jump(LEASE_SECONDS)
        assert await asyncio.wait_for(waiting, 10) == Sent()


async def test_who_waited_for_a_token_may_go_away_without_ending_the_fetch(settings: Settings) -> None:
    async with nodes(settings) as here:
        here.wechat.faults.delay(STABLE_TOKEN, 0.3)
        gone, stays = (asyncio.ensure_future(say(here)) for _ in range(2))
        while not here.fetches:
            await asyncio.sleep(0.01)
        gone.cancel()
        assert await stays == Sent()
        assert here.fetches == 1


async def test_neither_secret_nor_token_shows(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    logged = LogCapture()
    listening = structlog.wrap_logger(None, processors=[logged], wrapper_class=structlog.make_filtering_bound_logger(0))
    for module in (tokens, errors, sending):
        monkeypatch.setattr(module, "log", listening)
    async with nodes(settings) as here:
        token = await here.one.tokens.current()
        for fault in (here.wechat.faults.lose_answer, here.wechat.faults.lose_request, here.wechat.faults.garbage):
            fault(SEND)
            raised = await asyncio.gather(say(here), return_exceptions=True)
            chain, told = raised[0], ""
            while isinstance(chain, BaseException):
                told, chain = told + repr(chain), chain.__cause__ or chain.__context__
            assert "Unreachable" in told or "DeliveryUnknown" in told
            assert token.value not in told
        here.wechat.faults.fail(SEND, 99999)
        await say(here)
        here.wechat.world.tokens.revoke()
        await say(here)
        shown = f"{logged.entries} {here.one} {token}"
    for secret in (token.value, Account().secret, OPENID):
        assert secret not in shown
    told = [each["event"] for each in logged.entries]
    assert told == ["wechat token fetched", "wechat refused", "wechat token fetched"]
