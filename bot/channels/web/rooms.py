"""Rooms: one of each shopper's devices, and one of each conversation, which these devices enter."""

from __future__ import annotations

from typing import Any


class Rooms:
    """Who hears what."""

    def __init__(self, server: Any) -> None:
        self._server = server

    async def arrive(self, sid: str, sender: str, conversation_id: str | None) -> None:
        """A device of this sender, and where it talks."""
        await self._server.enter_room(sid, _devices(sender))
        if conversation_id:
            await self._server.enter_room(sid, conversation_id)

    async def gather(self, sender: str, conversation_id: str) -> bool:
        """All devices of the sender into the conversation's room; whether one was not there yet."""
        missing = self._sids(_devices(sender)) - self._sids(conversation_id)
        for sid in missing:
            await self._server.enter_room(sid, conversation_id)
        return bool(missing)

    async def follow(self, before: str, conversation_id: str) -> None:
        """Who was in one conversation's room also into another's."""
        for sid in self._sids(before):
            await self._server.enter_room(sid, conversation_id)

    def is_heard(self, conversation_id: str) -> bool:
        """Whether any device is in the conversation's room."""
        return bool(self._sids(conversation_id))

    async def tell(self, event: str, data: Any, conversation_id: str) -> None:
        """Send to all devices in the conversation's room."""
        await self._server.emit(event, (data,), room=conversation_id)  # a bare None would be left out

    def _sids(self, room: str) -> set[str]:
        return {sid for sid, _ in self._server.manager.get_participants("/", room)}


def _devices(sender: str) -> str:
    return f"devices of {sender}"
