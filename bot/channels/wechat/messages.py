"""Messages of customers.

Source: https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages; for a pressed
item of a menu message the page on customer-service messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.channels.wechat.fields import decimal, needed, text, whole, words
from bot.channels.wechat.push import Push


@dataclass(frozen=True, kw_only=True)
class Message(Push):
    """What all messages have. `msg_id` is a string: it has up to 19 digits, and a mini program's is no number.

    `msg_data_id` and `idx` (which may be no number) only come with messages that were sent from an article.
    """

    msg_id: str = needed("MsgId")
    msg_data_id: str | None = text("MsgDataId")
    idx: str | None = text("Idx")

    @property
    def dedup_key(self) -> tuple[str, ...]:
        """Receiver, sender, message id."""
        return self.to, self.sender or "", self.msg_id


@dataclass(frozen=True, kw_only=True)
class Text(Message):
    """A text. `menu_id` is that of the item of a menu message that was pressed; then the text is its title."""

    content: str = words("Content")
    menu_id: str | None = text("bizmsgmenuid")


@dataclass(frozen=True, kw_only=True)
class Image(Message):
    """A picture. In plaintext mode anybody can have written `pic_url`: fetch by `media_id`."""

    pic_url: str | None = text("PicUrl")
    media_id: str = needed("MediaId")


@dataclass(frozen=True, kw_only=True)
class Voice(Message):
    """A voice message. `recognition` has been empty since 2023; `media_id_16k` is the better recording."""

    media_id: str = needed("MediaId")
    format: str | None = text("Format")
    media_id_16k: str | None = text("MediaId16K")
    recognition: str | None = text("Recognition")


@dataclass(frozen=True, kw_only=True)
class Video(Message):
    """A film; `kind` tells a video from a shortvideo."""

    media_id: str = needed("MediaId")
    thumb_media_id: str | None = text("ThumbMediaId")


@dataclass(frozen=True, kw_only=True)
class Location(Message):
    """A place, in degrees: WeChat's X is the latitude."""

    latitude: float = decimal("Location_X")
    longitude: float = decimal("Location_Y")
    scale: int | None = whole("Scale")
    label: str | None = text("Label")


@dataclass(frozen=True, kw_only=True)
class Link(Message):
    """A link that was shared."""

    title: str | None = text("Title")
    description: str | None = text("Description")
    url: str = needed("Url")


@dataclass(frozen=True, kw_only=True)
class MiniProgramPage(Message):
    """A mini program's card."""

    title: str | None = text("Title")
    app_id: str | None = text("AppId")
    page_path: str | None = text("PagePath")
    thumb_url: str | None = text("ThumbUrl")
    thumb_media_id: str | None = text("ThumbMediaId")


@dataclass(frozen=True, kw_only=True)
class UnknownMessage(Message):
    """Of a kind that is not known here, or without what its kind needs; `told`: its fields as they came."""

    told: tuple[tuple[str, str], ...] = ()


MESSAGES: Mapping[str, type[Message]] = {
    "text": Text,
    "image": Image,
    "voice": Voice,
    "video": Video,
    "shortvideo": Video,
    "location": Location,
    "link": Link,
    "miniprogrampage": MiniProgramPage,
}
