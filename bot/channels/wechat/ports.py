"""What a shop may add to the way of messages."""

from __future__ import annotations

from typing import Protocol


class Recogniser(Protocol):
    """Writes down what a customer said, where a shop has something that can."""

    async def text_of(self, recording: bytes, format: str) -> str:
        """The words; empty where none were understood."""
