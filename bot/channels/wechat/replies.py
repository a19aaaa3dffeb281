"""Passive replies: the body of the answer to a push.

Source: https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message; for
transfer_customer_service the page on forwarding messages to 客服.
"""

from __future__ import annotations

from bot.channels.wechat import signature
from bot.channels.wechat.crypto import MessageCipher
from bot.channels.wechat.outgoing import Image, Music, News, Text, Transfer, Video, Voice, sendable
from bot.channels.wechat.xml import cdata, element

ACK = "success"
"""The answer where nothing is said: WeChat tries no more and shows nothing. Never encrypted."""

Passive = Text | Image | Voice | Video | Music | News | Transfer


def render(message: Passive, *, to: str, sender: str, created_at: int) -> str:
    """The reply's XML; `to`: the customer's openid, `sender`: our account. Raises NotSendable: an impossible text."""
    kind, body = _body(message)
    return element(
        "xml",
        cdata("ToUserName", to),
        cdata("FromUserName", sender),
        element("CreateTime", str(created_at)),
        cdata("MsgType", kind),
        body,
    )


def seal(xml: str, cipher: MessageCipher, token: str, *, timestamp: int, nonce: str, salt: bytes | None = None) -> str:
    """The reply encrypted and signed: `timestamp` is our own clock's, `nonce` that of the push, `salt` for tests."""
    encrypted = cipher.encrypt(xml, salt)
    return element(
        "xml",
        cdata("Encrypt", encrypted),
        cdata("MsgSignature", signature.sign(token, str(timestamp), nonce, encrypted)),
        element("TimeStamp", str(timestamp)),
        cdata("Nonce", nonce),
    )


def _body(message: Passive) -> tuple[str, str]:
    """The MsgType and what belongs to it."""
    if isinstance(message, Text):
        return "text", cdata("Content", sendable(message.content))
    if isinstance(message, Image):
        return "image", element("Image", cdata("MediaId", message.media_id))
    if isinstance(message, Voice):
        return "voice", element("Voice", cdata("MediaId", message.media_id))
    if isinstance(message, Video):
        told = cdata("Title", message.title), cdata("Description", message.description)
        return "video", element("Video", cdata("MediaId", message.media_id), *told)
    if isinstance(message, Music):
        return "music", _music(message)
    if isinstance(message, News):
        return "news", element("ArticleCount", "1") + element("Articles", _article(message))
    to_one = element("TransInfo", cdata("KfAccount", message.kf_account)) if message.kf_account else ""
    return "transfer_customer_service", to_one


def _music(message: Music) -> str:
    return element(
        "Music",
        cdata("Title", message.title),
        cdata("Description", message.description),
        cdata("MusicUrl", message.url),
        cdata("HQMusicUrl", message.hq_url),
        cdata("ThumbMediaId", message.thumb_media_id),
    )


def _article(message: News) -> str:
    return element(
        "item",
        cdata("Title", message.title),
        cdata("Description", message.description),
        cdata("PicUrl", message.picture_url),
        cdata("Url", message.url),
    )
