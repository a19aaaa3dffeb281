"""Takes what Rasa says in a turn as our own replies."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.model import Button, Card, Reply


class TurnOutput(OutputChannel):
    """Collects replies whole, with key, buttons and cards together."""

    def __init__(self, channel: str, replies: list[Reply]) -> None:
        self._channel = channel
        self._replies = replies

    def name(self) -> str:
        """The channel's name: texts may depend on it."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """One bot message."""
        custom = message.get("custom") or {}
        reply = Reply(
            text=message.get("text") or "",
            key=message.get("utter_action") or "",
            buttons=tuple(Button(b["title"], b["payload"]) for b in message.get("buttons") or ()),
            cards=tuple(map(Card.of, custom.get("cards", ()))),
            chips=tuple(Button(c["title"], c["payload"]) for c in custom.get("chips", ())),
            image=message.get("image"),
        )
        if reply.text or reply.cards or reply.image:
            self._replies.append(reply)
