"""Access tokens of the fake WeChat, and limits of calls."""

from __future__ import annotations

from typing import Any

from tests.wechat.callback import Scene, scene, still

IPS = "/cgi-bin/getcallbackip"


async def plain(here: Scene, **changes: str) -> dict[str, Any]:
    """A token by GET."""
    account = here.wechat.account
    query = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret, **changes}
    return await here.api.get("/cgi-bin/token", **query)


async def stable(here: Scene, force: bool = False) -> dict[str, Any]:
    """A stable token."""
    account = here.wechat.account
    body = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
    return await here.api.post("/cgi-bin/stable_token", {**body, "force_refresh": force})


async def used(here: Scene, token: str) -> int:
    """The errcode of a call with a token."""
    return int((await here.api.get(IPS, access_token=token)).get("errcode", 0))


async def test_a_new_token_ends_the_one_before() -> None:
    async with scene(clock=still()) as here:
        first = await plain(here)
        assert first["expires_in"] == 7200
        assert await used(here, first["access_token"]) == 0
        second = (await plain(here))["access_token"]
        assert [await used(here, first["access_token"]), await used(here, second)] == [40001, 0]
        await here.wechat.jump(7200)
        assert await used(here, second) == 42001


async def test_the_predecessor_may_stay_good_for_a_while() -> None:
    async with scene(clock=still()) as here:
        here.wechat.world.tokens.plain_overlap = 60
        first = (await plain(here))["access_token"]
        await plain(here)
        assert await used(here, first) == 0
        await here.wechat.jump(60)
        assert await used(here, first) == 42001


async def test_a_stable_token_stays_the_same_until_its_last_five_minutes() -> None:
    async with scene(clock=still()) as here:
        first = await stable(here)
        await here.wechat.jump(6900)
        again = await stable(here)
        assert again == {"access_token": first["access_token"], "expires_in": 300}
        await here.wechat.jump(1)
        second = await stable(here)
        assert second["access_token"] != first["access_token"]
        assert second["expires_in"] == 7200
        assert [await used(here, each["access_token"]) for each in (first, second)] == [0, 0]
        await here.wechat.jump(299)
        assert [await used(here, each["access_token"]) for each in (first, second)] == [42001, 0]


async def test_the_two_ways_do_not_disturb_each_other() -> None:
    async with scene() as here:
        kept = (await stable(here))["access_token"]
        other = (await plain(here))["access_token"]
        assert (await stable(here, force=True))["access_token"] != kept
        assert [await used(here, kept), await used(here, other)] == [40001, 0]


async def test_forcing_is_limited() -> None:
    async with scene(clock=still()) as here:
        assert "access_token" in await stable(here, force=True)
        assert (await stable(here, force=True))["errcode"] == 45011
        for _ in range(19):
            await here.wechat.jump(30)
            assert "access_token" in await stable(here, force=True)
        await here.wechat.jump(30)
        assert (await stable(here, force=True))["errcode"] == 45009
        await here.wechat.jump(86_400)
        assert "access_token" in await stable(here, force=True)


async def test_wrong_tokens_and_keys_have_their_own_errors() -> None:
    async with scene() as here:
        here.api.token = ""
        assert (await here.api.get(IPS))["errcode"] == 41001
        assert await used(here, "nonsense") == 40014
        assert await used(here, "9_" + "a" * 100) == 40001
        assert (await plain(here, secret="wrong"))["errcode"] == 40125
        assert (await plain(here, appid="wrong"))["errcode"] == 40013
        assert (await plain(here, grant_type="wrong"))["errcode"] == 40002
        assert (await here.api.get("/cgi-bin/stable_token"))["errcode"] == 43002
        token = (await plain(here))["access_token"]
        here.wechat.world.tokens.revoke()
        assert await used(here, token) == 40001


async def test_addresses_outside_the_whitelist_get_no_token() -> None:
    async with scene() as here:
        here.wechat.world.whitelist = {"203.0.113.7"}
        told = await stable(here)
        assert told["errcode"] == 40164
        assert "127.0.0.1" in told["errmsg"]
        assert (await plain(here))["errcode"] == 40164
        assert await used(here, here.api.token) == 0


async def test_calls_are_limited_by_day_until_the_counts_are_cleared() -> None:
    async with scene(clock=still()) as here:
        here.wechat.world.limits.daily["/cgi-bin/token"] = 2
        assert [("errcode" in await plain(here)) for _ in range(3)] == [False, False, True]
        assert (await plain(here))["errcode"] == 45009
        appid = here.wechat.account.appid
        assert (await here.api.post("/cgi-bin/clear_quota", {"appid": appid}))["errcode"] == 0
        assert "access_token" in await plain(here)
        v2 = {"appid": appid, "appsecret": here.wechat.account.secret}
        cleared = [(await here.api.post("/cgi-bin/clear_quota/v2", v2))["errcode"] for _ in range(10)]
        assert cleared == [0] * 9 + [48006]
        await here.wechat.jump(86_400)
        assert "access_token" in await plain(here)


async def test_all_calls_are_kept() -> None:
    async with scene() as here:
        await here.api.send("o-nobody", "您好")
        (call,) = here.wechat.called("/cgi-bin/message/custom/send")
        assert (call.errcode, call.body["text"]) == (40003, {"content": "您好"})
