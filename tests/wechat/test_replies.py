"""What goes out: passive replies and bodies of the API as Tencent shows them, and what cannot be sent."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from bot.channels.wechat import custom, replies
from bot.channels.wechat.outgoing import Image, Menu, MenuItem, Music, News, Text, Transfer, Video, Voice
from bot.channels.wechat.replies import ACK, Passive, render, seal
from bot.channels.wechat.signature import matches
from bot.channels.wechat.xml import Node, clean, parse
from bot.errors import NotSendable
from tests.wechat.official import REPLIES
from tests.wechat.often import anything, often
from tests.wechat.pushing import CIPHER, NOW, TOKEN

ARTICLE = News("title1", "url", "description1", "picurl")
PASSIVE: dict[str, Passive] = {
    "text": Text("你好"),
    "image": Image("media_id"),
    "video": Video("media_id", "title", "description"),
    "music": Music("media_id", "TITLE", "DESCRIPTION", "MUSIC_Url", "HQ_MUSIC_Url"),
    "news": ARTICLE,
    "transfer-kfaccount": Transfer("test1@test"),
}


def shape(node: Node) -> object:
    """An element without the blanks between its children."""
    return node.name, node.text.strip(), [shape(child) for child in node.children]


@pytest.mark.parametrize("name", PASSIVE)
def test_a_passive_reply_is_as_published(name: str) -> None:
    expected = parse(REPLIES["passive"][name].encode())
    told = {"to": expected.get("ToUserName") or "", "sender": expected.get("FromUserName") or ""}
    xml = render(PASSIVE[name], created_at=int(expected.get("CreateTime") or 0), **told)
    assert shape(parse(xml.encode())) == shape(expected)


def test_a_voice_reply_and_a_transfer_to_anybody() -> None:
    xml = render(Voice("m"), to="o", sender="gh", created_at=1)
    assert parse(xml.encode()).get("Voice/MediaId") == "m"
    assert "TransInfo" not in render(Transfer(), to="o", sender="gh", created_at=1)
    assert REPLIES["passive"]["ack"] == ACK


@often
@given(anything)
def test_any_text_of_ours_arrives_whole(text: str) -> None:
    if not clean(text).strip():
        with pytest.raises(NotSendable):
            render(Text(text), to="o", sender="gh", created_at=1)
        return
    arrived = parse(render(Text(text), to="o", sender="gh", created_at=1).encode())
    assert next(arrived.all("Content")).text == clean(text)


def test_a_text_that_wechat_would_not_take_is_not_built() -> None:
    for text in ("", " \n", "\x00", "字" * 683, "a" * 2049):
        with pytest.raises(NotSendable):
            render(Text(text), to="o", sender="gh", created_at=1)
        with pytest.raises(NotSendable):
            custom.message("o", Text(text))
    assert "字" * 682 in render(Text("字" * 682 + "aa"), to="o", sender="gh", created_at=1)


def test_a_sealed_reply_carries_our_time_the_pushs_nonce_and_a_signature_over_the_ciphertext() -> None:
    xml = render(Text("您好]]>"), to="o", sender="gh", created_at=NOW)
    envelope = parse(seal(xml, CIPHER, TOKEN, timestamp=NOW, nonce="a]]>b").encode())
    assert [child.name for child in envelope.children] == ["Encrypt", "MsgSignature", "TimeStamp", "Nonce"]
    encrypted, claimed, timestamp, nonce = (child.text for child in envelope.children)
    assert (timestamp, nonce) == (str(NOW), "a]]>b")
    assert matches(claimed, TOKEN, timestamp, nonce, encrypted)
    assert CIPHER.decrypt(encrypted) == xml


def test_a_reply_is_sealed_with_the_bytes_that_are_given() -> None:
    one = seal("<xml/>", CIPHER, TOKEN, timestamp=NOW, nonce="1", salt=b"a" * 16)
    assert one == seal("<xml/>", CIPHER, TOKEN, timestamp=NOW, nonce="1", salt=b"a" * 16)
    assert replies.ACK not in one


def test_bodies_of_the_api_are_as_published() -> None:
    head = "您对本次服务是否满意呢? "
    menu = Menu(head, (MenuItem("101", "满意"), MenuItem("102", "不满意")), "欢迎再次光临")
    article = News("Happy Day", "URL", "Is Really A Happy Day", "PIC_URL")
    published = REPLIES["custom"]
    assert custom.message("OPENID", Text("Hello World")) == published["text"]
    assert custom.message("OPENID", article) == published["news"]
    assert custom.message("OPENID", menu) == published["msgmenu"]
    assert custom.message("OPENID", Text("Hello World"), "test1@kftest") == published["as_kf_account"]
    assert custom.typing("OPENID", on=True) == published["typing"]
    assert custom.typing("OPENID", on=False)["command"] == "CancelTyping"


def test_media_go_out_by_their_id() -> None:
    assert custom.message("o", Image("m"))["image"] == {"media_id": "m"}
    assert custom.message("o", Voice("m"))["voice"] == {"media_id": "m"}
    film = custom.message("o", Video("m", "t", "d", "thumb"))["video"]
    assert film == {"media_id": "m", "thumb_media_id": "thumb", "title": "t", "description": "d"}
    music = custom.message("o", Music("thumb", "t", "d", "u", "h"))["music"]
    assert music == {"title": "t", "description": "d", "musicurl": "u", "hqmusicurl": "h", "thumb_media_id": "thumb"}


@often
@given(anything)
def test_nothing_in_a_body_looks_escaped(text: str) -> None:
    body = custom.as_json(custom.message("o", Text("您好" + text)))
    assert b"\\u" not in body
    assert json.loads(body)["text"]["content"] == clean("您好" + text)


def test_what_somebody_wrote_like_an_escape_is_mended() -> None:
    body = custom.as_json(custom.message("o", Text(r"代码\u4f60 和 \user \n")))
    assert json.loads(body)["text"]["content"] == r"代码＼u4f60 和 \user \n"
