"""What is the matter with the goods: why they go back, in what state they are, pictures of them."""

from __future__ import annotations

from abc import ABC
from typing import Any, ClassVar

from actions.facts.fact import Fact
from actions.heard import Heard
from actions.scene import Scene
from bot.lexicon import lexicon
from bot.remarks import remarks


class Cause(Fact):
    """Why goods go back: quality, or the customer's own wish. Asked only once the parcel is there."""

    slot = "cause"
    clears = ("opened", "intact", "solution", "confirmed")

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if heard.intent == "quality_issue":
            return "quality"
        if self.slot in heard.pressed:
            return heard.pressed[self.slot]
        told = lexicon().reason(heard.text)
        # Who has a fault and therefore does not want it any more still has the fault.
        stands = scene.facts.get(self.slot) == "quality" and not lexicon().is_correction(heard.text)
        return None if told == "no_reason" and stands else told

    def answer(self, heard: Heard, scene: Scene) -> Any:
        return None

    def needed(self, scene: Scene) -> bool:
        return scene.order is not None and scene.order.facts.status in ("signed", "closed")


class State(Fact, ABC):
    """Whether something holds for the goods; policy says when that matters. Of both in one text `worst` counts."""

    clears = ("solution", "confirmed")
    worst: ClassVar[bool]
    yes: ClassVar[str]

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if self.slot in heard.pressed:
            return heard.pressed[self.slot]
        told, known = lexicon().state(self.slot, heard.text, worst=self.worst, asked=False), scene.facts.get(self.slot)
        # 拆了能换吗 after 没拆 asks what would be, and takes nothing back.
        return None if known not in (None, told) and lexicon().has("may_i", heard.text) else told

    def answer(self, heard: Heard, scene: Scene) -> Any:
        told = lexicon().state(self.slot, heard.text, worst=self.worst)
        if told is None and lexicon().is_whole(self.yes, heard.text):
            return True
        return False if told is None and lexicon().is_whole("not_so", heard.text) else told

    def needed(self, scene: Scene) -> bool:
        return scene.decision is not None and self.slot in scene.decision.needs


class Opened(State):
    """Whether food or hygiene goods were opened. A mere "fine" says nothing: what was opened is refused."""

    slot = "opened"
    worst = True
    yes = "so"


class Intact(State):
    """Whether the goods are as they came."""

    slot = "intact"
    worst = False
    yes = "yes"


class Evidence(Fact):
    """Pictures; `none` when the customer cannot or will not send any."""

    slot = "evidence"

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if heard.attachments:
            return [*scene.pictures, *map(dict, heard.attachments)]
        if self.slot in heard.pressed:
            return heard.pressed[self.slot]
        return "none" if not scene.pictures and remarks().no_picture(heard.text) else None

    def adds(self, known: Any, value: Any) -> bool:
        return True

    def answer(self, heard: Heard, scene: Scene) -> Any:
        return "none" if lexicon().has("none", heard.text) else None

    def needed(self, scene: Scene) -> bool:
        return scene.decision is not None and scene.decision.evidence_asked
