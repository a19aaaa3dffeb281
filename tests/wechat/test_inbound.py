"""Every kind of push is read into what it is, unknown ones are kept; by its key a retry is known, nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.wechat import events, messages
from bot.channels.wechat.events import EVENTS, UnknownEvent
from bot.channels.wechat.inbound import read
from bot.channels.wechat.messages import MESSAGES, UnknownMessage
from bot.channels.wechat.push import Push
from bot.channels.wechat.xml import cdata, element, parse
from bot.errors import BadInput
from tests.wechat.official import PUSHES

MESSAGE = {"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": "1348831860", "MsgId": "7250021412600020992"}
EVENT = {"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": "123456789", "MsgType": "event"}


def push(told: dict[str, str], inside: str = "") -> Push:
    """Read from fields; `inside` is XML that stands beside them."""
    return read(parse(element("xml", *(cdata(name, value) for name, value in told.items()), inside).encode()))


def message(kind: str, **told: str) -> Any:
    return push({**MESSAGE, "MsgType": kind, **told})


def event(kind: str, inside: str = "", **told: str) -> Any:
    return push({**EVENT, "Event": kind, **told}, inside)


@pytest.mark.parametrize("sample", PUSHES["pushes"], ids=[sample["id"] for sample in PUSHES["pushes"]])
def test_a_published_sample_is_read(sample: dict[str, Any]) -> None:
    told = read(parse(sample["xml"].encode()))
    assert told.kind == sample["kind"]
    assert type(told) is (EVENTS if sample["id"].startswith("evt") else MESSAGES)[sample["kind"]]
    for name, value in sample["fields"].items():
        assert getattr(told, name) == (tuple(value) if isinstance(value, list) else value), name
    assert told.dedup_key == tuple(sample["dedup_key"])


def test_a_voice_message_with_an_empty_recognition_has_none() -> None:
    told = message("voice", MediaId="m", Format="amr", Recognition=" ")
    assert (told.format, told.recognition, told.media_id_16k) == ("amr", None, None)
    assert message("voice", MediaId="m", Recognition="我要退款").recognition == "我要退款"


def test_a_mini_program_card_is_read_and_its_message_id_need_be_no_number() -> None:
    told = message(
        "miniprogrampage", MsgId="msg-a1", Title="杯子", AppId="wx1", PagePath="p?id=1", ThumbUrl="u", ThumbMediaId="t"
    )
    assert told == messages.MiniProgramPage(
        to="gh_1",
        sender="o1",
        created_at=1348831860,
        kind="miniprogrampage",
        msg_id="msg-a1",
        msg_data_id=None,
        idx=None,
        title="杯子",
        app_id="wx1",
        page_path="p?id=1",
        thumb_url="u",
        thumb_media_id="t",
    )


def test_events_of_the_menu_are_read() -> None:
    assert event("VIEW", EventKey="https://a.example/", MenuId="9").menu_id == "9"
    assert event("view_miniprogram", EventKey="pages/index", MenuId="9").event_key == "pages/index"
    pictures = event(
        "pic_photo_or_album",
        "<SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item>"
        "<item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>",
        EventKey="6",
    )
    assert (pictures.count, pictures.checksums, pictures.event_key) == (2, ("a", "b"), "6")
    place = event(
        "location_select",
        "<SendLocationInfo><Location_X>23</Location_X><Location_Y>113</Location_Y><Scale>15</Scale>"
        "<Label><![CDATA[艺苑路 106号]]></Label><Poiname></Poiname></SendLocationInfo>",
    )
    assert (place.latitude, place.longitude, place.scale) == (23, 113, 15)
    assert (place.label, place.name) == ("艺苑路 106号", None)


def test_events_of_notices_are_read() -> None:
    outcome = "<TemplateId>T</TemplateId><MsgID>2794188253209100289</MsgID><ErrorCode>0</ErrorCode><ErrorStatus>success"
    sent = event(
        "subscribe_msg_sent_event",
        f"<SubscribeMsgSentEvent><List>{outcome}</ErrorStatus></List></SubscribeMsgSentEvent>",
    )
    assert sent.outcomes == (events.Outcome("T", "2794188253209100289", 0, "success"),)
    assert sent.detail == "2794188253209100289"
    changed = event(
        "subscribe_msg_change_event",
        "<SubscribeMsgChangeEvent><List><TemplateId>T</TemplateId><SubscribeStatusString>reject</SubscribeStatusString>"
        "</List></SubscribeMsgChangeEvent>",
    )
    assert (changed.accepted, changed.rejected) == ((), ("T",))
    assert event("TEMPLATESENDJOBFINISH", MsgID="1", Status="failed:user block").status == "failed:user block"


def test_who_comes_by_another_way_than_a_qr_code_has_no_scene() -> None:
    assert event("subscribe").scene is None
    assert event("subscribe", EventKey="last_trade_no_123").scene is None
    assert event("subscribe", EventKey="qrscene_").scene is None


@pytest.mark.parametrize("kind", ["hologram", "Text", "stream"])
def test_an_unknown_message_is_kept_with_its_fields(kind: str) -> None:
    told = message(kind, Shape="cube")
    assert isinstance(told, UnknownMessage)
    assert (told.kind, told.msg_id, dict(told.told)["Shape"]) == (kind, MESSAGE["MsgId"], "cube")


def test_an_unknown_event_is_kept_with_its_fields() -> None:
    told = event("some_future_event", "<Deep><X>1</X></Deep>", EventKey="", debug_str="hello world")
    assert isinstance(told, UnknownEvent)
    assert (told.event_key, dict(told.told)["debug_str"]) == (None, "hello world")
    assert told.dedup_key == ("gh_1", "o1", "123456789", "some_future_event", "")


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("image", {"PicUrl": "u"}),
        ("location", {"Location_X": "nan", "Location_Y": "1"}),
        ("location", {"Location_X": "1_0", "Location_Y": "1"}),
        ("location", {"Location_X": "1" * 400, "Location_Y": "1"}),
        ("link", {"Title": "t"}),
    ],
)
def test_a_message_without_what_its_kind_needs_is_kept_as_unknown(kind: str, told: dict[str, str]) -> None:
    assert isinstance(message(kind, **told), UnknownMessage)


def test_elements_that_nobody_knows_are_passed_over() -> None:
    told = message("text", URL="https://debugger.example/", Content="hello", Extra="x")
    assert told == message("text", Content="hello")


def test_a_text_may_be_empty_and_a_scale_no_number() -> None:
    assert message("text").content == ""
    assert message("location", Location_X="-23.5", Location_Y="1", Scale="x").scale is None


@pytest.mark.parametrize("name", [*MESSAGE, "MsgType"])
@pytest.mark.parametrize("value", ["", " ", "x" * 129])
def test_a_push_without_what_all_have_is_refused(name: str, value: str) -> None:
    with pytest.raises(BadInput, match=name):
        message("text", **{"Content": "hi", name: value})


@pytest.mark.parametrize("time", ["", "soon", "1e9", "１２", "9" * 19])
def test_a_time_that_is_none_is_refused(time: str) -> None:
    with pytest.raises(BadInput, match="CreateTime"):
        message("text", CreateTime=time)


def test_a_message_is_known_by_receiver_sender_and_id() -> None:
    first = message("image", MediaId="m")
    assert first.message_id == message("image", MediaId="m", CreateTime="1348831999").message_id
    others = [message("image", MediaId="m", **{name: "2"}) for name in ("ToUserName", "FromUserName", "MsgId")]
    assert len({each.message_id for each in (first, *others)}) == 4
    assert len(first.message_id) == 64


def test_two_events_of_one_second_are_two() -> None:
    at_once = [
        event("LOCATION", Latitude="1", Longitude="1", Precision="1"),
        event("unsubscribe"),
        event("CLICK", EventKey="a"),
        event("CLICK", EventKey="b"),
        event("TEMPLATESENDJOBFINISH", MsgID="1", Status="success"),
        event("TEMPLATESENDJOBFINISH", MsgID="2", Status="success"),
        event("kf_create_session", KfAccount="a@b"),
        event("kf_close_session", KfAccount="a@b"),
    ]
    assert len({each.message_id for each in at_once}) == len(at_once)
    assert event("CLICK", EventKey="a").message_id == at_once[2].message_id
