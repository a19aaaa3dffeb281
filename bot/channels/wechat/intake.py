"""What a push means to the house: a message for the bot or a person, something that is answered at once, or nothing."""

from __future__ import annotations

from typing import Any

import structlog
from sqlalchemy import select

from bot.channels import plain
from bot.channels.wechat import answered, content, events, messages
from bot.channels.wechat.api import menu
from bot.channels.wechat.api.scenes import Scenes
from bot.channels.wechat.delivery.claims import CHANNEL, Claims
from bot.channels.wechat.files import Files
from bot.channels.wechat.handover import HandOver
from bot.channels.wechat.ports import Recogniser
from bot.channels.wechat.push import Push
from bot.channels.wechat.spoken import in_words
from bot.conversation import transcript
from bot.conversation.inbox import Receipt
from bot.http.context import House
from bot.lexicon import lexicon
from bot.model import Attachment, Inbound
from bot.store.models import Identity, Message, WeChatUser

log = structlog.get_logger(__name__)

GREETING, VOICE, UNREADABLE = "utter_wechat_greeting", "utter_wechat_voice", "utter_wechat_unreadable"
WORD = 4
"""Characters of what is written only to fetch an answer: 好, 在吗, 好了吗."""
WITH_A_CODE = "-scene"


class Intake:
    """Stores what comes, once; `recogniser` is what a shop has to write down voice messages."""

    def __init__(
        self,
        house: House,
        files: Files,
        claims: Claims,
        handover: HandOver,
        scenes: Scenes,
        recogniser: Recogniser | None = None,
    ) -> None:
        self._house = house
        self._files = files
        self._claims = claims
        self._handover = handover
        self._scenes = scenes
        self._recogniser = recogniser
        self._menu = menu.load(house.services.settings.shop_dir)

    async def take(self, push: Push) -> Receipt | None:
        """Its receipt; None where nothing is to be answered. The same push again, the same receipt."""
        if push.sender is None:
            return None
        known = await self._house.spine.known(CHANNEL, push.sender, push.message_id)
        if known is None:
            known = await self._message(push) if isinstance(push, messages.Message) else await self._event(push)
        return known

    async def _message(self, push: messages.Message) -> Receipt:
        text = in_words(push, self._house.services.texts.label)
        if isinstance(push, messages.Text):
            if await self._only_fetches(push):
                return await answered.here(self._house, await self._inbound(push, text), None)
            return await self._submit(push, text, payload=await self._chosen(push))
        if isinstance(push, messages.Image | messages.Video):
            address = push.pic_url if isinstance(push, messages.Image) else None
            kind = "image" if isinstance(push, messages.Image) else "video"
            kept = await self._files.attachment(push.media_id, str(push.sender), address=address, kind=kind)
            if kept is not None:
                return await self._submit(push, "", attachments=(kept,))
            return await answered.here(self._house, await self._inbound(push, text), UNREADABLE)
        if isinstance(push, messages.Voice):
            said = await self._said(push)
            if said:
                return await self._submit(push, said)
            return await answered.here(self._house, await self._inbound(push, text), VOICE)
        if isinstance(push, messages.UnknownMessage):
            return await answered.here(self._house, await self._inbound(push, text), UNREADABLE)
        return await self._submit(push, text)

    async def _event(self, push: Push) -> Receipt | None:
        if isinstance(push, events.Subscribe):
            greeted = await answered.here(self._house, await self._inbound(push, ""), GREETING)
            return await self._scene(push, push.scene, WITH_A_CODE) or greeted
        if isinstance(push, events.Scan):
            return await self._scene(push, push.scene)
        if isinstance(push, events.Click):
            return await self._pressed(push, push.event_key or "")
        if isinstance(push, events.ScanCode):
            awaits = push.kind == "scancode_waitmsg" and push.scan_result
            return await self._submit(push, str(push.scan_result)) if awaits else None
        if isinstance(push, events.Unsubscribe):
            await self._claims.lost(str(push.sender))
        elif isinstance(push, events.KfSession):
            await self._handover.session(push)
        elif isinstance(push, events.KfSwitched):
            await self._handover.switched(push)
        elif isinstance(push, events.JobFinished) and push.status != "success":
            log.warning("not delivered", kind=push.kind, msg_id=push.msg_id, status=push.status)
        return None

    async def _scene(self, push: Push, scene: str | None, suffix: str = "") -> Receipt | None:
        """What a scanned code is about; None for codes that only say where somebody came from."""
        payload = await self._scenes.payload_of(scene)
        if payload is None:
            return None
        text = self._house.services.texts.label("label_wechat_scanned")
        return await self._house.spine.submit(await self._inbound(push, text, suffix, shows=payload))

    async def _pressed(self, push: Push, key: str) -> Receipt | None:
        payload = self._menu.payload_of(key)
        if payload is None:
            log.warning("nothing stands for this", key=key, kind=push.kind)
            return None
        text = self._menu.name_of(key)
        return await self._house.spine.submit(await self._inbound(push, text, shows=payload))

    async def _submit(
        self, push: Push, text: str, *, payload: str | None = None, attachments: tuple[Attachment, ...] = ()
    ) -> Receipt:
        inbound = await self._inbound(push, text, payload=payload, attachments=attachments)
        return await self._house.spine.submit(inbound)

    async def _inbound(self, push: Push, text: str, suffix: str = "", **more: Any) -> Inbound:
        return Inbound(
            channel=CHANNEL,
            sender=str(push.sender),
            message_id=push.message_id + suffix,
            text=text,
            customer_id=await self._customer(str(push.sender)),
            **more,
        )

    async def _customer(self, openid: str) -> str | None:
        """The customer to whom this openid was bound."""
        query = select(Identity.customer_id).where(Identity.channel == CHANNEL, Identity.external_id == openid)
        async with self._house.services.database.session() as session:
            found = (await session.execute(query)).scalar()
        return str(found) if found else None

    async def _chosen(self, push: messages.Text) -> str | None:
        """What was chosen from what the house said last: once the customer has spoken since, nothing is to choose."""
        offered: dict[str, Any] = {}
        async with self._house.services.database.session() as session:
            talk = (await session.execute(transcript.open_conversation(CHANNEL, str(push.sender)))).scalars().first()
            if talk is not None:
                query = select(Message).where(Message.conversation_id == talk.id).order_by(Message.id.desc()).limit(10)
                for line in (await session.execute(query)).scalars():
                    if line.role == "customer":
                        break
                    if plain.choices(line.content):
                        offered = line.content
                        break
        return content.choice_of(push, offered)

    async def _only_fetches(self, push: messages.Text) -> bool:
        """Whether this only fetches the answer for which we asked the customer to write anything."""
        if len(push.content.strip()) > WORD and not lexicon().is_wordless(push.content):
            return False
        async with self._house.services.database.session() as session:
            user = await session.get(WeChatUser, push.sender)
        return user is not None and user.awaits

    async def _said(self, push: messages.Voice) -> str:
        if push.recognition or self._recogniser is None:
            return push.recognition or ""
        recording = await self._files.fetch(push.media_id_16k or push.media_id)
        return await self._recogniser.text_of(recording, push.format or "") if recording else ""
