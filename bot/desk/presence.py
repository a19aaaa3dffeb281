"""Who is at the desk and looks at what, as far as this process sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class Seat:
    """One open console. `typing` is about the conversation that it looks at."""

    account_id: int
    name: str
    session: str
    viewing: str | None = None
    typing: bool = False
    used: bool = False


class Presence:
    """The open consoles, by the number of their connection."""

    def __init__(self) -> None:
        self.seats: dict[str, Seat] = {}

    def online(self) -> set[int]:
        """The accounts that are there."""
        return {seat.account_id for seat in self.seats.values()}

    def viewing(self, conversation_id: str) -> list[dict[str, Any]]:
        """Who looks at a conversation, and who of them is typing."""
        there: dict[int, dict[str, Any]] = {}
        for seat in self.seats.values():
            if seat.viewing == conversation_id:
                shown = there.setdefault(seat.account_id, {"id": seat.account_id, "name": seat.name, "typing": False})
                shown["typing"] = shown["typing"] or seat.typing
        return list(there.values())
