"""What channels use: hand in a message, and, where the channel answers within the request, wait for the replies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sqlalchemy import select

from bot.conversation import transcript
from bot.conversation.hub import Hub
from bot.conversation.inbox import Inbox, Receipt
from bot.errors import NotYet
from bot.model import Inbound, Transcript
from bot.services import Services
from bot.store.models import InboxEntry

POLL_SECONDS = 1.0


class Spine:
    """Inbox and worker as one thing. `wake(conversation_id)` starts the worker."""

    def __init__(self, services: Services, hub: Hub, wake: Callable[[str], None]) -> None:
        self._services = services
        self._inbox = Inbox(services)
        self._hub = hub
        self._wake = wake

    async def submit(self, inbound: Inbound) -> Receipt:
        """Store a message; when this returns it may be acknowledged."""
        receipt = await self._receive(inbound)
        if not receipt.done:
            self._wake(receipt.conversation_id)
        return receipt

    async def _receive(self, inbound: Inbound) -> Receipt:
        receipt = await self._inbox.receive(inbound)
        if not receipt.duplicate:
            self._hub.tell("received", receipt.conversation_id, {"seq": receipt.seq})
        return receipt

    async def answer(self, inbound: Inbound, timeout: float) -> list[Transcript]:
        """Store a message and wait for the bot's replies; none while a person answers. The same id, the same replies.

        Raises NotYet after `timeout` seconds; the message stays stored and will be answered.
        """
        receipt = await self._receive(inbound)
        if not receipt.done:
            ended = self._hub.expect(receipt.entry_id)
            self._wake(receipt.conversation_id)
            await self._wait(receipt.entry_id, ended, timeout)
        async with self._services.database.session() as session:
            entry = await session.get(InboxEntry, receipt.entry_id)
            if entry and entry.status == "pending":
                raise NotYet("stored, not answered yet; send the same message_id again")
            return await transcript.of_turn(session, entry.turn_id) if entry and entry.turn_id else []

    async def _wait(self, entry_id: int, ended: asyncio.Future[None], timeout: float) -> None:
        """Until this process says that the turn ended, or the database does (the turn may be another node's)."""
        deadline = asyncio.get_running_loop().time() + timeout
        while asyncio.get_running_loop().time() < deadline:
            done, _ = await asyncio.wait({ended}, timeout=POLL_SECONDS)
            if done or await self._is_done(entry_id):
                break
        ended.cancel()

    async def _is_done(self, entry_id: int) -> bool:
        async with self._services.database.session() as session:
            query = select(InboxEntry.status).where(InboxEntry.id == entry_id)
            return bool((await session.execute(query)).scalar() != "pending")
