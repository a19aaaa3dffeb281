"""All parts of the fake in one place, for those who serve it."""

from __future__ import annotations

from dataclasses import dataclass, field

from .account import Account
from .clock import Clock
from .faults import Faults
from .media import Media
from .menu import Menu
from .oauth import OAuth
from .push import Pusher
from .qr import Codes
from .quota import CallLimits
from .state import State
from .tokens import Tokens


@dataclass
class World:
    """One account at WeChat's, its users, and what is kept about them."""

    account: Account
    clock: Clock
    state: State
    media: Media
    pusher: Pusher
    tokens: Tokens
    limits: CallLimits
    codes: Codes
    oauth: OAuth
    menu: Menu = field(default_factory=Menu)
    faults: Faults = field(default_factory=Faults)
    address: str = ""
    """Where the fake itself is served."""
    whitelist: set[str] | None = None
    """Addresses that may fetch a token; None lets all."""
    templates: set[str] | None = None
    """Ids of message templates that exist; None: any, as on a test account."""

    @classmethod
    def made(cls, account: Account, clock: Clock, callback: str, cut: float) -> World:
        """Put the parts together."""
        state, media = State(), Media(clock)
        return cls(
            account=account,
            clock=clock,
            state=state,
            media=media,
            pusher=Pusher(account, state, media, clock, callback, cut),
            tokens=Tokens(clock),
            limits=CallLimits(clock),
            codes=Codes(clock),
            oauth=OAuth(account, clock),
        )
