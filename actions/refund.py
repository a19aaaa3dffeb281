"""Refund: money back for goods that go back, by own wish or for quality; an order not yet delivered is cancelled."""

from __future__ import annotations

from actions import facts
from actions.end import FlowEnd
from actions.flow import Flow, register
from actions.form import FlowForm
from actions.heard import Heard
from actions.scene import Scene
from bot.policy.facts import Claim


@register
class Refund(Flow):
    """Asks why only where that changes what policy allows: after the parcel was signed for."""

    name = "refund"
    intents = ("refund_request", "cancel_order", "quality_issue")
    absorbs = ("ask_return_policy", "exchange_request")
    identify = (facts.order_no, facts.phone_tail, facts.items, facts.quantities, facts.cause)
    settle = (facts.opened, facts.intact, facts.evidence, facts.solution, facts.confirmed)

    @classmethod
    def own(cls, heard: Heard, scene: Scene) -> tuple[str, ...]:
        """An exchange is one of the remedies for a fault; by own wish it is another flow."""
        own = super().own(heard, scene)
        fault = scene.facts.get("cause") == "quality"
        return own if fault else tuple(intent for intent in own if intent != "exchange_request")

    @classmethod
    def claim(cls, scene: Scene) -> Claim:
        quality = scene.facts.get("cause") == "quality"
        if scene.whole and not quality:  # a fault of what has not come is cleared up, not cancelled
            return Claim("unshipped_cancel")
        return Claim(
            cause="quality" if quality else "no_reason",
            several=scene.wanted,
            opened=scene.facts.get("opened"),
            intact=scene.facts.get("intact"),
        )

    @classmethod
    def usual(cls, status: str) -> bool:
        return status in ("paid", "shipped", "signed")

    @classmethod
    def whole(cls, status: str) -> bool:
        return status in ("unpaid", "paid", "shipped")


class ValidateRefundForm(FlowForm):
    """The form's one action."""

    flow = Refund

    def name(self) -> str:
        return "validate_refund_form"


class EndRefund(FlowEnd):
    """The flow's exit."""

    flow = Refund

    def name(self) -> str:
        return "action_refund_end"
