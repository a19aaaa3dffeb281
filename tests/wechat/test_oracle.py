"""Ours against wechatpy, both ways: what one writes the other reads, and both read the same from what WeChat pushes."""

from __future__ import annotations

from typing import Any

import pytest
import wechatpy
import xmltodict
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import replies as theirs
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.utils import check_signature

from bot.channels.wechat import inbound, outgoing
from bot.channels.wechat.crypto import MessageCipher
from bot.channels.wechat.envelope import Callback
from bot.channels.wechat.replies import render, seal
from bot.channels.wechat.xml import cdata, clean, element, parse
from bot.errors import NotAllowed
from tests.wechat.often import anything, often
from tests.wechat.pushing import APPID, KEY, NOW, TOKEN, signed

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
keys = st.text(ALPHABET, min_size=43, max_size=43)
tokens = st.text(ALPHABET, min_size=3, max_size=32)
nonces = st.integers(0, 10**10).map(str)
words = anything.map(lambda text: clean(text).strip()).filter(bool)
unbroken = words.filter(lambda text: "]]>" not in text)  # wechatpy writes these as broken XML
ids = st.text(ALPHABET + "_-", min_size=1, max_size=64)
msg_ids = st.integers(1, 2**63 - 1)

# What wechatpy calls the fields of a kind, and what we call them.
FIELDS: dict[str, dict[str, tuple[str, str]]] = {
    "text": {"Content": ("content", "content")},
    "image": {"PicUrl": ("image", "pic_url"), "MediaId": ("media_id", "media_id")},
    "voice": {"MediaId": ("media_id", "media_id"), "Format": ("format", "format")},
    "video": {"MediaId": ("media_id", "media_id"), "ThumbMediaId": ("thumb_media_id", "thumb_media_id")},
    "shortvideo": {"MediaId": ("media_id", "media_id"), "ThumbMediaId": ("thumb_media_id", "thumb_media_id")},
    "link": {"Title": ("title", "title"), "Description": ("description", "description"), "Url": ("url", "url")},
}
EVENT_FIELDS: dict[str, dict[str, tuple[str, str]]] = {
    "unsubscribe": {},
    "CLICK": {"EventKey": ("key", "event_key")},
    "VIEW": {"EventKey": ("url", "event_key")},
    "SCAN": {"EventKey": ("scene_id", "scene"), "Ticket": ("ticket", "ticket")},
    "kf_create_session": {"KfAccount": ("account", "kf_account")},
    "kf_close_session": {"KfAccount": ("account", "kf_account")},
    "kf_switch_session": {
        "FromKfAccount": ("from_account", "from_kf_account"),
        "ToKfAccount": ("to_account", "to_kf_account"),
    },
}


@often
@given(st.sampled_from(sorted(FIELDS)), st.data(), ids, ids, st.integers(1, 2**31 - 1), msg_ids)
def test_both_read_the_same_from_a_message(
    kind: str, data: st.DataObject, to: str, sender: str, at: int, msg_id: int
) -> None:
    told = {name: data.draw(words) for name in FIELDS[kind]}
    xml = pushed(to, sender, at, {"MsgType": kind, "MsgId": str(msg_id), **told})
    read, expected = both(xml)
    assert (read.to, read.sender, read.kind) == (expected.target, expected.source, expected.type)
    assert read.msg_id == str(expected.id) == str(msg_id)
    assert read.created_at == at == expected.create_time.timestamp()
    for name, (theirs_, ours) in FIELDS[kind].items():
        assert getattr(read, ours) == getattr(expected, theirs_) == told[name]


@often
@given(st.sampled_from(sorted(EVENT_FIELDS)), st.data(), ids, ids, st.integers(1, 2**31 - 1))
def test_both_read_the_same_from_an_event(kind: str, data: st.DataObject, to: str, sender: str, at: int) -> None:
    told = {name: data.draw(words) for name in EVENT_FIELDS[kind]}
    read, expected = both(pushed(to, sender, at, {"MsgType": "event", "Event": kind, **told}))
    assert (read.to, read.sender, read.created_at) == (expected.target, expected.source, at)
    assert read.kind.lower() == expected.event.lower()
    for name, (theirs_, ours) in EVENT_FIELDS[kind].items():
        assert getattr(read, ours) == getattr(expected, theirs_) == told[name]


@often
@given(keys, tokens, ids, nonces, words, msg_ids)
def test_what_wechatpy_encrypts_our_callback_opens(
    key: str, token: str, app_id: str, nonce: str, content: str, msg_id: int
) -> None:
    xml = pushed("gh_1", "o1", NOW, {"MsgType": "text", "MsgId": str(msg_id), "Content": content})
    body = WeChatCrypto(token, key, app_id).encrypt_message(xml, nonce, str(NOW))
    claimed = parse(body.encode()).get("MsgSignature") or ""
    query = {"timestamp": str(NOW), "nonce": nonce, "msg_signature": claimed, "encrypt_type": "aes"}
    push: Any = Callback(token, MessageCipher(key, app_id), lambda: NOW).open(query, body.encode()).push
    assert (push.content, push.msg_id) == (content, str(msg_id))
    with pytest.raises(NotAllowed):
        Callback(token, MessageCipher(key, app_id + "0"), lambda: NOW).open(query, body.encode())
    with pytest.raises(NotAllowed):
        Callback(token + "0", MessageCipher(key, app_id), lambda: NOW).open(query, body.encode())


@often
@given(keys, tokens, ids, nonces, words)
def test_what_we_encrypt_wechatpy_opens(key: str, token: str, app_id: str, nonce: str, content: str) -> None:
    xml = render(outgoing.Text(content), to="o1", sender="gh_1", created_at=NOW)
    body = seal(xml, MessageCipher(key, app_id), token, timestamp=NOW, nonce=nonce)
    claimed = parse(body.encode()).get("MsgSignature")
    assert WeChatCrypto(token, key, app_id).decrypt_message(body, claimed, str(NOW), nonce) == xml
    assert xmltodict.parse(xml)["xml"]["Content"] == content
    with pytest.raises(InvalidAppIdException):
        WeChatCrypto(token, key, app_id + "0").decrypt_message(body, claimed, str(NOW), nonce)
    with pytest.raises(InvalidSignatureException):
        WeChatCrypto(token + "0", key, app_id).decrypt_message(body, claimed, str(NOW), nonce)


@often
@given(tokens, nonces, st.integers(NOW - 300, NOW + 300))
def test_both_sign_alike(token: str, nonce: str, at: int) -> None:
    query = signed(at, nonce, token)
    check_signature(token, query["signature"], query["timestamp"], nonce)
    assert Callback(token, clock=lambda: NOW).challenge({**query, "echostr": "x"}) == "x"


@often
@given(unbroken, unbroken, unbroken, unbroken)
def test_both_write_the_same_reply(one: str, two: str, three: str, four: str) -> None:
    article = {"title": one, "description": two, "image": three, "url": four}
    pairs: list[tuple[Any, theirs.BaseReply]] = [
        (outgoing.Text(one), theirs.TextReply(content=one)),
        (outgoing.Image(one), theirs.ImageReply(media_id=one)),
        (outgoing.Voice(one), theirs.VoiceReply(media_id=one)),
        (outgoing.Video(one, two, three), theirs.VideoReply(media_id=one, title=two, description=three)),
        (outgoing.News(one, four, two, three), theirs.ArticlesReply(articles=[article])),
        (outgoing.Transfer(), theirs.TransferCustomerServiceReply()),
    ]
    for ours, expected in pairs:
        expected.source, expected.target, expected.time = "gh_1", "o1", NOW
        written = render(ours, to="o1", sender="gh_1", created_at=NOW)
        assert xmltodict.parse(written) == xmltodict.parse(expected.render())


def test_the_oracle_knows_the_key_and_the_account_of_the_other_tests() -> None:
    crypto = WeChatCrypto(TOKEN, KEY, APPID)
    xml = pushed("gh_1", "o1", NOW, {"MsgType": "text", "MsgId": "1", "Content": "您好"})
    body = crypto.encrypt_message(xml, "1", str(NOW))
    assert MessageCipher(KEY, APPID).decrypt(parse(body.encode()).get("Encrypt") or "") == xml


def pushed(to: str, sender: str, at: int, told: dict[str, str]) -> str:
    """A push as WeChat writes it."""
    head = cdata("ToUserName", to), cdata("FromUserName", sender), element("CreateTime", str(at))
    return element("xml", *head, *(cdata(name, value) for name, value in told.items()))


def both(xml: str) -> tuple[Any, Any]:
    """As we and as wechatpy read it."""
    return inbound.read(parse(xml.encode())), wechatpy.parse_message(xml)
