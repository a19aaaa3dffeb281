"""What a message means to a running flow. One pure function; the order of reading is the design.

Its table of cases is tests/unit/actions/test_dialogue.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from actions import pointing
from actions.facts import Fact
from actions.heard import Heard
from actions.scene import Scene
from bot.lexicon import bare, lexicon
from bot.mood import is_angry
from bot.policy.facts import Solution
from bot.remarks import remarks

Kind = Literal[
    "person",
    "complain",
    "repeat",
    "unknown",
    "explain",
    "why",
    "later",
    "known",
    "cancel",
    "answer",
    "correct",
    "patience",
    "switch",
    "also",
    "aside",
    "invalid",
]

SURE = 0.45
SHORT = 2  # characters: the intent of a shorter answer is never used
SHORT_TO_QUESTION = 4  # the same, where it brings what was asked for
ASKS_AGAIN = ("repeat", "back", "puzzled")
COURTESY = ("greet", "thank")
POLICY_QUESTION = "ask_return_policy"
BESIDE_REMEDIES = ("solution", "confirmed")
ABOUT_TIME = ("ask_delivery_time", "ask_shipping_time", "ask_refund_status")


@dataclass(frozen=True)
class Reading:
    """What the message does: the facts that it brings, those it makes doubtful, the intent it turns to.

    `about`: the remedy that it asks about.
    """

    kind: Kind
    facts: Mapping[str, Any] = field(default_factory=dict)
    doubted: tuple[str, ...] = ()
    intent: str = ""
    about: Solution | None = None


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

    `own`: intents that the flow takes as its own; `starts`: those that begin another; `asides`: questions in passing.
    """
    words, sure = lexicon(), heard.confidence >= SURE
    if heard.intent == "request_human":
        return Reading("person")
    mentioned = mentions(heard, plan, scene)
    # Who calmly names a compensation where remedies are offered does not complain; a threat in words is certain.
    answer = _answer(plan, asked, heard, scene)
    answers = answer is not None or asked in mentioned or "solution" in mentioned
    asks_back = remarks().asks_why(heard.text, asked) or remarks().asks_what_now(heard.text)
    calm_answer = (answers or asks_back) and heard.confidence < 1 and not is_angry(heard.text)
    if heard.intent == "complain" and sure and not calm_answer:
        return Reading("complain")
    if heard.intent in asides and words.wants_amends(heard.text):  # of an order that is late: no remedy of this matter
        return Reading("aside", intent=heard.intent)
    again = words.has("resume", heard.text) or any(words.is_whole(name, heard.text) for name in ASKS_AGAIN)
    if again or (heard.text and words.is_wordless(heard.text)):
        return Reading("repeat")
    if about := _asked_about(heard, scene, sure and heard.intent in asides and heard.intent.startswith("ask_")):
        return Reading("explain", about=about)
    if "doubt" in heard.pressed:
        return Reading("correct", doubted=(str(heard.pressed["doubt"]),))
    new = {slot: value for slot, value in mentioned.items() if scene.facts.get(slot) is None}
    if answer is not None:
        return Reading("answer", {**new, asked: answer})
    if asked not in mentioned and remarks().asks_why(heard.text, asked):
        return Reading("why", new)
    if (heard.intent == "withdraw_after_sales" and sure) or words.has("cancel", heard.text):
        # "No exchange, rather the money", "no refund, rather a larger size": something is given up for something else.
        if scene.facts.get("solution") not in (None, mentioned.get("solution", scene.facts.get("solution"))):
            return Reading("correct", mentioned)
        if not (sure and heard.intent in set(starts) - set(own)) or words.is_whole("cancel", heard.text):
            return Reading("cancel")
    if words.is_correction(heard.text):
        corrected = _correction(heard, mentioned, scene)
        if corrected:
            return corrected
    # Who does not know the number that is asked for, or where it stands, asks nothing else: 不知道单号.
    if not mentioned and asked in words.doubted(heard.text) and words.has("unknown", heard.text):
        return Reading("unknown")
    trouble, said = words.cause(heard.text), len(words.core(heard.text))
    short = SHORT_TO_QUESTION if asked in mentioned and trouble is None else SHORT
    only_a_fact = bool(mentioned) and (said <= short or _just_names(heard))
    leads = sure and heard.intent not in own and (said > 1 or trouble is not None) and not only_a_fact
    if leads and heard.intent in starts:
        also = any(word in heard.text for word in words.also)
        return Reading("also" if also else "switch", intent=heard.intent)
    if not mentioned and any(fact.slot == "solution" for fact in plan) and remarks().asks_what_now(heard.text):
        return Reading("repeat" if asked in BESIDE_REMEDIES else "later")
    if heard.intent in COURTESY and words.is_whole("courtesy", heard.text):
        return Reading("aside", intent=heard.intent)
    wish = heard.intent == POLICY_QUESTION and "solution" in mentioned  # 可以退款吗, of something broken
    if leads and heard.intent in asides and asked not in mentioned and not wish:
        return Reading("aside", new, intent=heard.intent)
    if any(_changes(fact, mentioned[fact.slot], scene) for fact in plan if fact.slot in mentioned):
        return Reading("correct", mentioned)
    if mentioned:
        return Reading("answer", mentioned)
    if words.has("patience", heard.text):
        return Reading("patience")
    # After "no" to the summary the customer may just name what is wrong.
    doubted = _doubted(heard, scene) if asked == "confirmed" else ()
    if doubted:
        return Reading("correct", doubted=doubted)
    return Reading("known" if pointing.says_known(heard, scene) else "invalid")


def _just_names(heard: Heard) -> bool:
    """Whether goods are named and nothing is said of them: what they are called tells no intent."""
    core = lexicon().core(heard.text)
    spans = (found for found in heard.entities if found["entity"] == "product" and "start" in found)
    return any(bare(heard.text[found["start"] : found["end"]]) == core for found in spans)


def _asked_about(heard: Heard, scene: Scene, is_question: bool) -> Solution | None:
    """The remedy that is offered and that the message asks about; what a look-up can answer better is left to it."""
    if (is_question and heard.intent not in ABOUT_TIME) or not scene.decision or not lexicon().asks(heard.text):
        return None
    offered = [remedy.solution for remedy in scene.decision.remedies]
    named = lexicon().solution(heard.text, offered)
    return next((solution for solution in offered if solution == named), None)


def mentions(heard: Heard, plan: Sequence[Fact], scene: Scene) -> dict[str, Any]:
    """All facts that the message names by itself."""
    read = ((fact.slot, fact.mention(heard, scene)) for fact in plan)
    return {slot: value for slot, value in read if value is not None}


def _answer(plan: Sequence[Fact], asked: str, heard: Heard, scene: Scene) -> Any:
    question = next((fact for fact in plan if fact.slot == asked), None)
    if question is None:
        return None
    return question.pressed(heard, scene) if asked in heard.pressed else question.answer(heard, scene)


def _changes(fact: Fact, value: Any, scene: Scene) -> bool:
    known = scene.facts.get(fact.slot)
    return known not in (None, value) and not fact.adds(known, value)


def _correction(heard: Heard, mentioned: Mapping[str, Any], scene: Scene) -> Reading | None:
    """A correcting word with the right value, or with the name of what was wrong."""
    if any(scene.facts.get(slot) not in (None, value) for slot, value in mentioned.items()):
        return Reading("correct", mentioned)
    doubted = _doubted(heard, scene)
    if doubted:
        return Reading("correct", doubted=doubted)
    return Reading("answer", mentioned) if mentioned else None


def _doubted(heard: Heard, scene: Scene) -> tuple[str, ...]:
    """The first fact that the message calls by its noun and that was told already."""
    named = (slot for slot in lexicon().doubted(heard.text) if scene.facts.get(slot) is not None)
    return tuple(named)[:1]
