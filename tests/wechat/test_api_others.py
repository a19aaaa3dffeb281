"""Menu, notices, WeChat's own desk, QR codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.wechat.api import errors, menu, notices
from bot.channels.wechat.api.desk import Begun, Servicer
from bot.channels.wechat.api.notices import Notice
from bot.channels.wechat.api.outcomes import Gone, Refused, Sent, Why
from bot.errors import BadInput, ShopError
from bot.settings import ROOT, Settings
from tests.wechat.fake import Account
from tests.wechat.fake.clock import DAY
from tests.wechat.nodes import OPENID, nodes

SHOP = ROOT / "shop"
TOLD = {
    "ticket": "T20260301001",
    "text": "您的退款已经提交，支付渠道在处理，到账前请留意短信",
    "at": "2026-03-01 10:00",
}


def written(directory: Path, name: str, content: Any) -> Path:
    (directory / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return directory


# --- The menu ------------------------------------------------------------------------------------------------------


async def test_the_shops_menu_is_taken_by_wechat_and_its_clicks_mean_intents(settings: Settings) -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    shipped = menu.load(SHOP, domain["intents"])
    async with nodes(settings) as here:
        board = here.one.menu
        assert await board.shown() == []
        await board.push(shipped)
        await board.push(shipped)
        assert await board.shown() == shipped.as_json()["button"]
        push = await here.user.clicks("track_order")
        assert shipped.payload_of(str(push.fields["EventKey"])) == "/track_order"
        assert [shipped.payload_of(key) for key in ("restart", "", None, "inform{}")] == [None] * 4
        await board.remove()
        assert await board.shown() == []


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"menu": []}, "one to 3 buttons"),
        ({"menu": [{"name": "查订单", "intent": "track_order"}] * 4}, "one to 3 buttons"),
        ({"menu": [{"name": "名字太长了啊", "intent": "track_order"}]}, "one to 16 bytes"),
        ({"menu": [{"name": "问", "items": [{"name": "问", "intent": "greet"}] * 6}]}, "one to 5 items"),
        ({"menu": [{"name": "问", "intent": "greet", "url": "https://a.example"}]}, "name with intent"),
        ({"menu": [{"name": "问", "url": "javascript:alert(1)"}]}, "an address"),
        ({"menu": [{"name": "问", "intent": "/restart"}]}, "no intent"),
        ({"menu": [{"name": "问", "intent": "no_such_thing"}]}, "no such intent: no_such_thing"),
        (["menu"], "one to 3 buttons"),
    ],
)
def test_a_menu_that_wechat_would_refuse_is_refused_with_what_is_wrong(tmp_path: Path, told: Any, what: str) -> None:
    with pytest.raises(ShopError, match=what):
        menu.load(written(tmp_path, menu.FILE, told), {"greet", "track_order"})


async def test_pages_and_mini_programs_may_stand_in_the_menu(settings: Settings, tmp_path: Path) -> None:
    page = {"name": "进店逛逛", "url": "https://shop.example/"}
    program = {"name": "小程序", "appid": "wx0123456789abcdef", "page": "pages/index", "url": "https://shop.example/m"}
    made = menu.load(written(tmp_path, menu.FILE, {"menu": [page, {"name": "更多", "items": [program]}]}))
    async with nodes(settings) as here:
        await here.one.menu.push(made)
        await here.user.views("https://shop.example/")


def test_a_menu_that_is_not_there_or_no_yaml_is_told(tmp_path: Path) -> None:
    with pytest.raises(ShopError, match="missing"):
        menu.load(tmp_path)
    (tmp_path / menu.FILE).write_text("menu: [", encoding="utf-8")
    with pytest.raises(ShopError, match="no YAML"):
        menu.load(tmp_path)


# --- Notices -------------------------------------------------------------------------------------------------------


def test_the_shops_notices_are_off_until_they_have_a_template() -> None:
    assert notices.load(SHOP) == {}


async def test_a_template_message_arrives_when_no_other_may(settings: Settings, tmp_path: Path) -> None:
    told = yaml.safe_load((SHOP / notices.FILE).read_text(encoding="utf-8"))
    told["notices"]["ticket_news"] |= {"template": "T-1", "url": "https://shop.example/t/{ticket}"}
    notice = notices.load(written(tmp_path, notices.FILE, told))["ticket_news"]
    async with nodes(settings) as here:
        await here.wechat.jump(3 * DAY)
        sent = await here.one.notices.send(OPENID, notice, TOLD)
        assert isinstance(sent, Sent)
        shown = here.user.screen[-1]
        assert shown.content["url"] == "https://shop.example/t/T20260301001"
        assert shown.text.splitlines() == [
            "T20260301001",
            "您的退款已经提交，支付渠道在处理，到账…",
            "2026-03-01 10:00",
        ]
        await here.wechat.settled()
        assert str(here.wechat.pushes[-1].fields["MsgID"]) == sent.message_id
        await here.user.unfollow()
        assert await here.one.notices.send(OPENID, notice, TOLD) == Gone(Why.NOT_FOLLOWING)


async def test_a_subscription_message_needs_the_customers_leave_each_time(settings: Settings) -> None:
    notice = Notice("subscription", "S-1", {"thing1": "{text}"}, "https://shop.example/")
    async with nodes(settings) as here:
        refused = Refused(43101, Why.NOT_SUBSCRIBED)
        assert await here.one.notices.send(OPENID, notice, TOLD) == refused
        await here.user.allows_notice("S-1")
        assert isinstance(await here.one.notices.send(OPENID, notice, TOLD), Sent)
        assert await here.one.notices.send(OPENID, notice, TOLD) == refused
        here.wechat.world.templates = set()
        assert await here.one.notices.send(OPENID, notice, TOLD) == Refused(40037, Why.BAD_TEMPLATE)


@pytest.mark.parametrize(
    "told",
    [
        [],
        {"notices": {"news": {"template": "T-1"}}},
        {"notices": {"news": {"template": "T-1", "fields": {"thing1": "x"}, "kind": "letter"}}},
        {"notices": {"news": {"template": "T-1", "fields": {"thing1": "{"}}}},
        {"notices": {"news": {"template": "T-1", "fields": {"thing1": "x"}, "colour": "red"}}},
    ],
)
def test_notices_that_cannot_be_sent_are_refused(tmp_path: Path, told: Any) -> None:
    with pytest.raises(ShopError):
        notices.load(written(tmp_path, notices.FILE, told))


def test_a_notice_without_a_value_for_its_field_is_refused() -> None:
    with pytest.raises(ShopError, match="'amount'"):
        Notice("template", "T-1", {"thing1": "{amount}"}).body(OPENID, TOLD)


# --- WeChat's own desk ---------------------------------------------------------------------------------------------


async def test_a_customer_is_handed_to_who_is_there_and_given_back(settings: Settings) -> None:
    async with nodes(settings) as here:
        desk = here.one.desk
        here.wechat.desk.employ("zhou@fake", "小周")
        here.wechat.desk.employ("wang@fake", "小王", online=False)
        assert await desk.staff() == [Servicer("zhou@fake", "小周"), Servicer("wang@fake", "小王")]
        assert await desk.online() == [Servicer("zhou@fake")]
        assert await desk.begin(OPENID, "wang@fake") is Begun.OFFLINE
        assert await desk.begin(OPENID, "li@fake") is Begun.NO_SUCH_PERSON
        assert await desk.serves(OPENID) == ""
        assert await desk.begin(OPENID, "zhou@fake") is Begun.BEGUN
        assert await desk.serves(OPENID) == "zhou@fake"
        here.wechat.desk.employ("chen@fake", "小陈")
        assert [each.account for each in await desk.online()] == ["chen@fake", "zhou@fake"]
        assert await desk.begin(OPENID, "chen@fake") is Begun.SERVED_ALREADY
        assert await desk.end(OPENID, "zhou@fake")
        assert not await desk.end(OPENID, "zhou@fake")
        assert await desk.serves(OPENID) == ""


async def test_an_account_without_a_desk_is_told_as_such(settings: Settings) -> None:
    async with nodes(settings, account=Account(kind="unverified")) as here:
        with pytest.raises(errors.Refusal) as raised:
            await here.one.desk.online()
        assert raised.value.errcode == 48001


# --- QR codes ------------------------------------------------------------------------------------------------------


async def test_a_scan_means_what_its_code_was_made_for(settings: Settings) -> None:
    async with nodes(settings, 2) as here:
        code = await here.one.scenes.create("poster-1", "/ask_coupon", 3600)
        stranger = here.wechat.user("o-new")
        followed = await stranger.scans(code.ticket)
        again = await here.user.scans(code.ticket)
        assert followed is not None
        assert again is not None
        assert followed.fields["EventKey"] == "qrscene_poster-1"
        assert await here.nodes[1].scenes.payload_of(str(again.fields["EventKey"])) == "/ask_coupon"
        assert code.picture.startswith(f"{here.wechat.address}/cgi-bin/showqrcode?ticket=")
        await here.wechat.jump(3600)
        assert await here.one.scenes.payload_of("poster-1") is None


async def test_a_code_that_lasts_may_take_a_new_meaning(settings: Settings) -> None:
    async with nodes(settings) as here:
        first = await here.one.scenes.create("parcel-card", "/ask_warranty")
        assert first.seconds is None
        await here.one.scenes.create("parcel-card", "/greet")
        await here.wechat.jump(400 * DAY)
        assert await here.one.scenes.payload_of("parcel-card") == "/greet"
        assert [await here.one.scenes.payload_of(each) for each in ("", None, "x", "中" * 99)] == [None] * 4


@pytest.mark.parametrize(("scene", "seconds"), [("", 60), ("x" * 65, 60), ("有字", 60), ("x", 59), ("x", 31 * 86400)])
async def test_a_code_that_wechat_would_not_make_is_refused(settings: Settings, scene: str, seconds: int) -> None:
    async with nodes(settings) as here:
        with pytest.raises(BadInput):
            await here.one.scenes.create(scene, "/greet", seconds)
        assert here.wechat.called("/cgi-bin/qrcode/create") == []
