"""The menu below the chat: `shop/wechat_menu.yml`, checked before it is pushed, and what a click on it means.

With the developer mode on, the menu of WeChat's own console is off: this one must be pushed.
Source: https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.channels.wechat.api.client import Client
from bot.channels.wechat.api.errors import Refusal
from bot.errors import ShopError

FILE = "wechat_menu.yml"
CREATE, GET, DELETE = "/cgi-bin/menu/create", "/cgi-bin/menu/get", "/cgi-bin/menu/delete"
NO_MENU = 46003
BUTTONS, ITEMS = 3, 5
NAME_BYTES, ITEM_BYTES, URL_BYTES = 16, 60, 1024
INTENT = re.compile(r"[a-z][a-z_]{0,63}")
KINDS = (frozenset({"name", "intent"}), frozenset({"name", "url"}), frozenset({"name", "appid", "page", "url"}))
"""A click that is answered; a page; a mini program with a page for where there are none."""


@dataclass(frozen=True)
class Menu:
    """A checked menu."""

    buttons: tuple[Mapping[str, Any], ...]
    intents: frozenset[str] = field(default=frozenset())

    def payload_of(self, event_key: str | None) -> str | None:
        """What a click means, such as "/track_order"; None for what is not in this menu: anybody can write a key."""
        return f"/{event_key}" if event_key in self.intents else None

    def name_of(self, event_key: str) -> str:
        """What the customer pressed; the key itself for what is not in this menu."""
        items = (item for button in self.buttons for item in (button, *button.get("sub_button", ())))
        return next((str(item["name"]) for item in items if item.get("key") == event_key), event_key)

    def as_json(self) -> dict[str, Any]:
        """The body of menu/create."""
        return {"button": [dict(button) for button in self.buttons]}


def load(shop_dir: Path, known: Container[str] | None = None) -> Menu:
    """Read and check the file; `known`: the intents that there are. Raises ShopError with what is wrong."""
    path = shop_dir / FILE
    if not path.exists():
        raise ShopError(f"{path} is missing")
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ShopError(f"{FILE}: no YAML: {error}") from error
    listed = told.get("menu") if isinstance(told, dict) else None
    if not isinstance(listed, list) or not 1 <= len(listed) <= BUTTONS:
        raise ShopError(f"{FILE}: menu: a list of one to {BUTTONS} buttons")
    intents: set[str] = set()
    buttons = tuple(_button(entry, intents) for entry in listed)
    unknown = sorted(intent for intent in intents if known is not None and intent not in known)
    if unknown:
        raise ShopError(f"{FILE}: no such intent: {', '.join(unknown)}")
    return Menu(buttons, frozenset(intents))


class MenuBoard:
    """The menu of the account. Raises WeChatError or DeliveryUnknown; doing it again changes nothing."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def push(self, menu: Menu) -> None:
        """Replace the menu. Customers see it when they open the chat again, within 24 hours at the latest."""
        await self._client.post(CREATE, menu.as_json())

    async def shown(self) -> list[dict[str, Any]]:
        """The buttons that are there now; none where there is no menu."""
        try:
            told = await self._client.get(GET)
        except Refusal as refusal:
            if refusal.errcode == NO_MENU:
                return []
            raise
        return list(told["menu"]["button"])

    async def remove(self) -> None:
        """Take the menu away."""
        await self._client.get(DELETE)


def _button(entry: Any, intents: set[str]) -> dict[str, Any]:
    if not isinstance(entry, dict) or "items" not in entry:
        return _item(entry, NAME_BYTES, intents)
    below = entry["items"]
    if set(entry) != {"name", "items"} or not isinstance(below, list) or not 1 <= len(below) <= ITEMS:
        raise ShopError(f"{FILE}: {entry.get('name')}: name and a list of one to {ITEMS} items")
    return {"name": _name(entry, NAME_BYTES), "sub_button": [_item(each, ITEM_BYTES, intents) for each in below]}


def _item(entry: Any, largest: int, intents: set[str]) -> dict[str, Any]:
    if not isinstance(entry, dict) or set(entry) not in KINDS:
        raise ShopError(f"{FILE}: {entry}: name with intent, or url, or appid, page and url")
    name = _name(entry, largest)
    if "intent" in entry:
        intent = str(entry["intent"])
        if not INTENT.fullmatch(intent):
            raise ShopError(f"{FILE}: {name}: {intent} is no intent")
        intents.add(intent)
        return {"type": "click", "name": name, "key": intent}
    url = str(entry["url"])
    if not url.startswith(("https://", "http://")) or len(url.encode()) > URL_BYTES:
        raise ShopError(f"{FILE}: {name}: url: an address of at most {URL_BYTES} bytes")
    if "appid" in entry:
        page = {"appid": str(entry["appid"]), "pagepath": str(entry["page"])}
        return {"type": "miniprogram", "name": name, "url": url, **page}
    return {"type": "view", "name": name, "url": url}


def _name(entry: Mapping[str, Any], largest: int) -> str:
    name = str(entry["name"]).strip() if entry.get("name") is not None else ""
    if not 1 <= len(name.encode()) <= largest:
        raise ShopError(f"{FILE}: {name}: a name has one to {largest} bytes, that is {largest // 3} Chinese characters")
    return name
