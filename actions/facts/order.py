"""Which order, and an unknown visitor's proof that it is theirs."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from actions import pointing
from actions.facts.fact import Checked, Fact
from actions.heard import Heard
from actions.scene import Scene
from bot.lexicon import bare, lexicon

FOUR_DIGITS = re.compile(r"[0-9]{4}")
SHORTEST_NUMBER = 6
DIGITS = re.compile(r"[0-9]{6,20}")


class OrderNo(Fact):
    """Which order. A known customer's own orders can be named by tail, by product, or by their place in the list."""

    slot = "order_no"
    clears: ClassVar[tuple[str, ...]] = (
        "phone_tail",
        "item",
        "lacking",
        "quantity",
        "opened",
        "intact",
        "wanted",
        "solution",
        "confirmed",
    )

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
            value = await _proved_before(str(value), scene) or value
            if len(str(value)) < SHORTEST_NUMBER:  # the last digits prove nothing, and are no try at a proof
                return Checked(problem="utter_order_no_incomplete")
            locked = await scene.turn.orders.proof_locked(scene.turn.viewer, str(value))
            return Checked(problem="utter_proof_locked", locked=True) if locked else Checked(str(value))
        order = await scene.turn.orders.find(str(value), scene.turn.viewer)
        return (
            Checked(order.order_no) if order else Checked(problem="utter_order_not_found", fields={"order_no": value})
        )


async def _proved_before(tail: str, scene: Scene) -> str | None:
    """The order that this visitor has proved already and now calls by its last digits."""
    proved = await scene.turn.orders.recent(scene.turn.viewer)
    matching = [order.order_no for order in proved if order.order_no.endswith(tail)]
    return matching[0] if len(matching) == 1 else None


class PhoneTail(Fact):
    """The last four digits of the order's phone: an unknown visitor's proof, with the order number."""

    slot = "phone_tail"

    def mention(self, heard: Heard, scene: Scene) -> Any:
        tail = heard.value("phone_tail") or heard.value("phone")
        mistyped = lexicon().is_correction(heard.text)
        if not tail and not scene.known_customer and (heard.value("order_no") or mistyped):
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
