"""Pushes to REST_CALLBACK_URL what no request of a REST client is waiting for: a person's words, a ticket's news."""

from __future__ import annotations

import asyncio

import aiohttp

from bot.conversation.outbox import DeliveryUnknown, NotDelivered
from bot.model import Transcript

TIMEOUT_SECONDS = 10


class RestCallback:
    """POSTs one JSON object per message, with `Idempotency-Key`: below 300 means taken, others are tried again."""

    def __init__(self, url: str, key: str, timeout: float = TIMEOUT_SECONDS) -> None:
        self._url = url
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._headers = {"Authorization": f"Bearer {key}"}
        self._session: aiohttp.ClientSession | None = None

    async def push(self, sender: str, message: Transcript, entry_id: int) -> None:
        """Deliver. Raises NotDelivered when refused or unreachable, DeliveryUnknown when the answer never came."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        body = {
            "recipient_id": sender,
            "text": message.text,
            "role": message.role,
            "seq": message.seq,
            "at": message.at.isoformat(),
            **message.content,
        }
        headers = {**self._headers, "Idempotency-Key": str(entry_id)}
        try:
            async with self._session.post(self._url, json=body, headers=headers, allow_redirects=False) as answer:
                if answer.status >= 300:
                    raise NotDelivered(f"status {answer.status}")
        except aiohttp.ClientConnectorError as error:
            raise NotDelivered("unreachable") from error
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise DeliveryUnknown(type(error).__name__) from error

    async def close(self) -> None:
        """Close the connection."""
        if self._session is not None:
            await self._session.close()
