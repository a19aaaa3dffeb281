"""The menu below the chat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .refused import Refused

BUTTONS, SUB_BUTTONS = 3, 5
NAME_BYTES, SUB_NAME_BYTES, KEY_BYTES, URL_BYTES = 16, 60, 128, 1024
BY_KEY = {
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
}
BY_URL = {"view", "miniprogram"}
BY_MEDIA = {"media_id", "article_id", "article_view_limited"}


class Menu:
    """What was pushed by `menu/create`; None when there is none."""

    def __init__(self) -> None:
        self.buttons: list[dict[str, Any]] | None = None

    def create(self, body: Mapping[str, Any]) -> None:
        """Check and take a menu. Raises `Refused`."""
        buttons = body.get("button")
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS:
            raise Refused(40016)
        for button in buttons:
            below = button.get("sub_button") or []
            if len(below) > SUB_BUTTONS:
                raise Refused(40023)
            _named(button, NAME_BYTES, 40018)
            for each in below:
                _named(each, SUB_NAME_BYTES, 40025)
                _acts(each)
            if not below:
                _acts(button)
        self.buttons = buttons

    def get(self) -> dict[str, Any]:
        """As `menu/get` answers. Raises `Refused` 46003."""
        if self.buttons is None:
            raise Refused(46003)
        return {"menu": {"button": self.buttons}}

    def delete(self) -> None:
        """Take it away."""
        self.buttons = None

    def has(self, **what: str) -> bool:
        """Whether a button has such a key or url; without a menu an old one is still shown, which has everything."""
        return self.buttons is None or any(what.items() <= button.items() for button in self._all(self.buttons))

    def _all(self, buttons: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for button in buttons:
            yield button
            yield from self._all(button.get("sub_button") or [])


def _named(button: Mapping[str, Any], size: int, errcode: int) -> None:
    name = button.get("name")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= size:
        raise Refused(errcode)


def _acts(button: Mapping[str, Any]) -> None:
    kind = button.get("type")
    if kind in BY_KEY:
        if not 1 <= len(str(button.get("key", "")).encode()) <= KEY_BYTES:
            raise Refused(40019)
    elif kind in BY_URL:
        if not 1 <= len(str(button.get("url", "")).encode()) <= URL_BYTES:
            raise Refused(40020)
    elif kind not in BY_MEDIA:
        raise Refused(40017)
