"""Where in a push a field stands, declared beside the field; and the reading of a push by these declarations."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import field, fields
from typing import Any

from bot.channels.wechat.xml import Node

DECIMAL = re.compile(r"-?\d{1,10}(?:\.\d{1,20})?", re.ASCII)
WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)

READ, NEEDED = "read", "needed"


def text(path: str) -> Any:
    """A text, None where it is absent or empty."""
    return _told(lambda node: node.get(path))


def words(path: str) -> Any:
    """A text, empty where it is absent."""
    return _told(lambda node: node.get(path) or "")


def needed(path: str) -> Any:
    """A text without which the push is not what it claims to be."""
    return _told(lambda node: node.get(path), needed=True)


def decimal(path: str) -> Any:
    """A number without which the push is not what it claims to be."""
    return _told(lambda node: number_in(node.get(path)), needed=True)


def whole(path: str) -> Any:
    """A whole number, None where there is none."""
    return _told(lambda node: whole_in(node.get(path)))


def texts(path: str) -> Any:
    """Every text that stands there, in order."""
    return _told(lambda node: tuple(found.text.strip() for found in node.all(path)))


def by(read: Callable[[Node], Any]) -> Any:
    """What a function reads from the push."""
    return _told(read)


def read(kind: type[Any], node: Node) -> dict[str, Any] | None:
    """The values of a kind's fields that are declared here; None where one is lacking that is needed."""
    values: dict[str, Any] = {}
    for each in fields(kind):
        if READ in each.metadata:
            values[each.name] = each.metadata[READ](node)
            if values[each.name] is None and each.metadata[NEEDED]:
                return None
    return values


def number_in(told: str | None) -> float | None:
    """The decimal number that the text is."""
    return float(told) if told and DECIMAL.fullmatch(told) else None


def whole_in(told: str | None) -> int | None:
    """The whole number that the text is, of at most 18 digits."""
    return int(told) if told and WHOLE.fullmatch(told) else None


def _told(read: Callable[[Node], Any], *, needed: bool = False) -> Any:
    return field(metadata={READ: read, NEEDED: needed})
