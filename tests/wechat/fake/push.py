"""WeChat's side of the callback: one push, up to three attempts of five seconds, and what the user sees of it."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import Mapping
from typing import Any

import aiohttp

from .account import Account
from .clock import Clock
from .content import read_passive
from .desk import Desk
from .envelope import Envelope
from .markup import BadMarkup
from .media import Media
from .refused import Refused
from .state import TEXTS, Attempt, Member, Push, Shown, State

ATTEMPTS = 3
CUT_SECONDS = 5.0
AGAIN = {"timeout", "unreachable", "status"}
ACKNOWLEDGED = (b"", b"success")


class Pusher:
    """Sends messages and events to the callback.

    `cut` is after how many seconds the connection is cut. `repeats_signature`: whether further attempts carry the
    query of the first one, which is documented nowhere; without it each is signed anew.
    """

    def __init__(
        self, account: Account, state: State, media: Media, clock: Clock, callback: str, cut: float = CUT_SECONDS
    ) -> None:
        self.callback = callback
        self.cut = cut
        self.repeats_signature = False
        self.desk = Desk(clock, self.announce)
        self._under_way: set[asyncio.Task[Push]] = set()
        self._account = account
        self._state = state
        self._media = media
        self._clock = clock
        self._envelope = Envelope(account)
        self._numbers = itertools.count(time.time_ns())
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Get ready; each push gets a connection of its own."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True, limit=0),
            skip_auto_headers=("Accept", "Accept-Encoding"),
            headers={"User-Agent": "Mozilla/4.0", "Accept": "*/*", "Pragma": "no-cache"},
        )

    async def stop(self) -> None:
        """Cut what is open."""
        for task in list(self._under_way):
            task.cancel()
        if self._session is not None:
            await self._session.close()

    async def verify(self) -> str:
        """The check of the address by an echostr; empty when it passed, else what is wrong."""
        echo = f"{secrets.randbelow(10**19)}"
        query = {**self._envelope.signed_query(), "echostr": echo}
        attempt = Attempt(1)
        await self._try("GET", query, b"", attempt)
        if attempt.problem:
            return attempt.problem
        return "" if attempt.body == echo.encode() else "the answer is not the echostr"

    async def message(self, member: Member, fields: Mapping[str, Any], msg_id: str = "") -> Push | None:
        """A message of the user; None when a person at WeChat's desk has it."""
        self.desk.tidy(self._state.members)
        filled = {**self._head(member), **fields, "MsgId": int(msg_id or next(self._numbers))}
        return None if self.desk.hears(member, filled) else await self.push(member, filled)

    async def event(self, member: Member, fields: Mapping[str, Any], *, shows: bool = False) -> Push:
        """An event. `shows`: whether the user looks at the chat, and so sees the reply or the fault."""
        return await self.push(member, {**self._head(member), "MsgType": "event", **fields}, shows=shows)

    def announce(self, member: Member, fields: dict[str, Any]) -> None:
        """An event that goes out by itself, while whatever caused it goes on."""
        task = asyncio.get_running_loop().create_task(self.event(member, fields))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settled(self) -> None:
        """Wait until all announced events are out."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def push(self, member: Member, fields: dict[str, Any], *, shows: bool = True) -> Push:
        """Send, until an attempt is answered or none is left."""
        push = Push(member.openid, fields)
        self._state.pushes.append(push)
        signed = self._envelope.signed_query()
        for number in range(1, ATTEMPTS + 1):
            fresh = signed if number == 1 or self.repeats_signature else self._envelope.signed_query()
            query, body = self._envelope.close(fields, {**fresh, "openid": member.openid})
            attempt = Attempt(number, query=query)
            push.attempts.append(attempt)
            self._state.bell.ring()
            await self._try("POST", query, body, attempt)
            self._state.bell.ring()
            if attempt.outcome not in AGAIN:
                break
        self._conclude(push, member, shows)
        push.done = True
        self._state.bell.ring()
        return push

    async def _try(self, method: str, query: Mapping[str, str], body: bytes, attempt: Attempt) -> None:
        if self._session is None or self._session.closed:
            attempt.outcome, attempt.problem = "unreachable", "this WeChat is not running"
            return
        began = time.monotonic()
        try:
            async with self._session.request(
                method,
                self.callback,
                params=query,
                data=body or None,
                headers={"Content-Type": "text/xml"} if body else None,
                timeout=aiohttp.ClientTimeout(total=self.cut),
                allow_redirects=False,
            ) as answer:
                attempt.status = answer.status
                attempt.body = await answer.read()
            attempt.outcome = "answered" if attempt.status == 200 else "status"
            attempt.problem = "" if attempt.status == 200 else f"HTTP {attempt.status}"
        except asyncio.TimeoutError:
            attempt.outcome, attempt.problem = "timeout", f"no answer within {self.cut:g} s"
        except (aiohttp.ClientError, OSError) as error:
            attempt.outcome, attempt.problem = "unreachable", f"no connection: {error!r}"
        finally:
            attempt.seconds = time.monotonic() - began

    def _conclude(self, push: Push, member: Member, shows: bool) -> None:
        attempt = push.attempts[-1]
        if attempt.outcome == "answered":
            try:
                self._show(push, member, attempt, shows)
            except (BadMarkup, Refused) as error:
                attempt.outcome, attempt.problem = "unreadable", f"{error}"
        if attempt.problem:
            push.problem = attempt.problem
            if shows and member.follows:
                member.see(Shown("fault", "text", TEXTS["out_of_order"], self._clock.now(), answers=push.key))

    def _show(self, push: Push, member: Member, attempt: Attempt, shows: bool) -> None:
        if attempt.body in ACKNOWLEDGED:
            attempt.outcome = "acknowledged"
            return
        fields = self._envelope.open(attempt.body)
        if fields.get("ToUserName") != member.openid or fields.get("FromUserName") != self._account.original_id:
            raise BadMarkup("ToUserName and FromUserName are not those of the message, exchanged")
        if not str(fields.get("CreateTime", "")).isdecimal():
            raise BadMarkup("CreateTime is no number")
        text = read_passive(fields, self._media)
        if fields["MsgType"] == "transfer_customer_service":
            if push.fields["MsgType"] == "event":
                raise BadMarkup("only messages are handed over, not events")
            push.delivered = attempt.number
            trans = fields.get("TransInfo")
            self.desk.transfer(member, trans.get("KfAccount", "") if isinstance(trans, dict) else "")
        elif shows and member.follows:
            push.delivered = attempt.number
            kind = str(fields["MsgType"])
            member.see(
                Shown("passive", kind, text, self._clock.now(), fields, answers=push.key, attempt=attempt.number)
            )

    def _head(self, member: Member) -> dict[str, Any]:
        return {
            "ToUserName": self._account.original_id,
            "FromUserName": member.openid,
            "CreateTime": int(self._clock.now()),
        }
