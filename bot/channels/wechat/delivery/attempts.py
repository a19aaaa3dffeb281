"""Answers a push while WeChat waits for it: with what is to be said if that is ready, and always before it is cut.

WeChat cuts an attempt after 5 s and pushes the same again, up to ATTEMPTS times. All attempts at one push wait for the
same turn; whichever is open when it ends carries the answer. An account that may send by itself acknowledges what is
not ready, and sends it later. Another holds the attempts, and in the last one asks the customer to write anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.channels.wechat.api.sending import Sender
from bot.channels.wechat.delivery.claims import CHANNEL, Busy, Claimed, Claims
from bot.channels.wechat.delivery.courier import Courier
from bot.channels.wechat.delivery.lines import with_more
from bot.channels.wechat.delivery.pushes import Pushes, true_now
from bot.channels.wechat.envelope import Opened
from bot.channels.wechat.handover import HandOver
from bot.channels.wechat.intake import Intake
from bot.channels.wechat.outgoing import Text
from bot.channels.wechat.push import Push
from bot.channels.wechat.replies import Passive
from bot.conversation.inbox import Receipt
from bot.conversation.spine import Spine
from bot.errors import NotYet
from bot.services import Services
from bot.store.models import Conversation

ATTEMPTS = 3
"""Documented as "three times in all"; what comes after is answered too."""
WAIT, MORE = "utter_wechat_wait", "utter_wechat_more"
LOOK_SECONDS = 0.1
BUSY_SECONDS = 0.03
LATE = 1.06
"""What is ready only after this part of the patience may come too late: it stays for the next attempt, or the API."""
TYPING_SECONDS = 15.0


@dataclass(frozen=True)
class Answer:
    """What goes back: nothing but the acknowledgement, or a message, with the claim that it settles."""

    message: Passive | None = None
    claimed: Claimed | None = None


NOTHING = Answer()


class Attempts:
    """Lives on the web's loop. An attempt that is cancelled, since WeChat cut it, leaves everything to the next."""

    def __init__(
        self,
        services: Services,
        spine: Spine,
        pushes: Pushes,
        intake: Intake,
        claims: Claims,
        courier: Courier,
        desk: HandOver,
        sender: Sender,
    ) -> None:
        self._services = services
        self._spine = spine
        self._pushes = pushes
        self._intake = intake
        self._claims = claims
        self._courier = courier
        self._desk = desk
        self._sender = sender
        self._patience: float = services.settings.wechat_patience
        self._taking: dict[str, asyncio.Task[Receipt | None]] = {}
        self._behind: set[asyncio.Task[Any]] = set()

    async def answer(self, opened: Opened) -> Answer:
        """What goes back with this attempt.

        Raises NotAllowed where the signature was another push's, NotYet where nothing could be stored in time.
        """
        deadline = _clock() + self._patience
        held = true_now() + timedelta(seconds=self._patience * LATE)
        number = await asyncio.shield(self._do(self._pushes.note(opened, held)))
        try:
            return await self._answer(opened.push, number, deadline)
        finally:
            if opened.push.sender is not None:
                self._do(self._release(opened.push.sender, held))

    async def sent(self, answer: Answer) -> None:
        """The answer was handed to the connection of an attempt that was open."""
        if answer.claimed is not None:
            await asyncio.shield(self._do(self._claims.settle(answer.claimed, "sent")))
            self._courier.wake()

    def unsent(self, answer: Answer) -> None:
        """The attempt was cut before: somebody else may send it."""
        if answer.claimed is not None:
            self._do(self._put_back(answer.claimed))

    async def settled(self) -> None:
        """Wait for what is still being written down."""
        while self._behind:
            await asyncio.wait(set(self._behind))

    async def _answer(self, push: Push, number: int, deadline: float) -> Answer:
        receipt = await self._stored(push, deadline)
        if receipt is None or push.sender is None:
            return NOTHING
        ended = await self._spine.ended(receipt, deadline - _clock())
        transfer = await self._desk.hand_over(push) if ended else None
        if transfer is not None:
            return Answer(transfer)
        if self._claims.may_push:
            claimed = await self._claim(push.sender, deadline)
        else:
            claimed, ended = await self._gathered(push.sender, ended, deadline)
        if claimed is not None and _clock() > deadline + self._patience * (LATE - 1):
            await self._put_back(claimed)
            claimed = None
        if claimed is not None:
            return await self._carrying(claimed, ended)
        if self._claims.may_push:
            if not ended:
                self._do(self._type(push.sender, receipt))
            return NOTHING
        return NOTHING if ended else await self._hold(push.sender, number)

    async def _stored(self, push: Push, deadline: float) -> Receipt | None:
        """The push's receipt; attempts that overlap store it together."""
        task = self._taking.get(push.message_id)
        if task is None:
            task = self._taking[push.message_id] = self._do(self._intake.take(push))
            task.add_done_callback(lambda _: self._taking.pop(push.message_id, None))
        await asyncio.wait({task}, timeout=max(deadline - _clock(), 0.0))
        if not task.done():
            await asyncio.sleep(self._patience)  # until it is cut: unstored it must not be acknowledged
            raise NotYet("not stored yet")
        return task.result()

    async def _gathered(self, openid: str, ended: bool, deadline: float) -> tuple[Claimed | None, bool]:
        """What is ready by the deadline, and whether nothing is still being worked on."""
        while True:
            claimed = await self._claim(openid, deadline)
            quiet = ended and not await self._spine.works_for(CHANNEL, openid)
            if claimed is not None or quiet or _clock() >= deadline:
                return claimed, quiet
            await asyncio.sleep(LOOK_SECONDS)

    async def _carrying(self, claimed: Claimed, ended: bool) -> Answer:
        told = claimed.parcel.told
        assert isinstance(told, Text)
        if not self._claims.may_push and (claimed.more or not ended):
            await self._claims.ask_to_write(claimed.openid)
            told = with_more(claimed.parcel, self._word(MORE if claimed.more else WAIT, claimed.openid)).told
            assert isinstance(told, Text)
        return Answer(told, claimed)

    async def _hold(self, openid: str, number: int) -> Answer:
        """Let it be cut, for the next attempt to carry the answer; in the last one, ask for anything to be written."""
        if number < ATTEMPTS:
            await asyncio.sleep(self._patience)
            return NOTHING
        await self._claims.ask_to_write(openid)
        return Answer(Text(self._word(WAIT, openid)))

    def _word(self, key: str, openid: str) -> str:
        wording = self._services.texts.say(key, {}, {"channel": CHANNEL, "mood": "calm"}, {}, f"{openid}{true_now()}")
        return wording.text if wording else key

    async def _claim(self, openid: str, deadline: float) -> Claimed | None:
        """Take it; when we are cancelled meanwhile it is put back. What is just being sent is let pass first."""
        while True:
            taking = self._do(self._claims.take(openid, "request"))
            try:
                return await asyncio.shield(taking)
            except Busy:
                if _clock() >= deadline:
                    return None
            except asyncio.CancelledError:
                self._do(self._put_back_from(taking))
                raise
            await asyncio.sleep(BUSY_SECONDS)

    async def _put_back_from(self, taking: asyncio.Task[Claimed | None]) -> None:
        try:
            claimed = await taking
        except Busy:
            return
        if claimed is not None:
            await self._put_back(claimed)

    async def _put_back(self, claimed: Claimed) -> None:
        await self._claims.untake(claimed)
        self._courier.wake()

    async def _release(self, openid: str, held: datetime) -> None:
        await self._pushes.release(openid, held)
        self._courier.wake()

    async def _type(self, openid: str, receipt: Receipt) -> None:
        """Show that we are typing, until the turn ends."""
        for _ in range(2):
            await self._sender.typing(openid)
            if await self._spine.ended(receipt, TYPING_SECONDS):
                return

    async def show_typing(self, conversation_id: str) -> None:
        """A person is typing in a talk."""
        async with self._services.database.session() as session:
            talk = await session.get(Conversation, conversation_id)
        if talk is not None and talk.channel == CHANNEL:
            await self._sender.typing(talk.sender)

    def _do(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do it to its end, whatever becomes of whoever waits for it."""
        task = asyncio.ensure_future(work)
        self._behind.add(task)
        task.add_done_callback(self._behind.discard)
        return task


def _clock() -> float:
    return asyncio.get_running_loop().time()
