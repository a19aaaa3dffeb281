"""What a unit of work will have to tell once it is stored: kept with its session, told after the commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversation.hub import Hub

Told = Callable[[], dict[str, Any]]


def later(session: AsyncSession, kind: str, conversation_id: str, data: Told, *, once: str = "") -> None:
    """Tell the hub after the commit; `data` is made then. Of news with the same `once` only the last is told."""
    waiting: dict[Any, tuple[str, str, Told]] = session.info.setdefault("news", {})
    waiting[(kind, once) if once else len(waiting)] = (kind, conversation_id, data)


def tell(hub: Hub, session: AsyncSession) -> None:
    """Tell what was kept; call it after the commit only."""
    for kind, conversation_id, data in session.info.pop("news", {}).values():
        hub.tell(kind, conversation_id, data())
