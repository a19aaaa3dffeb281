"""What the way of messages needs of WeChat's API, and of whoever can write down what was spoken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bot.errors import BotError


class Refused(BotError):
    """WeChat said no, with its errcode: certainly not done."""

    def __init__(self, errcode: int, message: str = "") -> None:
        super().__init__(message or str(errcode))
        self.errcode = errcode


class Client(Protocol):
    """The API. Each call may raise Refused, NotDelivered (not done, may be tried again) or DeliveryUnknown."""

    async def send(self, body: Mapping[str, Any]) -> None:
        """A customer-service message: the body as `custom.message` makes it."""

    async def typing(self, openid: str, *, on: bool) -> None:
        """The typing sign."""

    async def download(self, media_id: str) -> bytes:
        """What a customer sent."""

    async def upload(self, kind: str, content: bytes, name: str) -> str:
        """The media id of a file that is to be sent; `kind`: image, voice, video or thumb."""

    async def close(self) -> None:
        """Close the connections."""


class Recogniser(Protocol):
    """Writes down what a customer said, where a shop has something that can."""

    async def text_of(self, recording: bytes, format: str) -> str:
        """The words; empty where none were understood."""
