"""What the customer gets, and the yes to it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from actions import pointing, wished
from actions.facts.fact import Checked, Fact
from actions.heard import Heard
from actions.scene import Scene
from bot.lexicon import lexicon
from bot.policy.facts import SOLUTIONS

MONEY_BACK = ("refund", "return_refund", "cancel")
NEW_ONE = ("reship", "exchange")
"""What customers do not tell apart: whichever of them policy offers is meant."""


class Solution(Fact):
    """Which of the remedies that policy allows."""

    slot = "solution"
    clears = ("confirmed",)
    rests_on_order = True

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if self.slot in heard.pressed:
            return heard.pressed[self.slot]
        allowed = [r.solution for r in scene.decision.remedies] if scene.decision else []
        return _named(heard, allowed)

    def answer(self, heard: Heard, scene: Scene) -> Any:
        pointed = pointing.pointed_at(heard, scene.decision.remedies if scene.decision else ())
        if pointed:
            return pointed.solution
        # A remedy that there is not is an answer, too: it is then said that there is none.
        named = _named(heard, ())
        return None if named == "cancel" else named

    def needed(self, scene: Scene) -> bool:
        return scene.decision is not None and len(scene.decision.remedies) > 1

    async def check(self, value: Any, scene: Scene) -> Checked:
        if value not in SOLUTIONS:
            return Checked(problem="utter_not_understood")
        allowed = [remedy.solution for remedy in scene.decision.remedies] if scene.decision else []
        if not allowed or value in allowed:
            return Checked(value)
        kind = next((kind for kind in (MONEY_BACK, NEW_ONE) if value in kind), ())
        alike = next((solution for solution in allowed if solution in kind), None)
        if alike or (scene.decision and scene.decision.lacking):  # that it is out of stock, the question says
            return Checked(alike)
        return Checked(problem="utter_solution_not_possible")


def _named(heard: Heard, allowed: Collection[str]) -> str | None:
    """The one remedy that is wished for; who asks about it, or wants another for each of the goods, names none."""
    if lexicon().asks(heard.text) or wished.differs_by_goods(heard):
        return None
    return lexicon().solution(heard.text, allowed)


class Confirmed(Fact):
    """The one confirmation before anything irreversible."""

    slot = "confirmed"

    def mention(self, heard: Heard, scene: Scene) -> Any:
        return None

    def pressed(self, heard: Heard, scene: Scene) -> Any:
        """A yes counts for the terms that it was shown with; an old button's does not."""
        agreed = heard.pressed.get(self.slot)
        return None if agreed and heard.pressed.get("terms") != scene.terms else agreed

    def answer(self, heard: Heard, scene: Scene) -> Any:
        if lexicon().agrees(heard.text):
            return True
        return False if lexicon().is_whole("no", heard.text) else None

    def needed(self, scene: Scene) -> bool:
        return True
