"""The official account as one thing: what comes from WeChat, what goes there, and what runs beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.channels.wechat.api.official import OfficialAccount, open_account
from bot.channels.wechat.crypto import MessageCipher
from bot.channels.wechat.delivery import overdue
from bot.channels.wechat.delivery.attempts import Answer, Attempts
from bot.channels.wechat.delivery.claims import Claims
from bot.channels.wechat.delivery.courier import Courier
from bot.channels.wechat.delivery.lines import Packing
from bot.channels.wechat.delivery.pushes import Pushes
from bot.channels.wechat.envelope import Callback, Opened
from bot.channels.wechat.files import Files
from bot.channels.wechat.handover import HandOver
from bot.channels.wechat.intake import Intake
from bot.channels.wechat.ports import Recogniser
from bot.clocks.sweeps import Sweep
from bot.http.context import House

TYPING = "typing"


class WeChatChannel:
    """Put together from the house's parts and the API. `recogniser`: what writes down voice messages, if anything."""

    def __init__(self, house: House, recogniser: Recogniser | None = None) -> None:
        services, settings = house.services, house.services.settings
        cipher = MessageCipher(settings.wechat_aes_key, settings.wechat_appid) if settings.wechat_aes_key else None
        self._callback = Callback(settings.wechat_token, cipher)
        self._api = open_account(settings, services.database)
        self._house = house
        self._pushes = Pushes(services)
        media = settings.wechat_account_kind != "unverified"
        self._claims = claims = Claims(services, house.hub, Packing(services.texts.label, media=media))
        files = Files(house, self._api.media)
        self._courier = Courier(claims, self._api.sender, files.read)
        self._handover = HandOver(house, self._api.desk)
        intake = Intake(house, files, claims, self._handover, self._api.scenes, recogniser)
        self._attempts = Attempts(
            services, house.spine, self._pushes, intake, claims, self._courier, self._handover, self._api.sender
        )
        house.hub.listen(self._heard)

    def challenge(self, query: Mapping[str, str]) -> str:
        """See `Callback.challenge`."""
        return self._callback.challenge(query)

    def open(self, query: Mapping[str, str], body: bytes) -> Opened:
        """See `Callback.open`."""
        return self._callback.open(query, body)

    @property
    def api(self) -> OfficialAccount:
        """All that the account's API offers."""
        return self._api

    async def answer(self, opened: Opened) -> Answer:
        """See `Attempts.answer`."""
        return await self._attempts.answer(opened)

    def body(self, opened: Opened, answer: Answer) -> str:
        """The answer as WeChat reads it."""
        return self._callback.answer(opened, answer.message)

    async def sent(self, answer: Answer) -> None:
        """See `Attempts.sent`."""
        await self._attempts.sent(answer)

    def unsent(self, answer: Answer) -> None:
        """See `Attempts.unsent`."""
        self._attempts.unsent(answer)

    async def run(self) -> None:
        """Send what no request carries, for ever."""
        await self._courier.run()

    @property
    def sweeps(self) -> tuple[Sweep, ...]:
        """What the scheduler looks at every few seconds."""
        services, hub = self._house.services, self._house.hub
        return (
            Sweep("wechat pushes", 60.0, self._pushes.prune),
            Sweep("wechat desk", 20.0, self._handover.sweep),
            Sweep("wechat overdue", 10.0, partial(overdue.sweep, services, hub)),
        )

    async def close(self) -> None:
        """Write down what is under way, and close the connections."""
        await self._attempts.settled()
        await self._api.close()

    async def _heard(self, kind: str, conversation_id: str, data: dict[str, Any]) -> None:
        if kind == "message":
            self._courier.wake()
        elif kind == TYPING and data.get("by") == "agent" and data["on"] and self._claims.may_push:
            await self._attempts.show_typing(conversation_id)
