"""Exchange by own wish: another colour or size of what came as ordered, under the conditions of a return."""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import facts
from actions.closing import open_agreed_ticket
from actions.end import FlowEnd
from actions.facts import Checked
from actions.facts.goods import Item, Quantity
from actions.flow import Flow, register
from actions.form import FlowForm
from actions.heard import payload
from actions.questions import Ask, Button
from actions.scene import WHOLE_ORDER, Scene
from bot.policy.facts import Claim
from bot.variants import OPTIONS

NEAREST = 2


class OneProduct(Item):
    """One product at a time: each has colours and sizes of its own."""

    async def check(self, value: Any, scene: Scene) -> Checked:
        if value == WHOLE_ORDER and scene.order and len(scene.order.facts.lines) > 1:
            return Checked(problem="utter_exchange_one_product")
        return await super().check(value, scene)


class OfSeveralKinds(Quantity):
    """How many, where there is another kind to have at all."""

    def needed(self, scene: Scene) -> bool:
        choices = scene.line.choices if scene.line else None
        return super().needed(scene) and (choices is None or any(len(values) > 1 for values in choices.values()))


@register
class Exchange(Flow):
    """Order, goods, how many, what instead, whether the goods are as they came."""

    name = "exchange"
    intents = ("exchange_request",)
    absorbs = ("order_note",)
    identify = (facts.order_no, facts.phone_tail, OneProduct(), OfSeveralKinds())
    settle = (facts.wanted, facts.opened, facts.intact, facts.confirmed)

    @classmethod
    def claim(cls, scene: Scene) -> Claim:
        return Claim(
            "exchange_by_wish",
            sku=scene.sku,
            quantity=scene.quantity if scene.sku else None,
            opened=scene.facts.get("opened"),
            intact=scene.facts.get("intact"),
        )

    @classmethod
    def usual(cls, status: str) -> bool:
        return status == "signed"

    @classmethod
    async def done(cls, scene: Scene, dispatcher: CollectingDispatcher) -> None:
        await open_agreed_ticket("exchange_by_wish", scene, dispatcher, scene.items_text())


class AskWanted(Ask):
    """Which colour or size instead: the others that there are, of sizes the nearest ones."""

    slot = "wanted"

    def name(self) -> str:
        return "action_ask_wanted"

    def fields(self, scene: Scene) -> dict[str, Any]:
        fields = {"product": scene.line.name if scene.line else "", "ordered": scene.options_text(scene.ordered)}
        return super().fields(scene) | fields

    def buttons(self, scene: Scene) -> list[Button]:
        choices = (scene.line.choices if scene.line else None) or {}
        return [
            {"title": scene.options_text({aspect: value}), "payload": payload(wanted={aspect: value})}
            for aspect in OPTIONS
            for value in _nearest(choices.get(aspect, ()), scene.ordered.get(aspect))
        ]


def _nearest(values: tuple[str, ...], own: str | None) -> list[str]:
    place = values.index(own) if own in values else 0
    return [v for at, v in enumerate(values) if v != own and abs(at - place) <= NEAREST]


class ValidateExchangeForm(FlowForm):
    """The form's one action."""

    flow = Exchange

    def name(self) -> str:
        return "validate_exchange_form"


class EndExchange(FlowEnd):
    """The flow's exit."""

    flow = Exchange

    def name(self) -> str:
        return "action_exchange_end"
