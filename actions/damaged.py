"""Damaged: goods that arrived broken. Nothing has to be sent back; sent again, money back, or a compensation."""

from __future__ import annotations

from actions import facts
from actions.end import FlowEnd
from actions.flow import Flow, register
from actions.form import FlowForm
from actions.scene import Scene
from bot.policy.facts import Claim


@register
class Damaged(Flow):
    """Order, goods, how many, a picture, the remedy."""

    name = "damaged"
    intents = ("damaged_item",)
    absorbs = ("quality_issue", "refund_request", "exchange_request", "vent")
    identify = (facts.order_no, facts.phone_tail, facts.items, facts.quantities)
    settle = (facts.evidence, facts.solution, facts.confirmed)

    @classmethod
    def claim(cls, scene: Scene) -> Claim:
        return Claim("damaged", several=scene.wanted)

    @classmethod
    def usual(cls, status: str) -> bool:
        return status == "signed"


class ValidateDamagedForm(FlowForm):
    """The form's one action."""

    flow = Damaged

    def name(self) -> str:
        return "validate_damaged_form"


class EndDamaged(FlowEnd):
    """The flow's exit."""

    flow = Damaged

    def name(self) -> str:
        return "action_damaged_end"
