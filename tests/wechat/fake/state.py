"""Users and what they see, and everything that was called or pushed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from .bell import Bell
from .quota import Grants
from .refused import Refused

TEXTS: Mapping[str, str] = json.loads((Path(__file__).parent / "static" / "texts.zh.json").read_text(encoding="utf-8"))

From = Literal["own", "passive", "custom", "fault", "template", "notice", "desk", "system"]
"""own: the user's own; fault: WeChat says that the account is out of order; desk: a person at WeChat's own desk."""


@dataclass(frozen=True)
class Shown:
    """One line of a user's chat with the account."""

    kind: From
    type: str
    text: str
    at: float
    content: Mapping[str, Any] = field(default_factory=dict)
    answers: str = ""
    """Passive replies: the key of the push that it answers (MsgId, or the event's name)."""
    attempt: int = 0
    """Passive replies: which attempt at the push it answered, from 1."""
    account: str = ""
    """The person (`kf_account`) in whose name it was sent."""


@dataclass
class Member:
    """A WeChat user, whether a follower or not."""

    openid: str
    nickname: str
    bell: Bell
    follows: bool = False
    history: list[Shown] = field(default_factory=list)
    grants: Grants = field(default_factory=Grants)
    acted_at: float = float("-inf")
    """When the user last did something that allows a typing sign."""
    typing_until: float = float("-inf")
    blocks_templates: bool = False
    permits: Counter[str] = field(default_factory=Counter)
    """Notices that the user has allowed, by template."""

    def see(self, shown: Shown) -> None:
        """Put a line on the screen."""
        self.history.append(shown)
        self.bell.ring()


@dataclass(frozen=True)
class ApiCall:
    """One call of the API and how it ended. `errcode` is None where no JSON was answered."""

    path: str
    query: Mapping[str, str]
    body: Any
    errcode: int | None
    at: float
    fault: str = ""


@dataclass
class Attempt:
    """One try at a push. `outcome`: answered, acknowledged, timeout, unreachable, status, unreadable."""

    number: int
    outcome: str = "open"
    seconds: float = 0.0
    status: int | None = None
    body: bytes = b""
    problem: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Push:
    """A message or an event on its way to the callback."""

    openid: str
    fields: Mapping[str, Any]
    attempts: list[Attempt] = field(default_factory=list)
    delivered: int | None = None
    """The attempt whose answer the user has seen, from 1."""
    problem: str = ""
    """Why it failed in the end; empty when all is well, or still open."""
    done: bool = False

    @property
    def key(self) -> str:
        """The MsgId, or the name of the event."""
        return str(self.fields.get("MsgId") or self.fields.get("Event", ""))


class State:
    """Everybody and everything."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.members: dict[str, Member] = {}
        self.calls: list[ApiCall] = []
        self.pushes: list[Push] = []

    def member(self, openid: str, nickname: str = "") -> Member:
        """The user with that openid, who comes to be when asked for."""
        if openid not in self.members:
            self.members[openid] = Member(openid, nickname or openid, self.bell)
            self.bell.ring()
        return self.members[openid]

    def known(self, openid: Any) -> Member:
        """As the API finds one. Raises `Refused` 40003."""
        found = self.members.get(openid) if isinstance(openid, str) else None
        if found is None:
            raise Refused(40003)
        return found

    def follower(self, openid: Any) -> Member:
        """One who follows. Raises `Refused` 40003 or 43004."""
        found = self.known(openid)
        if not found.follows:
            raise Refused(43004)
        return found
