"""The library of facts that flows ask for: how each is heard, when it is needed, whether a value holds.

`mention` reads a fact anywhere, unasked; `answer` only where it was the question. Both are pure; `check` may look up.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from actions import pointing
from actions.heard import Heard
from actions.scene import WHOLE_ORDER, Scene
from bot.lexicon import bare, lexicon
from bot.policy.facts import SOLUTIONS

MONEY_BACK = ("refund", "return_refund", "cancel")
FOUR_DIGITS = re.compile(r"[0-9]{4}")
DIGITS = re.compile(r"[0-9]{6,20}")


@dataclass(frozen=True)
class Checked:
    """A value that holds, or the response key that says what is wrong with it; `clear` names facts it makes unknown."""

    value: Any = None
    problem: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    clear: tuple[str, ...] = ()
    locked: bool = False


class Fact(ABC):
    """One thing a flow needs to know. `clears`: what a correction makes unknown again; `grows`: more of it adds up."""

    slot: ClassVar[str]
    clears: ClassVar[tuple[str, ...]] = ()
    grows: ClassVar[bool] = False

    def mention(self, heard: Heard, scene: Scene) -> Any:
        """The value that the message names by itself, or None."""
        return heard.pressed.get(self.slot)

    def pressed(self, heard: Heard, scene: Scene) -> Any:
        """The value of a button of this question, or None."""
        return heard.pressed.get(self.slot)

    @abstractmethod
    def answer(self, heard: Heard, scene: Scene) -> Any:
        """The value that the message gives as an answer to this question, or None."""

    @abstractmethod
    def needed(self, scene: Scene) -> bool:
        """Whether this has to be known, given the rest."""

    async def check(self, value: Any, scene: Scene) -> Checked:
        """Whether the value can be; by default it can."""
        return Checked(value)


class OrderNo(Fact):
    """Which order. A known customer's own orders can be named by tail, by product, or by their place in the list."""

    slot = "order_no"
    clears = ("phone_tail", "item", "quantity", "opened", "intact", "solution", "confirmed")

    def mention(self, heard: Heard, scene: Scene) -> Any:
        named = pointing.named_order(heard, scene)
        if named:
            return named
        return (
            pointing.by_product(heard, scene)
            if not scene.facts.get(self.slot)
            else pointing.by_other_product(heard, scene)
        )

    def answer(self, heard: Heard, scene: Scene) -> Any:
        pointed = pointing.pointed_at(heard, scene.orders)
        if pointed:
            return pointed.order_no
        plain = bare(heard.text)
        if FOUR_DIGITS.fullmatch(plain):
            return pointing.own_by_tail(plain, scene)
        # Of an order number with something beside it the mention is read.
        return plain if DIGITS.fullmatch(plain) and not heard.value(self.slot) else None

    def needed(self, scene: Scene) -> bool:
        return True

    async def check(self, value: Any, scene: Scene) -> Checked:
        if not scene.known_customer:
            locked = await scene.turn.orders.proof_locked(scene.turn.viewer, str(value))
            return Checked(problem="utter_proof_locked", locked=True) if locked else Checked(str(value))
        order = await scene.turn.orders.find(str(value), scene.turn.viewer)
        return (
            Checked(order.order_no) if order else Checked(problem="utter_order_not_found", fields={"order_no": value})
        )


class PhoneTail(Fact):
    """The last four digits of the order's phone: an unknown visitor's proof, with the order number."""

    slot = "phone_tail"

    def mention(self, heard: Heard, scene: Scene) -> Any:
        tail = heard.value("phone_tail") or heard.value("phone")
        if not tail and not scene.known_customer and heard.value("order_no"):
            beside = pointing.FOUR_DIGITS_ALONE.findall(heard.text)
            tail = beside[0] if len(beside) == 1 else None
        return str(tail)[-4:] if tail else None

    def answer(self, heard: Heard, scene: Scene) -> Any:
        plain = bare(heard.text)
        return plain if FOUR_DIGITS.fullmatch(plain) else None

    def needed(self, scene: Scene) -> bool:
        return not scene.known_customer and scene.order is None

    async def check(self, value: Any, scene: Scene) -> Checked:
        order_no = scene.facts.get("order_no")
        if not order_no:
            return Checked(str(value))
        orders, viewer = scene.turn.orders, scene.turn.viewer
        if not await orders.proof_locked(viewer, order_no) and await orders.prove(order_no, str(value), viewer):
            return Checked(str(value))
        if await orders.proof_locked(viewer, order_no):
            return Checked(problem="utter_proof_locked", locked=True)
        return Checked(problem="utter_proof_wrong", clear=("order_no", "phone_tail"))


class Item(Fact):
    """Which product of the order, or all of it."""

    slot = "item"
    clears = ("quantity", "opened", "intact", "solution", "confirmed")

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if "item" in heard.pressed:
            return heard.pressed["item"]
        if lexicon().is_whole_order(heard.text):
            return WHOLE_ORDER
        if scene.order is None:
            return next(iter(heard.values("product")), None)
        fitting = next((sku for sku in heard.values("product") if scene.order.line(sku)), None)
        return heard.values("product")[0] if fitting is None and pointing.by_other_product(heard, scene) else fitting

    def answer(self, heard: Heard, scene: Scene) -> Any:
        pointed = pointing.pointed_at(heard, scene.order.facts.lines if scene.order else ())
        if pointed:
            return pointed.sku
        return WHOLE_ORDER if lexicon().has("all", heard.text) else None

    def needed(self, scene: Scene) -> bool:
        return scene.order is not None and len(scene.order.facts.lines) > 1 and not scene.whole

    async def check(self, value: Any, scene: Scene) -> Checked:
        order = scene.order
        if order is None or value == WHOLE_ORDER or order.line(str(value)):
            return Checked(value)
        # Where there is nothing to choose from, it must be another order.
        clear = ("order_no",) if len(order.facts.lines) == 1 else ()
        return Checked(problem="utter_item_not_in_order", fields={"order_tail": order.tail}, clear=clear)


class Quantity(Fact):
    """How many pieces of the product."""

    slot = "quantity"
    clears = ("solution", "confirmed")

    def mention(self, heard: Heard, scene: Scene) -> Any:
        told = heard.value("quantity")
        return int(told) if told else None

    def answer(self, heard: Heard, scene: Scene) -> Any:
        plain = lexicon().core(heard.text)
        if plain.isdecimal() and len(plain) < 4:
            return int(plain)
        if plain in pointing.COUNTING:
            return pointing.COUNTING[plain]
        return scene.left if scene.left and lexicon().has("all", heard.text) else None

    def needed(self, scene: Scene) -> bool:
        return scene.left > 1

    async def check(self, value: Any, scene: Scene) -> Checked:
        line = scene.line
        if line and line.quantity == 1:
            return Checked(1)
        if line and not 1 <= int(value) <= line.quantity:
            fields = {"quantity": line.quantity, "product": line.name}
            return Checked(problem="utter_quantity_too_many", fields=fields)
        return Checked(int(value))


class Cause(Fact):
    """Why goods go back: quality, or the customer's own wish. Asked only once the parcel is there."""

    slot = "cause"
    clears = ("opened", "intact", "solution", "confirmed")

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if heard.intent == "quality_issue":
            return "quality"
        return heard.pressed.get(self.slot) or lexicon().reason(heard.text)

    def answer(self, heard: Heard, scene: Scene) -> Any:
        return None

    def needed(self, scene: Scene) -> bool:
        return scene.order is not None and scene.order.facts.status in ("signed", "closed")


class State(Fact, ABC):
    """Whether something holds for the goods; policy says when that matters. Of both in one text `worst` counts."""

    clears = ("solution", "confirmed")
    worst: ClassVar[bool]

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if self.slot in heard.pressed:
            return heard.pressed[self.slot]
        return lexicon().state(self.slot, heard.text, worst=self.worst, asked=False)

    def answer(self, heard: Heard, scene: Scene) -> Any:
        told = lexicon().state(self.slot, heard.text, worst=self.worst)
        if told is None and lexicon().is_whole("yes", heard.text):
            return True
        return False if told is None and lexicon().is_whole("not_so", heard.text) else told

    def needed(self, scene: Scene) -> bool:
        return scene.decision is not None and self.slot in scene.decision.needs


class Opened(State):
    """Whether food or hygiene goods were opened."""

    slot = "opened"
    worst = True


class Intact(State):
    """Whether the goods are as they came."""

    slot = "intact"
    worst = False


class Evidence(Fact):
    """Pictures; `none` when the customer cannot or will not send any."""

    slot = "evidence"
    grows = True

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if heard.attachments:
            return [*scene.pictures, *map(dict, heard.attachments)]
        return heard.pressed.get(self.slot)

    def answer(self, heard: Heard, scene: Scene) -> Any:
        return "none" if lexicon().has("none", heard.text) else None

    def needed(self, scene: Scene) -> bool:
        return scene.decision is not None and scene.decision.evidence_asked


class Solution(Fact):
    """Which of the remedies that policy allows."""

    slot = "solution"
    clears = ("confirmed",)

    def mention(self, heard: Heard, scene: Scene) -> Any:
        if self.slot in heard.pressed:
            return heard.pressed[self.slot]
        allowed = [r.solution for r in scene.decision.remedies] if scene.decision else []
        return lexicon().solution(heard.text, allowed)

    def answer(self, heard: Heard, scene: Scene) -> Any:
        pointed = pointing.pointed_at(heard, scene.decision.remedies if scene.decision else ())
        return pointed.solution if pointed else None

    def needed(self, scene: Scene) -> bool:
        return scene.decision is not None and len(scene.decision.remedies) > 1

    async def check(self, value: Any, scene: Scene) -> Checked:
        if value not in SOLUTIONS:
            return Checked(problem="utter_not_understood")
        allowed = [remedy.solution for remedy in scene.decision.remedies] if scene.decision else []
        if not allowed or value in allowed:
            return Checked(value)
        money = value in MONEY_BACK and next((solution for solution in allowed if solution in MONEY_BACK), None)
        return Checked(money) if money else Checked(problem="utter_solution_not_possible")


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
        if lexicon().is_whole("yes", heard.text):
            return True
        return False if lexicon().is_whole("no", heard.text) else None

    def needed(self, scene: Scene) -> bool:
        return True


order_no, phone_tail, item, quantity = OrderNo(), PhoneTail(), Item(), Quantity()
cause, opened, intact, evidence = Cause(), Opened(), Intact(), Evidence()
solution, confirmed = Solution(), Confirmed()
