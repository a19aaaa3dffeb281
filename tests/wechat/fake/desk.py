"""WeChat's own desk, where people of the account answer customers who were handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .clock import MINUTE, Clock
from .refused import Refused
from .state import Member, Shown

IDLE = 30 * MINUTE

Announce = Callable[[Member, dict[str, Any]], None]


@dataclass
class Servicer:
    """A person at the desk."""

    account: str
    nickname: str
    number: str
    online: bool = True


@dataclass
class Session:
    """A customer and who serves them."""

    openid: str
    account: str
    begun_at: float
    heard_at: float


@dataclass
class Desk:
    """Staff, who waits, who is being served. `announce` pushes an event to the callback."""

    clock: Clock
    announce: Announce
    staff: dict[str, Servicer] = field(default_factory=dict)
    waiting: dict[str, float] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What customers in a session sent, with their openid."""

    def employ(self, account: str, nickname: str = "", online: bool = True) -> Servicer:
        """Add a person; `account` is like `test1@test`."""
        self.staff[account] = Servicer(account, nickname or account, str(1001 + len(self.staff)), online)
        return self.staff[account]

    def transfer(self, member: Member, account: str = "") -> None:
        """A reply handed the customer over: to that person if online, else into the queue."""
        servicer = self.staff.get(account)
        if servicer is not None and servicer.online:
            self.begin(member, account)
        else:
            self.waiting.setdefault(member.openid, self.clock.now())
            member.bell.ring()

    def begin(self, member: Member, account: str) -> None:
        """Somebody takes the customer. Raises `Refused` 61452, 61459 or 61458."""
        servicer = self.staff.get(account)
        if servicer is None:
            raise Refused(61452)
        if not servicer.online:
            raise Refused(61459)
        running = self.sessions.get(member.openid)
        if running is not None and running.account != account:
            raise Refused(61458)
        self.waiting.pop(member.openid, None)
        if running is None:
            now = self.clock.now()
            self.sessions[member.openid] = Session(member.openid, account, now, now)
            self.announce(member, {"Event": "kf_create_session", "KfAccount": account})

    def switch(self, member: Member, account: str) -> None:
        """Hand the customer on to another person."""
        session = self.sessions[member.openid]
        before, session.account = session.account, account
        event = {"Event": "kf_switch_session", "FromKfAccount": before, "ToKfAccount": account}
        self.announce(member, event)

    def end(self, member: Member, account: str = "") -> None:
        """Close the session. Raises `Refused` 61452 when it is another person's, 61451 when there is none."""
        session = self.sessions.get(member.openid)
        if session is None:
            raise Refused(61451)
        if account and session.account != account:
            raise Refused(61452)
        del self.sessions[member.openid]
        self.announce(member, {"Event": "kf_close_session", "KfAccount": session.account})

    def tidy(self, members: dict[str, Member]) -> None:
        """Close what has been silent for 30 minutes."""
        now = self.clock.now()
        for session in list(self.sessions.values()):
            if now - session.heard_at >= IDLE:
                self.end(members[session.openid])

    def hears(self, member: Member, fields: dict[str, Any]) -> bool:
        """Take a customer's message, when there is a session; whether there is one."""
        session = self.sessions.get(member.openid)
        if session is None:
            return False
        session.heard_at = self.clock.now()
        self.heard.append((member.openid, fields))
        return True

    def says(self, member: Member, text: str) -> None:
        """The person writes to the customer."""
        session = self.sessions[member.openid]
        session.heard_at = self.clock.now()
        member.see(Shown("desk", "text", text, self.clock.now(), account=session.account))
