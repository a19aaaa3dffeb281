"""Messages of the account, however they come: what is wrong with them, and what the user reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .media import Media
from .refused import Refused

TEXT_BYTES = 2048
WITH_MEDIA = {"image": "image", "voice": "voice", "video": "video", "mpvideo": "video"}
CUSTOM_TYPES = {*WITH_MEDIA, "text", "music", "news", "mpnews", "mpnewsarticle", "msgmenu", "miniprogrampage", "link"}
CUSTOM_TYPES |= {"wxcard"}


def read_custom(body: Mapping[str, Any], media: Media) -> str:
    """Check a message of the customer-service API; what of it can be read. Raises `Refused`."""
    kind = body.get("msgtype")
    if kind not in CUSTOM_TYPES:
        raise Refused(40008)
    content = body.get(kind)
    if not isinstance(content, Mapping):
        raise Refused(47001, f"{kind} is missing")
    if kind == "text":
        return checked_text(content.get("content"))
    if kind == "news":
        return _news(content.get("articles"))
    if kind == "msgmenu":
        return _menu(content)
    if kind in WITH_MEDIA:
        media.get(str(content.get("media_id", "")), WITH_MEDIA[kind])
    if kind in ("music", "miniprogrampage"):
        media.get(str(content.get("thumb_media_id", "")))
    return str(content.get("title", ""))


def checked_text(text: Any) -> str:
    """A text that is neither empty nor too long. Raises `Refused` 44004 or 45002."""
    if not isinstance(text, str) or not text:
        raise Refused(44004)
    if len(text.encode()) > TEXT_BYTES:
        raise Refused(45002)
    return text


def read_passive(fields: Mapping[str, Any], media: Media) -> str:
    """Check a passive reply; what of it can be read. Raises `Refused` with what the API would say."""
    kind = fields.get("MsgType")
    if kind == "text":
        return checked_text(fields.get("Content"))
    if kind in ("image", "voice", "video"):
        part = _part(fields, kind.capitalize())
        medium = media.get(part.get("MediaId", ""), kind)
        if medium.mime == "image/gif":
            raise Refused(40005)
        return str(part.get("Title", ""))
    if kind == "music":
        return str(_part(fields, "Music").get("Title", ""))
    if kind == "news":
        articles = _part(fields, "Articles").get("item", [])
        articles = articles if isinstance(articles, list) else [articles]
        if str(len(articles)) != fields.get("ArticleCount"):
            raise Refused(45008, "ArticleCount is not the number of articles")
        named = {"Title": "title", "Description": "description", "PicUrl": "picurl", "Url": "url"}
        return _news([{named.get(name, name): value for name, value in each.items()} for each in articles])
    if kind == "transfer_customer_service":
        return ""
    raise Refused(40008, str(kind))


def _part(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = fields.get(name)
    if not isinstance(part, Mapping):
        raise Refused(47001, f"{name} is missing")
    return part


def _news(articles: Any) -> str:
    if not isinstance(articles, list) or not articles:
        raise Refused(44003)
    if len(articles) > 1:
        raise Refused(45008)
    article = articles[0]
    if not isinstance(article, Mapping) or not article.get("title"):
        raise Refused(47001, "an article needs a title")
    return "\n".join(str(article[name]) for name in ("title", "description") if article.get(name))


def _menu(content: Mapping[str, Any]) -> str:
    items = content.get("list")
    if not isinstance(items, list) or not items:
        raise Refused(47001, "list is missing")
    if any(not isinstance(item, Mapping) or not item.get("id") or not item.get("content") for item in items):
        raise Refused(47001, "an item needs id and content")
    lines = [content.get("head_content"), *(item["content"] for item in items), content.get("tail_content")]
    return "\n".join(str(line) for line in lines if line)
