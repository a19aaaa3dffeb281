"""Refusals as WeChat really writes them, and what is asked of it to the letter."""

from __future__ import annotations

import pytest

from bot.channels.wechat.api import errors
from bot.channels.wechat.api.errors import error_of
from bot.settings import Settings
from tests.wechat.nodes import STABLE_TOKEN, nodes

PATH = "/cgi-bin/message/custom/send"


@pytest.mark.parametrize(
    ("errcode", "errmsg", "kind", "request_id"),
    [
        (
            40001,
            "invalid credential, access_token is invalid or not latest hint: [9.ZaUa0975vr21]",
            errors.TokenRefused,
            "9.ZaUa0975vr21",
        ),
        (
            40164,
            "invalid ip 61.172.68.219, not in whitelist hint: [KJZfAa0644e575]",
            errors.AddressNotAllowed,
            "KJZfAa0644e575",
        ),
        (45047, "out of response count limit hint:[2TCvgA0175ge21]", errors.Refusal, "2TCvgA0175ge21"),
        (
            45002,
            "content size out of limit rid: 656d6d2f-14532dc3-2ed875c3",
            errors.Refusal,
            "656d6d2f-14532dc3-2ed875c3",
        ),
        (45009, "reach max api daily quota limit hint: [1yGX4a0011e514]", errors.QuotaUsedUp, "1yGX4a0011e514"),
        (-1, "system error", errors.Busy, ""),
    ],
)
def test_a_refusal_is_known_by_its_code_and_kept_with_wechats_own_number(
    errcode: int, errmsg: str, kind: type[errors.WeChatError], request_id: str
) -> None:
    error = error_of(PATH, errcode, errmsg)
    assert type(error) is kind
    assert (error.path, error.errcode, error.request_id) == (PATH, errcode, request_id)


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("invalid ip 61.172.68.219, not in whitelist hint: [KJZfAa0644e575]", "61.172.68.219"),
        (
            "invalid ip 61.172.68.219 ipv6 ::ffff:61.172.68.219, not in whitelist rid: 656d6d2f-14532dc3",
            "61.172.68.219",
        ),
        ("invalid ip 2408:400a:1:4300::7f, not in whitelist", "2408:400a:1:4300::7f"),
        ("invalid ip, not in whitelist rid: 656d6d2f-14532dc3-2ed875c3", ""),
    ],
)
def test_the_address_that_must_go_into_the_whitelist_is_told(told: str, address: str) -> None:
    error = error_of(STABLE_TOKEN, 40164, told, for_token=True)
    assert isinstance(error, errors.AddressNotAllowed)
    assert error.address == address


@pytest.mark.parametrize("errcode", [40001, 40013, 40125])
def test_a_token_that_is_refused_to_whoever_asks_for_one_means_wrong_keys(errcode: int) -> None:
    assert isinstance(error_of(STABLE_TOKEN, errcode, "", for_token=True), errors.BadCredentials)


async def test_the_stable_token_is_asked_for_as_the_document_says(settings: Settings) -> None:
    async with nodes(settings) as here:
        await here.one.tokens.current()
        account = here.wechat.account
        assert here.wechat.called(STABLE_TOKEN)[0].body == {
            "grant_type": "client_credential",
            "appid": account.appid,
            "secret": account.secret,
            "force_refresh": False,
        }
        assert here.wechat.called("/cgi-bin/token") == []
