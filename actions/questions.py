"""How each fact is asked for: the words are texts, the choices come from the order and from policy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import slots_of, turn_for
from actions.flow import REGISTRY, build_scene
from actions.heard import payload
from actions.scene import WHOLE_ORDER, Scene
from bot import cards
from bot.model import Card

MOST_PIECES = 6
Button = dict[str, str]


class Ask(Action, ABC):
    """`action_ask_<slot>`: asks for a fact of whichever flow is running."""

    slot: ClassVar[str]

    @abstractmethod
    def name(self) -> str:
        """The name by which Rasa calls this action."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Ask, unless the customer asked for a moment."""
        slots = slots_of(tracker)
        if slots.get("asking") == "silent":
            return []
        async with turn_for(tracker, dispatcher) as turn:
            name = str(tracker.active_loop.get("name") or "").removesuffix("_form")
            flow = REGISTRY.get(name) or next(iter(REGISTRY.values()))
            scene = await build_scene(flow, turn, slots)
            doubting = slots.get("asking") == "doubt"
            dispatcher.utter_message(
                response=self.key(scene),
                buttons=self.doubt_buttons(scene) if doubting else self.buttons(scene),
                json_message=None if doubting else cards.shown(*self.cards(scene)),
                **self.fields(scene),
            )
        return []

    def key(self, scene: Scene) -> str:
        """The wording."""
        return f"utter_ask_{self.slot}"

    def fields(self, scene: Scene) -> dict[str, Any]:
        """What the wording may name."""
        return {"order_tail": scene.order.tail} if scene.order else {}

    def buttons(self, scene: Scene) -> list[Button]:
        """Choices."""
        return []

    def doubt_buttons(self, scene: Scene) -> list[Button]:
        """Choices after "no": what was wrong."""
        return []

    def cards(self, scene: Scene) -> list[Card]:
        """Choices with more to show, and what is only looked at."""
        return []


class AskOrderNo(Ask):
    """Own orders as cards; an unknown visitor types the number."""

    slot = "order_no"

    def name(self) -> str:
        return "action_ask_order_no"

    def key(self, scene: Scene) -> str:
        if not scene.known_customer:
            return "utter_ask_order_no_phone_known" if scene.facts.get("phone_tail") else "utter_ask_order_no_visitor"
        return "utter_ask_order_no" if scene.orders else "utter_ask_order_no_none"

    def cards(self, scene: Scene) -> list[Card]:
        return [cards.order(scene.turn.label, order, payload(order_no=order.order_no)) for order in scene.orders]


class AskPhoneTail(Ask):
    """The second half of an unknown visitor's proof."""

    slot = "phone_tail"

    def name(self) -> str:
        return "action_ask_phone_tail"


class AskItem(Ask):
    """Which goods of the order."""

    slot = "item"

    def name(self) -> str:
        return "action_ask_item"

    def buttons(self, scene: Scene) -> list[Button]:
        lines = scene.order.facts.lines if scene.order else ()
        choices = [{"title": f"{line.name}×{line.quantity}", "payload": payload(item=line.sku)} for line in lines]
        return [*choices, {"title": scene.turn.label("label_whole_order"), "payload": payload(item=WHOLE_ORDER)}]


class AskQuantity(Ask):
    """How many pieces."""

    slot = "quantity"

    def name(self) -> str:
        return "action_ask_quantity"

    def fields(self, scene: Scene) -> dict[str, Any]:
        sku = scene.uncounted or scene.sku
        line = scene.order.line(sku) if scene.order and sku else None
        return super().fields(scene) | ({"product": line.name, "quantity": line.quantity} if line else {})

    def buttons(self, scene: Scene) -> list[Button]:
        sku = scene.uncounted or scene.sku
        most = min(scene.left_of(sku), MOST_PIECES) if sku else 0
        of = {"of": sku} if len(scene.skus) > 1 else {}
        return [
            {"title": scene.turn.label("label_pieces", count=n), "payload": payload(quantity=n, **of)}
            for n in range(1, most + 1)
        ]


class AskCause(Ask):
    """Why the goods go back."""

    slot = "cause"

    def name(self) -> str:
        return "action_ask_cause"

    def buttons(self, scene: Scene) -> list[Button]:
        label = scene.turn.label
        own = [
            {"title": label(f"label_cause_{name}"), "payload": payload(cause=name)} for name in ("no_reason", "quality")
        ]
        other = {"title": label("label_cause_damaged"), "payload": "/damaged_item"}
        return [*own, other]


class AskOpened(Ask):
    """Whether it was opened."""

    slot = "opened"

    def name(self) -> str:
        return "action_ask_opened"

    def key(self, scene: Scene) -> str:
        return "utter_ask_opened_goods" if len(scene.claimed_items()) > 1 else super().key(scene)

    def fields(self, scene: Scene) -> dict[str, Any]:
        pieces = scene.decision.pieces if scene.decision else ()
        sealed = dict.fromkeys(part.line.name for part in pieces if part.line.no_reason == "unopened")
        return super().fields(scene) | {"product": "、".join(sealed)}

    def buttons(self, scene: Scene) -> list[Button]:
        label = scene.turn.label
        return [
            {"title": label("label_opened_no"), "payload": payload(opened=False)},
            {"title": label("label_opened_yes"), "payload": payload(opened=True)},
        ]


class AskIntact(Ask):
    """Whether it is as it came."""

    slot = "intact"

    def name(self) -> str:
        return "action_ask_intact"

    def fields(self, scene: Scene) -> dict[str, Any]:
        points = scene.decision.points if scene.decision else ()
        return super().fields(scene) | {"checks": "、".join(points)}

    def buttons(self, scene: Scene) -> list[Button]:
        label = scene.turn.label
        return [
            {"title": label("label_intact_yes"), "payload": payload(intact=True)},
            {"title": label("label_intact_no"), "payload": payload(intact=False)},
        ]


class AskEvidence(Ask):
    """A picture, if there is one."""

    slot = "evidence"

    def name(self) -> str:
        return "action_ask_evidence"

    def buttons(self, scene: Scene) -> list[Button]:
        return [{"title": scene.turn.label("label_no_picture"), "payload": payload(evidence="none")}]
