"""News for customers whom no message may reach any more: template messages and subscription messages.

Which template says what stands in `shop/wechat_notices.yml`.
Sources: https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage,
…/notify/notify/api_sendnewsubscribemsg; lengths of the fields from the table of parameters of subscription messages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from bot.channels.wechat.api.client import Client
from bot.channels.wechat.api.errors import Refusal
from bot.channels.wechat.api.outcomes import Outcome, Sent, outcome_of
from bot.errors import ShopError

FILE = "wechat_notices.yml"
TEMPLATE, SUBSCRIPTION = "/cgi-bin/message/template/send", "/cgi-bin/message/subscribe/bizsend"
KINDS = ("template", "subscription")
LENGTHS = {"thing": 20, "character_string": 32, "number": 32, "letter": 32, "phrase": 5, "name": 10, "symbol": 5}
"""Characters that a field may have, by the name that WeChat gives it (thing1); longer ones are refused (47003)."""
FIELD_KIND = re.compile(r"([a-z_]+?)\d*")
ELLIPSIS = "…"


@dataclass(frozen=True)
class Notice:
    """One kind of news: the template's id, the fields with what they say, and where a tap leads."""

    kind: str
    template_id: str
    fields: Mapping[str, str]
    url: str = ""
    miniprogram: Mapping[str, str] | None = None

    def body(self, to: str, told: Mapping[str, str]) -> dict[str, Any]:
        """The body of the call; `told` are the values for the placeholders. Raises ShopError where one is lacking."""
        try:
            values = {name: {"value": _fit(name, text.format_map(told))} for name, text in self.fields.items()}
            url = self.url.format_map(told)
        except KeyError as error:
            raise ShopError(f"{FILE}: nothing to put in for {error}") from error
        body: dict[str, Any] = {"touser": to, "template_id": self.template_id, "data": values}
        if url:
            body["url" if self.kind == "template" else "page"] = url
        return body | ({"miniprogram": dict(self.miniprogram)} if self.miniprogram else {})


def load(shop_dir: Path) -> Mapping[str, Notice]:
    """The notices by name; those without a template's id are off. Raises ShopError."""
    path = shop_dir / FILE
    if not path.exists():
        return {}
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise ShopError(f"{FILE}: no YAML: {error}") from error
    listed = told.get("notices") if isinstance(told, dict) else None
    if not isinstance(listed, dict):
        raise ShopError(f"{FILE}: notices: names with their templates")
    return {name: notice for name, entry in listed.items() if (notice := _notice(name, entry)).template_id}


class Notices:
    """Sends notices. Which may be sent is the customer's choice, or the service's kind."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def send(self, to: str, notice: Notice, told: Mapping[str, str]) -> Outcome:
        """Send one; whether it arrived comes as an event with the same message id.

        Raises ShopError, WeChatError; DeliveryUnknown: it may have arrived.
        """
        path = TEMPLATE if notice.kind == "template" else SUBSCRIPTION
        try:
            answer = await self._client.post(path, notice.body(to, told))
        except Refusal as refusal:
            return outcome_of(refusal.errcode)
        return Sent(str(answer.get("msgid", "")))


def _notice(name: str, entry: Any) -> Notice:
    if not isinstance(entry, dict) or set(entry) - {"kind", "template", "fields", "url", "miniprogram"}:
        raise ShopError(f"{FILE}: {name}: kind, template, fields; url and miniprogram where wanted")
    fields, kind = entry.get("fields"), entry.get("kind", KINDS[0])
    if not isinstance(fields, dict) or not fields or kind not in KINDS:
        raise ShopError(f"{FILE}: {name}: kind is one of {', '.join(KINDS)}, fields are names with their texts")
    texts = {str(field): str(text) for field, text in fields.items()}
    try:
        for text in (*texts.values(), str(entry.get("url", ""))):
            list(Formatter().parse(text))
    except ValueError as error:
        raise ShopError(f"{FILE}: {name}: {error}") from error
    return Notice(kind, str(entry.get("template") or ""), texts, str(entry.get("url") or ""), entry.get("miniprogram"))


def _fit(name: str, text: str) -> str:
    """The value in one line, and no longer than its field may be."""
    kind = FIELD_KIND.fullmatch(name)
    longest = LENGTHS.get(kind[1]) if kind else None
    line = " ".join(text.split())
    return line if longest is None or len(line) <= longest else line[: longest - 1] + ELLIPSIS
