"""What a message brought, read from the tracker's latest message or from the request that a queued flow begins with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.lexicon import simplified


@dataclass(frozen=True)
class Heard:
    """One customer message. `pressed` are the values of a button, `clauses` further wishes in the same message."""

    text: str
    intent: str = ""
    confidence: float = 1.0
    entities: tuple[Mapping[str, Any], ...] = ()
    attachments: tuple[Mapping[str, str], ...] = ()
    clauses: tuple[Mapping[str, Any], ...] = ()
    pressed: Mapping[str, Any] = field(default_factory=dict)
    away: float = 0.0

    def values(self, name: str) -> list[Any]:
        """The values of all entities of a kind, in order."""
        return [entity["value"] for entity in self.entities if entity["entity"] == name]

    def value(self, name: str) -> Any:
        """The first value of a kind, a button's before the text's; None without one."""
        if name in self.pressed:
            return self.pressed[name]
        found = self.values(name)
        return found[0] if found else None


# Who reads a pressed button's facts: our engine; Rasa itself, under `rasa run` and `rasa shell`.
PRESSED = ("button", "RegexMessageHandler")


PRODUCT = "product"


def payload(**values: Any) -> str:
    """The payload of a button that answers with these facts."""
    return "/inform" + json.dumps(values, ensure_ascii=False)


def from_message(message: Mapping[str, Any]) -> Heard:
    """What Rasa's latest message says; of several wishes, what belongs to the first."""
    metadata = message.get("metadata") or {}
    intent = message.get("intent") or {}
    entities = tuple(message.get("entities") or ())
    pressed = {e["entity"]: e["value"] for e in entities if e.get("extractor") in PRESSED}
    named = tuple(e for e in entities if e.get("extractor") not in PRESSED)
    # A product that is shown by a card is named like one that is written.
    shown = ({"entity": PRODUCT, "value": pressed[PRODUCT]},) if PRODUCT in pressed else ()
    return Heard(
        text=simplified(message.get("first_wish") or message.get("text") or ""),
        intent=intent.get("name") or "",
        confidence=float(intent.get("confidence") or 0.0),
        entities=named + shown,
        attachments=tuple(metadata.get("attachments") or ()),
        clauses=tuple(message.get("clauses") or ()),
        pressed=pressed,
        away=float(metadata.get("away") or 0.0),
    )


def from_opening(opening: Mapping[str, Any]) -> Heard:
    """What a queued flow begins with: the clause that asked for it, or the facts with which it was put aside."""
    return Heard(
        text=opening.get("text", ""),
        intent=opening.get("intent", ""),
        entities=tuple(opening.get("entities", ())),
        pressed=opening.get("facts", {}),
    )
