"""The callback's rules: opens a request of WeChat's or refuses it, and makes the body of the answer.

A refusal is a RequestError with its HTTP status: 403 for what WeChat cannot have sent, 400 for what cannot be read, 413
for what is too large. Nothing else is raised, whatever a stranger sends.
Sources: https://developers.weixin.qq.com/doc/service/guide/dev/push/ and …/push/encryption
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.channels.wechat import inbound, replies, signature, xml
from bot.channels.wechat.crypto import MessageCipher
from bot.channels.wechat.events import Event, Unsubscribe
from bot.channels.wechat.outgoing import Transfer
from bot.channels.wechat.push import Push
from bot.errors import BadInput, NotAllowed, NotSendable

WINDOW_SECONDS = 300
"""How far WeChat's clock and ours may be apart."""
REPLAY_SECONDS = 2 * WINDOW_SECONDS
"""How long a replay key must be remembered: later the window refuses the request."""

TIMESTAMP = re.compile(r"\d{1,12}", re.ASCII)
NONCE = re.compile(r"[!-~]{1,128}")

Query = Mapping[str, str]


@dataclass(frozen=True)
class Opened:
    """A push, and what its answer and the watch over replays need.

    `replay_key` names the request. It was seen before: with the same `push.message_id` this is a retry, to be joined to
    the turn that runs; with another one somebody put a new body under an old signature, to be refused with 403.
    """

    push: Push
    nonce: str
    replay_key: str


class Callback:
    """One account's callback. With a cipher everything must come encrypted: a plain signature vouches for no body."""

    def __init__(self, token: str, cipher: MessageCipher | None = None, clock: Callable[[], float] = time.time) -> None:
        """`clock` gives seconds since 1970: the true time, also where business time is a made-up one."""
        self._token = token
        self._cipher = cipher
        self._clock = clock

    def challenge(self, query: Query) -> str:
        """The echostr of a GET, to be sent back as it is, as text/plain. Raises NotAllowed unless WeChat signed it."""
        self._check_plain(query)
        if "echostr" not in query:
            raise BadInput("echostr: lacking", "malformed")
        return query["echostr"]

    def open(self, query: Query, body: bytes) -> Opened:
        """The push of a POST. Raises NotAllowed, BadInput or TooLarge."""
        if len(body) > xml.MAX_BYTES:
            raise xml.too_large()
        document = self._plain(query, body) if self._cipher is None else self._decrypted(query, body, self._cipher)
        timestamp, nonce = self._stamp(query)
        return Opened(inbound.read(document), nonce, f"{timestamp}:{nonce}")

    def answer(self, opened: Opened, message: replies.Passive | None = None) -> str:
        """The body of the answer, encrypted where the push was; nothing is said to who left, or to nobody.

        Raises NotSendable for an impossible text, and for an event that is handed to 客服: only messages may be.
        """
        if message is None or opened.push.sender is None or isinstance(opened.push, Unsubscribe):
            return replies.ACK
        if isinstance(message, Transfer) and isinstance(opened.push, Event):
            raise NotSendable("an event cannot be handed to a person")
        now = int(self._clock())
        told = replies.render(message, to=opened.push.sender, sender=opened.push.to, created_at=now)
        if self._cipher is None:
            return told
        return replies.seal(told, self._cipher, self._token, timestamp=now, nonce=opened.nonce)

    def _plain(self, query: Query, body: bytes) -> xml.Node:
        self._check_plain(query)
        document = xml.parse(body)
        if document.get("MsgType") is None and document.get("Encrypt"):
            raise BadInput("encrypted, but there is no EncodingAESKey here", "no_aes_key")
        return document

    def _decrypted(self, query: Query, body: bytes, cipher: MessageCipher) -> xml.Node:
        """What was encrypted; in compatible mode the plain fields beside it are vouched for by nobody."""
        timestamp, nonce = self._stamp(query)
        claimed = query.get("msg_signature")
        if not claimed:
            raise NotAllowed("only encrypted messages are taken", "plaintext_refused")
        encrypted = xml.parse(body).get("Encrypt")
        if not encrypted:
            raise NotAllowed("only encrypted messages are taken", "plaintext_refused")
        if not signature.matches(claimed, self._token, timestamp, nonce, encrypted):
            raise _forged()
        return xml.parse(cipher.decrypt(encrypted).encode())

    def _check_plain(self, query: Query) -> None:
        timestamp, nonce = self._stamp(query)
        if not signature.matches(query.get("signature", ""), self._token, timestamp, nonce):
            raise _forged()

    def _stamp(self, query: Query) -> tuple[str, str]:
        """Timestamp and nonce, of which the first must be of now."""
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not TIMESTAMP.fullmatch(timestamp) or not NONCE.fullmatch(nonce):
            raise _forged()
        if abs(self._clock() - int(timestamp)) > WINDOW_SECONDS:
            raise NotAllowed("signed too long ago, or the clock here is wrong", "stale")
        return timestamp, nonce


def _forged() -> NotAllowed:
    return NotAllowed("wrong signature", "bad_signature")
