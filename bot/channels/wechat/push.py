"""What every push has: who says it to whom and when, and by what its repetition is known."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Push:
    """A message or an event. `kind` is WeChat's own name for it: the MsgType of a message, the Event of an event.

    `sender` is the customer's openid, None in 微信客服's callback; `created_at` is seconds since 1970.
    """

    to: str
    sender: str | None
    created_at: int
    kind: str

    @property
    def dedup_key(self) -> tuple[str, ...]:
        """By which a retry is known. A retry is joined to the turn that runs, neither dropped nor answered anew.

        WeChat's own advice (MsgId for messages, sender and time for events) is not enough: a MsgId has been seen with
        two senders at once, and two events of one sender can come in the same second.
        """
        raise NotImplementedError

    @property
    def message_id(self) -> str:
        """The same in one word of 64 characters, as the inbox takes it."""
        return hashlib.sha256("\x1f".join(self.dedup_key).encode()).hexdigest()
