"""Price protection: the goods became cheaper soon after they were paid for, and the difference comes back."""

from __future__ import annotations

from actions import facts
from actions.end import FlowEnd
from actions.flow import Flow, register
from actions.form import FlowForm
from actions.scene import Scene
from bot.policy.facts import Claim, Wanted


@register
class PriceProtection(Flow):
    """Order and goods; policy compares the prices. All pieces of the goods count, so that nobody is asked how many."""

    name = "price_protection"
    intents = ("price_protection",)
    identify = (facts.order_no, facts.phone_tail, facts.items)
    settle = (facts.confirmed,)
    settles_goods = False

    @classmethod
    def claim(cls, scene: Scene) -> Claim:
        return Claim("price_protection", several=tuple(Wanted(sku) for sku in scene.skus))


class ValidatePriceProtectionForm(FlowForm):
    """The form's one action."""

    flow = PriceProtection

    def name(self) -> str:
        return "validate_price_protection_form"


class EndPriceProtection(FlowEnd):
    """The flow's exit."""

    flow = PriceProtection

    def name(self) -> str:
        return "action_price_protection_end"
