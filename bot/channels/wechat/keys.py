"""What a press of the account's menu means, and a scanned code: `wechat.yml` of the shop.

A key is a word of ours; it stands for what the customer is shown to have said, and for an intent of the bot's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import ShopError

FILE = "wechat.yml"
INTENT = re.compile(r"[a-z][a-z_]{1,59}")
PRODUCT = "product_"
"""A scene that begins so shows a product, by its sku."""


@dataclass(frozen=True)
class Key:
    """The words, and the payload that stands for them inside the house; without one the words are understood."""

    says: str
    payload: str | None


def load(shop_dir: Path) -> Mapping[str, Key]:
    """All keys; none without the file. Raises ShopError."""
    path = shop_dir / FILE
    told = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None
    keys = (told or {}).get("keys") or {}
    if not isinstance(keys, dict):
        raise ShopError(f"{FILE}: keys is no table")
    return {str(name): _key(str(name), value) for name, value in keys.items()}


def _key(name: str, value: object) -> Key:
    if not isinstance(value, dict) or not isinstance(value.get("says"), str) or not value["says"].strip():
        raise ShopError(f"{FILE}: {name} needs what it says")
    intent = value.get("intent")
    if intent is not None and not (isinstance(intent, str) and INTENT.fullmatch(intent)):
        raise ShopError(f"{FILE}: {name} has no right intent")
    return Key(value["says"].strip(), f"/{intent}" if intent else None)
