"""What a message means to a running flow. One pure function; the order of reading is the design (tests/unit/actions/test_dialogue.py)."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Collection, Literal, Mapping, Optional, Sequence

from actions.facts import Fact
from actions.heard import Heard
from actions.scene import Scene
from bot.lexicon import lexicon

Kind = Literal["person", "complain", "repeat", "cancel", "answer", "correct", "patience", "switch", "also", "aside", "invalid"]

SURE = 0.45
LEAVES = {"request_human": "person", "complain": "complain"}


@dataclass(frozen=True)
class Reading:
    """What the message does: the facts that it brings, those it makes doubtful, the intent it turns to."""

    kind: Kind
    facts: Mapping[str, Any] = field(default_factory=dict)
    doubted: tuple[str, ...] = ()
    intent: str = ""


def understand(
    heard: Heard,
    plan: Sequence[Fact],
    scene: Scene,
    asked: str,
    *,
    own: Collection[str],
    starts: Collection[str],
    asides: Collection[str],
) -> Reading:
    """Read one message inside a flow that has asked for `asked`.

    `own`: intents that the flow takes as its own; `starts`: intents that begin another flow; `asides`: questions in passing.
    """
    words = lexicon()
    if heard.intent in LEAVES and (heard.confidence >= SURE or heard.intent == "request_human"):
        return Reading(LEAVES[heard.intent])  # type: ignore[arg-type]
    if words.is_whole("repeat", heard.text):
        return Reading("repeat")
    if "doubt" in heard.pressed:
        return Reading("correct", doubted=(str(heard.pressed["doubt"]),))
    question = next((fact for fact in plan if fact.slot == asked), None)
    answer = _answer(question, heard, scene)
    mentioned = mentions(heard, plan, scene)
    if answer is not None and question is not None:
        extra = {slot: value for slot, value in mentioned.items() if scene.facts.get(slot) is None}
        return Reading("answer", {**extra, question.slot: answer})
    if heard.intent == "withdraw_after_sales" and heard.confidence >= SURE or words.has("cancel", heard.text):
        return Reading("cancel")
    if words.is_correction(heard.text):
        corrected = _correction(heard, mentioned, scene)
        if corrected:
            return corrected
    if heard.intent in starts and heard.intent not in own and heard.confidence >= SURE:
        kind: Kind = "also" if any(word in heard.text for word in words.also) else "switch"
        return Reading(kind, intent=heard.intent)
    if heard.intent in asides and heard.intent not in own and heard.confidence >= SURE and asked not in mentioned:
        return Reading("aside", _new(mentioned, scene), intent=heard.intent)
    changed = {slot: value for slot, value in mentioned.items() if scene.facts.get(slot) not in (None, value)}
    if changed:
        return Reading("correct", {**_new(mentioned, scene), **changed})
    if mentioned:
        return Reading("answer", mentioned)
    if words.has("patience", heard.text):
        return Reading("patience")
    return Reading("invalid")


def mentions(heard: Heard, plan: Sequence[Fact], scene: Scene) -> dict[str, Any]:
    """All facts that the message names by itself."""
    read = ((fact.slot, fact.mention(heard, scene)) for fact in plan)
    return {slot: value for slot, value in read if value is not None}


def _answer(question: Optional[Fact], heard: Heard, scene: Scene) -> Any:
    if question is None:
        return None
    if question.slot in heard.pressed:
        return heard.pressed[question.slot]
    return question.answer(heard, scene)


def _correction(heard: Heard, mentioned: Mapping[str, Any], scene: Scene) -> Optional[Reading]:
    """A correcting word with the right value, or with the name of what was wrong."""
    if mentioned:
        known = any(scene.facts.get(slot) is not None for slot in mentioned)
        return Reading("correct" if known else "answer", mentioned)
    named = tuple(slot for slot, nouns in lexicon().nouns.items() if any(noun in heard.text for noun in nouns))
    doubted = tuple(slot for slot in named if scene.facts.get(slot) is not None)
    return Reading("correct", doubted=doubted[:1]) if doubted else None


def _new(mentioned: Mapping[str, Any], scene: Scene) -> dict[str, Any]:
    return {slot: value for slot, value in mentioned.items() if scene.facts.get(slot) is None}
