"""What a customer said before order and goods were known: some facts can be read from it only when they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.facts import Fact
from actions.heard import Heard, from_opening
from actions.scene import Scene

MOST_KEPT, LONGEST_KEPT = 4, 300


def remember(said: Sequence[dict[str, Any]], heard: Heard) -> list[dict[str, Any]]:
    """What is kept, newest first, with this message; buttons and numbers say all that they mean at once."""
    if (heard.pressed and heard.intent == "inform") or not any(letter.isalpha() for letter in heard.text):
        return list(said)
    kept = {"text": heard.text[:LONGEST_KEPT], "entities": [dict(entity) for entity in heard.entities]}
    return [kept, *said][:MOST_KEPT]


async def read_again(fact: Fact, said: Sequence[dict[str, Any]], scene: Scene) -> Any:
    """The value that the fact finds in what was said, now that more is known; None where it finds none that holds."""
    if scene.facts.get(fact.slot) is not None or not fact.needed(scene):
        return None
    for earlier in said:
        value = fact.mention(from_opening(earlier), scene)
        if value is not None and (await fact.check(value, scene)).value is not None:
            return value
    return None
