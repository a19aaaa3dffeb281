"""Several wishes in one message: Rasa classifies a message once, so its clauses are looked at one by one."""
from __future__ import annotations

import re
from typing import Any, Awaitable, Callable

Parse = Callable[[str], Awaitable[dict[str, Any]]]

BORDER = re.compile(r"[。；;！!？?\n]+|(?:，|,|\s)*(?=另外|还有(?!没|多|货)|顺便|对了)")
MOST = 6
SHORTEST = 2


def split(text: str) -> list[str]:
    """The clauses of a message, in order."""
    parts = [part.strip(" ，,") for part in BORDER.split(text)]
    return [part for part in parts if len(part) >= SHORTEST][:MOST]


async def parse(text: str, parse_one: Parse, wishes: frozenset[str]) -> dict[str, Any]:
    """The parse of a message. Where its clauses name different wishes, the first is the message's, the rest go under `clauses`.

    `wishes` are the intents worth a clause of their own (flows and questions). Entities are those of the whole text.
    """
    whole = await parse_one(text)
    parts = split(text)
    if len(parts) < 2:
        return whole
    found: list[dict[str, Any]] = []
    for part in parts:
        parsed = await parse_one(part)
        intent = parsed["intent"]["name"]
        if intent in wishes and all(intent != other["intent"]["name"] for other in found):
            found.append(parsed)
    if len(found) < 2:
        return whole
    first, *rest = found
    clauses = [
        {"intent": part["intent"]["name"], "text": part["text"], "entities": part["entities"]} for part in rest
    ]
    return {**whole, "intent": first["intent"], "clauses": clauses}
