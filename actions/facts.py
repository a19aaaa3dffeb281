"""The library of facts that flows ask for: how each is heard, when it is needed, whether a value holds.

`mention` reads a fact anywhere, unasked; `answer` only where it was the question. Both are pure; `check` may look things up.
"""
from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar, Mapping, Optional

from actions.heard import Heard
from actions.scene import WHOLE_ORDER, Scene
from bot.lexicon import bare, lexicon
from bot.policy.facts import SOLUTIONS

MONEY_BACK = ("refund", "return_refund", "cancel")
FOUR_DIGITS = re.compile(r"\d{4}")
DIGITS = re.compile(r"\d{6,20}")


@dataclass(frozen=True)
class Checked:
    """A value that holds, or the response key that says what is wrong with it; `clear` names facts it makes unknown."""

    value: Any = None
    problem: Optional[str] = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    clear: tuple[str, ...] = ()
    locked: bool = False


class Fact(ABC):
    """One thing a flow needs to know. `clears`: what a correction of it makes unknown again."""

    slot: ClassVar[str]
    clears: ClassVar[tuple[str, ...]] = ()

    def mention(self, heard: Heard, scene: Scene) -> Any:
        """The value that the message names by itself, or None."""
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
        told = heard.value("order_no")
        if told:
            return str(told)
        tail = heard.value("order_tail")
        matching = [order.order_no for order in scene.orders if tail and order.order_no.endswith(str(tail))]
        if tail:
            return matching[0] if len(matching) == 1 else str(tail)
        return None

    def answer(self, heard: Heard, scene: Scene) -> Any:
        ordinal = heard.value("ordinal")
        if ordinal and 0 < int(ordinal) <= len(scene.orders):
            return scene.orders[int(ordinal) - 1].order_no
        plain = bare(heard.text)
        if FOUR_DIGITS.fullmatch(plain):
            return next((o.order_no for o in scene.orders if o.order_no.endswith(plain)), plain)
        if DIGITS.fullmatch(plain):
            return plain
        return by_product(heard, scene)

    def needed(self, scene: Scene) -> bool:
        return True

    async def check(self, value: Any, scene: Scene) -> Checked:
        if not scene.known_customer:
            locked = await scene.turn.orders.proof_locked(scene.turn.viewer, str(value))
            return Checked(problem="utter_proof_locked", locked=True) if locked else Checked(str(value))
        order = await scene.turn.orders.find(str(value), scene.turn.viewer)
        return Checked(order.order_no) if order else Checked(problem="utter_order_not_found", fields={"order_no": value})


def by_product(heard: Heard, scene: Scene) -> Optional[str]:
    """The one own order that has a product which the message names; of several the flow asks."""
    skus = set(heard.values("product"))
    having = [order.order_no for order in scene.orders if any(line.sku in skus for line in order.facts.lines)]
    return having[0] if len(having) == 1 else None


class PhoneTail(Fact):
    """The last four digits of the order's phone: an unknown visitor's proof, with the order number."""

    slot = "phone_tail"

    def mention(self, heard: Heard, scene: Scene) -> Any:
        tail = heard.value("phone_tail") or heard.value("phone")
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
        if scene.order is None:
            return next(iter(heard.values("product")), None)
        return next((sku for sku in heard.values("product") if scene.order.line(sku)), None)

    def answer(self, heard: Heard, scene: Scene) -> Any:
        ordinal, order = heard.value("ordinal"), scene.order
        if order and ordinal and 0 < int(ordinal) <= len(order.facts.lines):
            return order.facts.lines[int(ordinal) - 1].sku
        return WHOLE_ORDER if lexicon().has("all", heard.text) else None

    def needed(self, scene: Scene) -> bool:
        return scene.order is not None and len(scene.order.facts.lines) > 1

    async def check(self, value: Any, scene: Scene) -> Checked:
        if scene.order and value != WHOLE_ORDER and scene.order.line(str(value)) is None:
            return Checked(problem="utter_item_not_in_order", fields={"order_tail": scene.order.tail})
        return Checked(value)


class Quantity(Fact):
    """How many pieces of the product."""

    slot = "quantity"
    clears = ("solution", "confirmed")

    def mention(self, heard: Heard, scene: Scene) -> Any:
        told = heard.value("quantity")
        return int(told) if told else None

    def answer(self, heard: Heard, scene: Scene) -> Any:
        plain = lexicon().core(heard.text)
        if plain.isdigit() and len(plain) < 4:
            return int(plain)
        if plain in CHINESE_DIGITS:
            return CHINESE_DIGITS[plain]
        return scene.line.quantity if scene.line and lexicon().has("all", heard.text) else None

    def needed(self, scene: Scene) -> bool:
        return scene.line is not None and scene.line.quantity > 1

    async def check(self, value: Any, scene: Scene) -> Checked:
        line = scene.line
        if line and line.quantity == 1:
            return Checked(1)
        if line and not 1 <= int(value) <= line.quantity:
            fields = {"quantity": line.quantity, "product": line.name}
            return Checked(problem="utter_quantity_too_many", fields=fields)
        return Checked(int(value))


CHINESE_DIGITS = {"一": 1, "壹": 1, "两": 2, "二": 2, "俩": 2, "三": 3, "仨": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}


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


class Opened(Fact):
    """Whether food or hygiene goods were opened; policy says when that matters."""

    slot = "opened"
    clears = ("solution", "confirmed")

    def mention(self, heard: Heard, scene: Scene) -> Any:
        return heard.pressed.get(self.slot)

    def answer(self, heard: Heard, scene: Scene) -> Any:
        return _state(lexicon().opened, heard.text)

    def needed(self, scene: Scene) -> bool:
        return scene.decision is not None and "opened" in scene.decision.needs


class Intact(Fact):
    """Whether the goods are as they came."""

    slot = "intact"
    clears = ("solution", "confirmed")

    def mention(self, heard: Heard, scene: Scene) -> Any:
        return heard.pressed.get(self.slot)

    def answer(self, heard: Heard, scene: Scene) -> Any:
        return _state(lexicon().intact, heard.text)

    def needed(self, scene: Scene) -> bool:
        return scene.decision is not None and "intact" in scene.decision.needs


def _state(words: Mapping[str, tuple[str, ...]], text: str) -> Optional[bool]:
    told = lexicon().state(words, text)
    if told is not None:
        return told
    if lexicon().is_whole("yes", text):
        return True
    return False if lexicon().is_whole("no", text) else None


class Evidence(Fact):
    """Pictures; `none` when the customer cannot or will not send any."""

    slot = "evidence"

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
        ordinal, decision = heard.value("ordinal"), scene.decision
        if decision and ordinal and 0 < int(ordinal) <= len(decision.remedies):
            return decision.remedies[int(ordinal) - 1].solution
        return None

    def needed(self, scene: Scene) -> bool:
        return scene.decision is not None and len(scene.decision.remedies) > 1

    async def check(self, value: Any, scene: Scene) -> Checked:
        if value not in SOLUTIONS:
            return Checked(problem="utter_not_understood")
        allowed = [remedy.solution for remedy in scene.decision.remedies] if scene.decision else []
        if not allowed or value in allowed:
            return Checked(value)
        if len(allowed) == 1:
            return Checked()
        money = value in MONEY_BACK and next((solution for solution in allowed if solution in MONEY_BACK), None)
        return Checked(money) if money else Checked(problem="utter_solution_not_possible")


class Confirmed(Fact):
    """The one confirmation before anything irreversible."""

    slot = "confirmed"

    def answer(self, heard: Heard, scene: Scene) -> Any:
        if lexicon().is_whole("yes", heard.text):
            return True
        return False if lexicon().is_whole("no", heard.text) else None

    def needed(self, scene: Scene) -> bool:
        return True


order_no, phone_tail, item, quantity = OrderNo(), PhoneTail(), Item(), Quantity()
cause, opened, intact, evidence = Cause(), Opened(), Intact(), Evidence()
solution, confirmed = Solution(), Confirmed()
