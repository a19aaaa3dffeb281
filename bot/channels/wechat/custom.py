"""Bodies for the customer-service API: messages that go out on our own account, and the typing sign.

Source: https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage
"""

from __future__ import annotations

import json
import re
from typing import Any

from bot.channels.wechat.outgoing import Image, Menu, Music, News, Text, Video, Voice, sendable
from bot.channels.wechat.xml import clean

Active = Text | Image | Voice | Video | Music | News | Menu

_LOOKS_ESCAPED = re.compile(r"\\(?=u[0-9a-fA-F]{4})")


def message(to: str, told: Active, kf_account: str = "") -> dict[str, Any]:
    """The body of custom/send; `kf_account`: in whose name. Raises NotSendable for an impossible text."""
    kind, content = _content(told)
    body: dict[str, Any] = {"touser": to, "msgtype": kind, kind: content}
    return body | ({"customservice": {"kf_account": kf_account}} if kf_account else {})


def typing(to: str, *, on: bool) -> dict[str, Any]:
    """The body of custom/typing."""
    return {"touser": to, "command": "Typing" if on else "CancelTyping"}


def as_json(body: dict[str, Any]) -> bytes:
    r"""The body in UTF-8. What looks like \uXXXX is refused (40033): nothing is escaped, what was written is mended."""
    return json.dumps(_cleaned(body), ensure_ascii=False).encode()


def _cleaned(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _cleaned(value) for name, value in told.items()}
    if isinstance(told, list):
        return [_cleaned(value) for value in told]
    return _LOOKS_ESCAPED.sub("＼", clean(told)) if isinstance(told, str) else told


def _content(told: Active) -> tuple[str, dict[str, Any]]:
    """The msgtype, which is also the name of what belongs to it."""
    if isinstance(told, Text):
        return "text", {"content": sendable(told.content)}
    if isinstance(told, Image):
        return "image", {"media_id": told.media_id}
    if isinstance(told, Voice):
        return "voice", {"media_id": told.media_id}
    if isinstance(told, Video):
        media = {"media_id": told.media_id, "thumb_media_id": told.thumb_media_id}
        return "video", media | {"title": told.title, "description": told.description}
    if isinstance(told, Music):
        addresses = {"musicurl": told.url, "hqmusicurl": told.hq_url, "thumb_media_id": told.thumb_media_id}
        return "music", {"title": told.title, "description": told.description} | addresses
    if isinstance(told, News):
        article = {"title": told.title, "description": told.description}
        return "news", {"articles": [article | {"url": told.url, "picurl": told.picture_url}]}
    items = [{"id": item.id, "content": item.content} for item in told.items]
    return "msgmenu", {"head_content": sendable(told.head), "list": items, "tail_content": told.tail}
