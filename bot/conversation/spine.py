"""What channels use: hand in a message, and, where the channel answers within the request, wait for the replies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sqlalchemy import exists, select

from bot.conversation import transcript
from bot.conversation.hub import Hub
from bot.conversation.inbox import Inbox, Receipt
from bot.errors import NotYet
from bot.model import Inbound, Transcript
from bot.services import Services
from bot.store.database import uninterrupted
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
        """Store a message and say that it is there, before anything that is answered to it."""
        receipt = await uninterrupted(self._inbox.receive(inbound))
        if receipt.message:
            news = {"message": receipt.message, "channel": inbound.channel, "sender": inbound.sender}
            self._hub.tell("message", receipt.conversation_id, news)
        return receipt

    async def known(self, channel: str, sender: str, message_id: str) -> Receipt | None:
        """What became of a message that is stored already; None where it is not."""
        return await self._inbox.known(channel, sender, message_id)

    async def ended(self, receipt: Receipt, timeout: float) -> bool:
        """Wait at most so many seconds for the turn of a stored message; whether it has ended."""
        if receipt.done:
            return True
        ended = self._hub.expect(receipt.entry_id)
        if await self._is_done(receipt.entry_id):
            ended.cancel()
            return True
        await self._wait(receipt.entry_id, ended, timeout)
        return await self._is_done(receipt.entry_id)

    async def works_for(self, channel: str, sender: str) -> bool:
        """Whether a message of this sender is stored and not yet answered."""
        mine = InboxEntry.channel == channel, InboxEntry.sender == sender, InboxEntry.status == "pending"
        async with self._services.database.session() as session:
            return bool((await session.execute(select(exists().where(*mine)))).scalar())

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
        clock = asyncio.get_running_loop().time
        deadline = clock() + timeout
        try:
            while (left := deadline - clock()) > 0:
                done, _ = await asyncio.wait({ended}, timeout=min(POLL_SECONDS, left))
                if done or await self._is_done(entry_id):
                    break
        finally:
            ended.cancel()

    async def _is_done(self, entry_id: int) -> bool:
        async with self._services.database.session() as session:
            query = select(InboxEntry.status).where(InboxEntry.id == entry_id)
            return bool((await session.execute(query)).scalar() != "pending")
