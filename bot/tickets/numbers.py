"""How tickets are numbered, and how their numbers are found in a text."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

_NUMBER = re.compile(r"(?<![A-Z\d])T\d{12}(?!\d)")
_LEFT = 10**6


def new(now: datetime) -> str:
    """The number of a ticket that begins now: the day, and what nobody can guess."""
    return f"T{now:%y%m%d}{secrets.randbelow(_LEFT):06d}"


def named_in(text: str) -> list[str]:
    """The numbers that a text names, each once, in their order."""
    return list(dict.fromkeys(_NUMBER.findall(text.upper())))
