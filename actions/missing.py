"""Missing: fewer pieces than were bought, parts of a set, promised gifts; and what is not missing but under way."""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import facts
from actions.end import FlowEnd
from actions.facts.lacking import options
from actions.flow import Flow, register
from actions.form import FlowForm
from actions.heard import payload
from actions.questions import MOST_PIECES, Ask, AskItem, AskQuantity, Button
from actions.scene import GIFT, GOODS, Scene
from actions.tracking import under_way
from bot.policy.facts import Claim


@register
class Missing(Flow):
    """Order, goods, what of them is lacking and how many, the remedy. Pictures are kept but not asked for."""

    name = "missing"
    intents = ("missing_item",)
    absorbs = ("not_received", "refund_request", "exchange_request", "vent")
    one_by_one = True
    identify = (facts.lacking_order, facts.phone_tail, facts.lacking_item, facts.lacking, facts.short_by)
    settle = (facts.evidence, facts.solution, facts.confirmed)

    @classmethod
    def claim(cls, scene: Scene) -> Claim:
        lacking = scene.facts.get("lacking")
        if lacking == GIFT or scene.gifts:
            return Claim("gift_missing", gift=None if lacking == GIFT else lacking)
        return Claim(
            "missing",
            sku=scene.sku,
            quantity=scene.quantity if scene.sku else None,
            part=scene.parts[0] if scene.parts else None,
        )

    @classmethod
    def usual(cls, status: str) -> bool:
        return status in ("shipped", "signed")


class ValidateMissingForm(FlowForm):
    """The form's one action."""

    flow = Missing

    def name(self) -> str:
        return "validate_missing_form"


class EndMissing(FlowEnd):
    """The flow's exit: what has not arrived yet is told with its tracking."""

    flow = Missing

    def name(self) -> str:
        return "action_missing_end"

    def refuse(self, scene: Scene, dispatcher: CollectingDispatcher) -> None:
        refusal = scene.decision.refusal if scene.decision else None
        waits = refusal is not None and refusal.reason == "not_signed"
        news = under_way(scene, Missing.claim(scene)) if waits else []
        for key, fields in news:
            dispatcher.utter_message(response=key, **fields)
        if not news:
            super().refuse(scene, dispatcher)


class AskLacking(Ask):
    """Whole pieces, which part, or which gift."""

    slot = "lacking"

    def name(self) -> str:
        return "action_ask_lacking"

    def fields(self, scene: Scene) -> dict[str, Any]:
        return super().fields(scene) | {"product": scene.line.name if scene.line else ""}

    def buttons(self, scene: Scene) -> list[Button]:
        return [{"title": _title(scene, what), "payload": payload(lacking=what)} for what in options(scene)]


class AskMissingItem(AskItem):
    """Which goods; a gift may be what is lacking."""

    def name(self) -> str:
        return "action_ask_missing_form_item"

    def key(self, scene: Scene) -> str:
        return "utter_ask_item_missing"

    def buttons(self, scene: Scene) -> list[Button]:
        *goods, whole = super().buttons(scene)
        promised = dict.fromkeys(scene.order.facts.promised_gifts()) if scene.order else ()
        gifts = [{"title": _title(scene, gift), "payload": payload(lacking=gift)} for gift in promised]
        return [*goods, *gifts, whole | {"title": scene.turn.label("label_missing_all")}]


class AskMissingQuantity(AskQuantity):
    """How many of them did not come."""

    def name(self) -> str:
        return "action_ask_missing_form_quantity"

    def key(self, scene: Scene) -> str:
        return "utter_ask_quantity_missing"

    def buttons(self, scene: Scene) -> list[Button]:
        counts = range(1, min(scene.left, MOST_PIECES) + 1)
        label = scene.turn.label
        return [{"title": label("label_missing_count", count=n), "payload": payload(quantity=n)} for n in counts]

    def fields(self, scene: Scene) -> dict[str, Any]:
        told = super().fields(scene)
        if scene.line and scene.parts:
            told |= {"product": scene.parts[0], "quantity": scene.line.quantity * scene.per_piece}
        return told


def _title(scene: Scene, what: str) -> str:
    if what == GOODS:
        return scene.turn.label("label_missing_goods")
    if scene.line and what in scene.line.parts:
        return what
    return scene.turn.label("label_missing_gift", gift=what)
