"""The official account: what it is called, its keys, and what its kind may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

Kind = Literal["verified_service", "verified_subscription", "unverified"]


class Mode(str, Enum):
    """How pushes are written: in clear, in clear and encrypted side by side, encrypted only."""

    PLAIN = "plain"
    COMPAT = "compat"
    SAFE = "safe"


SUBSCRIPTION = frozenset({"custom", "media", "menu", "notice", "desk", "user"})
RIGHTS: dict[Kind, frozenset[str]] = {
    "verified_service": SUBSCRIPTION | {"template", "qr", "oauth"},
    "verified_subscription": SUBSCRIPTION,
    "unverified": frozenset(),
}


@dataclass
class Account:
    """An account as its owner set it up at mp.weixin.qq.com."""

    appid: str = "wxfa4e0123456789ab"
    secret: str = "0123456789abcdef0123456789abcdef"
    token: str = "faketoken"
    aes_key: str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    original_id: str = "gh_0123456789ab"
    kind: Kind = "verified_service"
    mode: Mode = Mode.SAFE

    def __post_init__(self) -> None:
        self.mode = Mode(self.mode)
        if self.kind not in RIGHTS:
            raise ValueError(f"kind is one of {', '.join(RIGHTS)}")
        if self.mode is not Mode.PLAIN and len(self.aes_key) != 43:
            raise ValueError("an AES key has 43 characters")

    def may(self, right: str) -> bool:
        """Whether accounts of this kind have a right."""
        return right in RIGHTS[self.kind]
