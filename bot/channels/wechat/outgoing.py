"""Messages as WeChat knows them, before it is clear by which of its two ways they go out.

Source of the limits: https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage and error
codes 45002 (longer texts) and 45008 (more articles) as developers report them; the documents give no figures.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.wechat.xml import clean
from bot.errors import NotSendable

MAX_TEXT_BYTES = 2048


@dataclass(frozen=True)
class Text:
    """A text of at most 2048 bytes in UTF-8."""

    content: str


@dataclass(frozen=True)
class Image:
    """A picture that was uploaded."""

    media_id: str


@dataclass(frozen=True)
class Voice:
    """A recording that was uploaded."""

    media_id: str


@dataclass(frozen=True)
class Video:
    """A film that was uploaded; `thumb_media_id` is for the customer-service API only."""

    media_id: str
    title: str = ""
    description: str = ""
    thumb_media_id: str = ""


@dataclass(frozen=True)
class Music:
    """Music under an address; only the thumbnail must be uploaded."""

    thumb_media_id: str
    title: str = ""
    description: str = ""
    url: str = ""
    hq_url: str = ""


@dataclass(frozen=True)
class News:
    """An article: WeChat has taken no more than one in a message since October 2018."""

    title: str
    url: str
    description: str = ""
    picture_url: str = ""


@dataclass(frozen=True)
class MenuItem:
    """A choice of a menu message; `id` comes back when it is pressed."""

    id: str
    content: str


@dataclass(frozen=True)
class Menu:
    """A menu message, for the customer-service API only. A press gives 3 messages in one minute, not 5 in 48 hours."""

    head: str
    items: tuple[MenuItem, ...]
    tail: str = ""


@dataclass(frozen=True)
class Transfer:
    """Hands the customer to WeChat's own 客服, to one account of it where named; a passive reply to a message only."""

    kf_account: str = ""


def sendable(text: str) -> str:
    """The text without what WeChat cannot take. Raises NotSendable where it is empty or longer than 2048 bytes."""
    cleaned = clean(text)
    size = len(cleaned.encode())
    if not cleaned.strip():
        raise NotSendable("a text without words")
    if size > MAX_TEXT_BYTES:
        raise NotSendable(f"a text of {size} bytes, {MAX_TEXT_BYTES} are allowed")
    return cleaned
