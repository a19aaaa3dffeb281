"""What else an account has at the fake WeChat: menu, codes, templates, notices, authorisation."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.wechat.callback import Scene, scene, still
from tests.wechat.fake import Account

MENU = {
    "button": [
        {"type": "click", "name": "查订单", "key": "MY_ORDERS"},
        {"name": "售后", "sub_button": [{"type": "view", "name": "商城", "url": "https://example.com/"}]},
    ]
}


async def test_a_menu_is_kept_told_and_deleted() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        assert (await here.api.get("/cgi-bin/menu/get"))["errcode"] == 46003
        assert (await here.api.post("/cgi-bin/menu/create", MENU))["errcode"] == 0
        assert (await here.api.get("/cgi-bin/menu/get"))["menu"] == MENU
        await user.clicks("MY_ORDERS")
        await user.views("https://example.com/")
        assert here.callback.events == ["subscribe", "CLICK", "VIEW"]
        with pytest.raises(LookupError):
            await user.clicks("OTHER")
        assert (await here.api.get("/cgi-bin/menu/delete"))["errcode"] == 0
        assert (await here.api.get("/cgi-bin/menu/get"))["errcode"] == 46003


@pytest.mark.parametrize(
    ("button", "errcode"),
    [
        ([], 40016),
        ([{"type": "click", "name": "a", "key": "A"}] * 4, 40016),
        ([{"name": "a", "sub_button": [{"type": "click", "name": "a", "key": "A"}] * 6}], 40023),
        ([{"type": "click", "name": "一二三四五六", "key": "A"}], 40018),
        ([{"type": "press", "name": "a", "key": "A"}], 40017),
        ([{"type": "click", "name": "a", "key": "A" * 129}], 40019),
        ([{"type": "view", "name": "a"}], 40020),
    ],
)
async def test_menus_with_too_much_or_too_little_are_refused(button: list[dict[str, Any]], errcode: int) -> None:
    async with scene() as here:
        assert (await here.api.post("/cgi-bin/menu/create", {"button": button}))["errcode"] == errcode


async def test_a_code_brings_its_scene_until_it_expires() -> None:
    async with scene(clock=still()) as here:
        user = here.wechat.user("o-lin")
        scene_of = {"expire_seconds": 600, "action_name": "QR_STR_SCENE"}
        told = await here.api.post(
            "/cgi-bin/qrcode/create", scene_of | {"action_info": {"scene": {"scene_str": "s-1"}}}
        )
        assert told["expire_seconds"] == 600
        address = here.wechat.address + "/cgi-bin/showqrcode"
        async with here.api.session.get(address, params={"ticket": told["ticket"]}) as answer:
            assert (await answer.read()).startswith(b"\x89PNG")
        await user.scans(told["ticket"])
        await user.scans(told["ticket"])
        follow, scan = (received.fields for received in here.callback.received)
        assert (follow["Event"], follow["EventKey"], follow["Ticket"]) == ("subscribe", "qrscene_s-1", told["ticket"])
        assert (scan["Event"], scan["EventKey"]) == ("SCAN", "s-1")
        await here.later(600)
        assert await user.scans(told["ticket"]) is None
        assert user.screen[-1].kind == "system"
        lasting = {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 7}}}
        assert "expire_seconds" not in await here.api.post("/cgi-bin/qrcode/create", lasting)
        assert (await here.api.post("/cgi-bin/qrcode/create", {"action_name": "QR"}))["errcode"] == 40035


async def test_a_template_is_shown_and_its_end_told_as_an_event() -> None:
    async with scene(clock=still()) as here:
        user = here.wechat.user("o-lin")
        body = {"touser": "o-lin", "template_id": "T1", "data": {"thing1": {"value": "已发货"}}}
        path = "/cgi-bin/message/template/send"
        assert (await here.api.post(path, body))["errcode"] == 43004
        await user.follow()
        await here.later(49 * 3600)
        told = await here.api.post(path, body)
        await here.wechat.settled()
        assert [(shown.kind, shown.text) for shown in user.screen] == [("template", "已发货")]
        finished = here.callback.received[-1].fields
        assert (finished["Event"], finished["Status"]) == ("TEMPLATESENDJOBFINISH", "success")
        assert finished["MsgID"] == str(told["msgid"])
        user.member.blocks_templates = True
        await here.api.post(path, body)
        await here.wechat.settled()
        assert here.callback.received[-1].fields["Status"] == "failed:user block"
        assert len(user.screen) == 1
        here.wechat.world.templates = {"T2"}
        assert (await here.api.post(path, body))["errcode"] == 40037


async def test_a_notice_may_be_sent_once_for_each_time_that_it_was_allowed() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        await user.follow()
        body = {"touser": "o-lin", "template_id": "N1", "data": {"thing1": {"value": "已签收"}}}
        path = "/cgi-bin/message/subscribe/bizsend"
        await user.allows_notice("N1", refuses=True)
        assert (await here.api.post(path, body))["errcode"] == 43101
        await user.allows_notice("N1")
        assert [(await here.api.post(path, body))["errcode"] for _ in range(2)] == [0, 43101]
        await here.wechat.settled()
        assert [(shown.kind, shown.text) for shown in user.screen] == [("notice", "已签收")]
        popup, sent = "subscribe_msg_popup_event", "subscribe_msg_sent_event"
        assert here.callback.events == ["subscribe", popup, popup, sent]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("verified_subscription", "/cgi-bin/message/template/send"),
        ("verified_subscription", "/cgi-bin/qrcode/create"),
        ("unverified", "/cgi-bin/message/subscribe/bizsend"),
        ("unverified", "/customservice/kfsession/create"),
    ],
)
async def test_accounts_have_only_the_rights_of_their_kind(kind: Any, path: str) -> None:
    async with scene(account=Account(kind=kind)) as here:
        assert (await here.api.post(path, {}))["errcode"] == 48001


async def authorised(here: Scene, scope: str = "snsapi_base", **changes: str) -> str:
    """The address to which the page of authorisation leads; empty when it leads nowhere."""
    query = {
        "appid": here.wechat.account.appid,
        "redirect_uri": "https://shop.example/bind?from=menu",
        "response_type": "code",
        "scope": scope,
        "state": "s&1",
        "as_user": "o-lin",
        **changes,
    }
    address = here.wechat.address + "/connect/oauth2/authorize"
    async with here.api.session.get(address, params=query, allow_redirects=False) as answer:
        return answer.headers.get("Location", "")


async def exchanged(here: Scene, code: str, **changes: str) -> dict[str, Any]:
    """What a code is exchanged for."""
    account = here.wechat.account
    query = {"appid": account.appid, "secret": account.secret, "code": code, "grant_type": "authorization_code"}
    return await here.api.get("/sns/oauth2/access_token", **query | changes)


async def test_a_code_tells_the_openid_once_and_within_five_minutes() -> None:
    async with scene(clock=still()) as here:
        here.wechat.user("o-lin")
        told = parse_qs(urlsplit(await authorised(here)).query)
        assert (told["from"], told["state"]) == (["menu"], ["s&1"])
        (code,) = told["code"]
        assert (await exchanged(here, code, secret="wrong"))["errcode"] == 40125
        first = await exchanged(here, code)
        assert (first["openid"], first["scope"], first["expires_in"]) == ("o-lin", "snsapi_base", 7200)
        assert (await exchanged(here, code))["errcode"] == 40163
        assert (await exchanged(here, "made-up"))["errcode"] == 40029
        late = parse_qs(urlsplit(await authorised(here)).query)["code"][0]
        await here.later(300)
        assert (await exchanged(here, late))["errcode"] == 42003
        assert (await here.api.get("/cgi-bin/getcallbackip", access_token=first["access_token"]))["errcode"] in (
            40001,
            40014,
        )


async def test_the_web_token_tells_the_name_if_the_user_agreed_to_that() -> None:
    async with scene() as here:
        here.wechat.user("o-lin", "Lin")
        for scope, expected in (("snsapi_base", 48001), ("snsapi_userinfo", None)):
            code = parse_qs(urlsplit(await authorised(here, scope)).query)["code"][0]
            token = await exchanged(here, code)
            asked = {"access_token": token["access_token"], "openid": "o-lin"}
            told = await here.api.get("/sns/userinfo", **asked)
            assert told.get("errcode") == expected
            assert (await here.api.get("/sns/auth", **asked))["errcode"] == 0
        assert told["nickname"] == "Lin"
        refreshed = {"appid": here.wechat.account.appid, "grant_type": "refresh_token"}
        renewed = await here.api.get("/sns/oauth2/refresh_token", **refreshed, refresh_token=token["refresh_token"])
        assert renewed["openid"] == "o-lin"


async def test_the_page_of_authorisation_leads_nowhere_when_it_is_asked_wrongly() -> None:
    async with scene() as here:
        here.wechat.user("o-lin")
        here.wechat.world.oauth.domain = "shop.example"
        assert await authorised(here)
        assert not await authorised(here, redirect_uri="https://evil.example/")
        assert not await authorised(here, redirect_uri="javascript:alert(1)")
        assert not await authorised(here, appid="wrong")
        assert not await authorised(here, as_user="o-nobody")
        here.wechat.account.kind = "verified_subscription"
        assert not await authorised(here)


async def test_user_info_tells_who_follows() -> None:
    async with scene() as here:
        user = here.wechat.user("o-lin")
        assert (await here.api.get("/cgi-bin/user/info", openid="o-lin"))["subscribe"] == 0
        await user.follow()
        assert (await here.api.get("/cgi-bin/user/info", openid="o-lin"))["subscribe"] == 1
        assert (await here.api.get("/cgi-bin/user/info", openid="o-nobody"))["errcode"] == 40003
