"""One call of the API, as a handler sees it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .refused import Refused
from .world import World


@dataclass
class Call:
    """A request whose body has been read. `base` is the address of the fake itself."""

    world: World
    method: str
    path: str
    query: Mapping[str, str]
    raw: bytes
    peer: str
    base: str
    upload: tuple[str, bytes] | None = None
    """A file that came as a form, with its name."""
    seen: Any = field(default=None)
    """What the ledger keeps of the body."""

    @property
    def body(self) -> dict[str, Any]:
        """The JSON body. Raises `Refused`: 44002 when empty, 47001 when it is none."""
        if not self.raw:
            raise Refused(44002)
        try:
            decoded = json.loads(self.raw.decode("utf-8"))
        except ValueError as error:
            raise Refused(47001) from error
        if not isinstance(decoded, dict):
            raise Refused(47001)
        self.seen = decoded
        return decoded

    def keys_fit(self, told: Mapping[str, Any]) -> None:
        """Whether appid and secret are the account's. Raises `Refused`: 40013 or 40125."""
        if told.get("appid") != self.world.account.appid:
            raise Refused(40013)
        if told.get("secret") != self.world.account.secret:
            raise Refused(40125)
