"""Messages of the account's own accord (custom/send), the typing sign, and files that must be uploaded before.

Source: https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage
"""

from __future__ import annotations

import hashlib

import structlog

from bot.channels.wechat import custom
from bot.channels.wechat.api.client import Client
from bot.channels.wechat.api.errors import Refusal, WeChatError
from bot.channels.wechat.api.media import MediaLibrary
from bot.channels.wechat.api.outcomes import Outcome, Refused, Sent, Why, outcome_of
from bot.channels.wechat.outgoing import Image, Video
from bot.conversation.outbox import DeliveryUnknown

log = structlog.get_logger(__name__)

SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/typing"
TYPING_CODES = frozenset({45072, 45080, 45081})
"""Not now: a wrong command, nothing heard for 30 s, typing already."""


class Sender:
    """Sends to one customer at a time; the order of several messages is the caller's matter."""

    def __init__(self, client: Client, media: MediaLibrary) -> None:
        self._client = client
        self._media = media

    async def send(self, to: str, told: custom.Active, kf_account: str = "") -> Outcome:
        """Send once. `kf_account`: in whose name.

        Raises DeliveryUnknown: it may have arrived, never send it again; WeChatError: the account cannot send at all
        now; NotSendable: a text that WeChat takes from nobody.
        """
        try:
            await self._client.post(SEND, custom.message(to, told, kf_account))
        except Refusal as refusal:
            outcome = outcome_of(refusal.errcode)
            _note(to, outcome, refusal)
            return outcome
        return Sent()

    async def send_file(self, to: str, content: bytes, title: str = "", kf_account: str = "") -> Outcome:
        """Send a picture or a film; uploaded where WeChat does not have it, and once more where it has lost it.

        Raises as `send`, and NotSendable for what WeChat does not take.
        """
        try:
            return await self._send_file(to, content, title, kf_account)
        except Refusal as refusal:  # of the upload: an account that may not send may not upload either
            return outcome_of(refusal.errcode)

    async def _send_file(self, to: str, content: bytes, title: str, kf_account: str) -> Outcome:
        told = await self._shown(content, title)
        outcome = await self.send(to, told, kf_account)
        if isinstance(outcome, Refused) and outcome.why is Why.MEDIA_GONE:
            await self._media.forget(told.media_id)
            if isinstance(told, Video):
                await self._media.forget(told.thumb_media_id)
            outcome = await self.send(to, await self._shown(content, title), kf_account)
        return outcome

    async def typing(self, to: str, *, on: bool = True) -> bool:
        """Show, or end, the sign that somebody types; False where that did not work: it is never worth a failure."""
        try:
            await self._client.post(TYPING, custom.typing(to, on=on))
        except Refusal as refusal:
            if refusal.errcode not in TYPING_CODES:
                _note(to, outcome_of(refusal.errcode), refusal)
            return False
        except (WeChatError, DeliveryUnknown):
            return False
        return True

    async def _shown(self, content: bytes, title: str) -> Image | Video:
        medium = await self._media.uploaded(content)
        if medium.kind != "video":
            return Image(medium.media_id)
        return Video(medium.media_id, title, thumb_media_id=(await self._media.film_thumb()).media_id)


def _note(to: str, outcome: Outcome, refusal: Refusal) -> None:
    """Log it, a mistake of ours as an error; the customer only as a hash."""
    level = log.error if isinstance(outcome, Refused) else log.info
    why = getattr(outcome, "why", None)
    level(
        "wechat refused",
        outcome=type(outcome).__name__,
        why=why.value if why else "",
        errcode=refusal.errcode,
        request_id=refusal.request_id,
        to=hashlib.sha256(to.encode()).hexdigest()[:12],
    )
