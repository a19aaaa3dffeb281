"""What a fact is: how it is heard, when it is needed, whether a value holds.

`mention` reads a fact anywhere, unasked; `answer` only where it was the question. Both are pure; `check` may look up.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from actions.heard import Heard
from actions.scene import Scene


@dataclass(frozen=True)
class Checked:
    """A value that holds, or the response key that says what is wrong with it; `clear` names facts it makes unknown."""

    value: Any = None
    problem: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    clear: tuple[str, ...] = ()
    locked: bool = False


class Fact(ABC):
    """One thing a flow needs to know. `clears`: what a correction makes unknown again.

    `late`: what was said before order and goods were known is read again for it when they are.
    `rests_on_order`: what was told before the order was known may turn out not to fit it, so it is checked again.
    """

    slot: ClassVar[str]
    clears: ClassVar[tuple[str, ...]] = ()
    late: ClassVar[bool] = False
    rests_on_order: ClassVar[bool] = False

    def mention(self, heard: Heard, scene: Scene) -> Any:
        """The value that the message names by itself, or None."""
        return heard.pressed.get(self.slot)

    def pressed(self, heard: Heard, scene: Scene) -> Any:
        """The value of a button of this question, or None."""
        return heard.pressed.get(self.slot)

    @abstractmethod
    def answer(self, heard: Heard, scene: Scene) -> Any:
        """The value that the message gives as an answer to this question, or None."""

    def known(self, scene: Scene) -> bool:
        """Whether it was told, all of it."""
        return scene.facts.get(self.slot) is not None

    def adds(self, known: Any, value: Any) -> bool:
        """Whether a value only adds to what is known, and so corrects nothing."""
        return False

    @abstractmethod
    def needed(self, scene: Scene) -> bool:
        """Whether this has to be known, given the rest."""

    async def check(self, value: Any, scene: Scene) -> Checked:
        """Whether the value can be; by default it can."""
        return Checked(value)

    def echo(self, scene: Scene) -> tuple[str, Mapping[str, Any]] | None:
        """What is said once this became known, as a response key with its fields; by default nothing."""
        return None
