"""What a look-up found: the wording that says it, its fields, and what there is to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.model import Card


@dataclass(frozen=True)
class Found:
    """One reply. `tells`: it is an answer, and not a question for what is lacking to find one."""

    key: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    tells: bool = True
