"""How remedies are offered and confirmed: what each brings, and everything once more before anything happens."""

from __future__ import annotations

from typing import Any

from actions.heard import payload
from actions.questions import Ask, Button
from actions.scene import Scene
from bot import cards
from bot.desk.tickets import when
from bot.model import Card
from bot.policy.facts import LineFacts
from bot.policy.outcome import Remedy

DOUBTFUL = ("item", "lacking", "quantity", "cause", "received", "wanted")


class AskSolution(Ask):
    """The remedies that policy allows, each with what it brings."""

    slot = "solution"

    def name(self) -> str:
        return "action_ask_solution"

    def key(self, scene: Scene) -> str:
        lacking = scene.decision.lacking if scene.decision else None
        return "utter_ask_solution_out_of_stock" if lacking else "utter_ask_solution"

    def fields(self, scene: Scene) -> dict[str, Any]:
        lacking = scene.decision.lacking if scene.decision else None
        fields = super().fields(scene) | {"items": scene.items_text()}
        return fields | ({"product": lacking.name, "restock": restock(scene, lacking)} if lacking else {})

    def cards(self, scene: Scene) -> list[Card]:
        return [solution_card(scene, remedy) for remedy in (scene.decision.remedies if scene.decision else ())]


def solution_card(scene: Scene, remedy: Remedy) -> Card:
    """A remedy to choose: what it brings, what speaks for it and what against (R341)."""
    return Card(
        type="solution",
        title=name_of(scene, remedy),
        payload=payload(solution=remedy.solution),
        amount=cards.yuan(remedy.amount),
        lines=tuple(_terms(scene, remedy)),
        pros=_side(scene, "pro", remedy),
        cons=_side(scene, "con", remedy),
    )


def _side(scene: Scene, side: str, remedy: Remedy) -> tuple[str, ...]:
    key = f"label_{side}_{remedy.solution}{'_kept' if remedy.goods_stay else ''}"
    return (scene.turn.label(key),) if key in scene.turn.services.texts else ()


def name_of(scene: Scene, remedy: Remedy) -> str:
    """A remedy as customers call it."""
    return scene.turn.label(f"label_solution_{remedy.solution}{'_kept' if remedy.goods_stay else ''}")


def restock(scene: Scene, line: LineFacts) -> str:
    """When goods come back."""
    if line.restock_at is None:
        return scene.turn.label("label_restock_unknown")
    return scene.turn.label("label_restock", at=f"{line.restock_at:%m-%d}")


def brings(scene: Scene, remedy: Remedy) -> list[str]:
    """What a remedy brings: amount, who pays freight, by when, and what it still depends on."""
    if remedy.amount is None:
        return _terms(scene, remedy)
    return [scene.turn.label("label_amount", amount=f"{remedy.amount:.2f}"), *_terms(scene, remedy)]


def _terms(scene: Scene, remedy: Remedy) -> list[str]:
    label = scene.turn.label
    lines = [
        label(f"label_rule_{rule}") for rule in remedy.rule_ids if f"label_rule_{rule}" in scene.turn.services.texts
    ]
    if remedy.goods_stay:
        lines.append(label("label_goods_stay"))
    lines.append(label(f"label_freight_{remedy.freight_payer}"))
    lines.append(label("label_deadline", due=when(remedy.deadline, scene.turn.now)))
    return lines


class AskConfirmed(Ask):
    """Everything once more before anything happens; after a "no", what was wrong."""

    slot = "confirmed"

    def name(self) -> str:
        return "action_ask_confirmed"

    def key(self, scene: Scene) -> str:
        return "utter_ask_confirmed" if scene.remedy else "utter_ask_confirmed_plain"

    def fields(self, scene: Scene) -> dict[str, Any]:
        remedy = scene.remedy
        fields = super().fields(scene) | {"items": scene.items_text()}
        if remedy:
            fields["solution"] = name_of(scene, remedy)
            fields["terms"] = "，".join(brings(scene, remedy))
        return fields

    def buttons(self, scene: Scene) -> list[Button]:
        label = scene.turn.label
        return [
            {"title": label("label_confirm"), "payload": payload(confirmed=True, terms=self.terms(scene))},
            {"title": label("label_change"), "payload": payload(confirmed=False)},
        ]

    def cards(self, scene: Scene) -> list[Card]:
        """The clauses on which the remedy rests."""
        remedy = scene.remedy
        return [cards.rule(scene.turn.label, scene.pack, remedy.rule_ids)] if remedy and remedy.rule_ids else []

    def terms(self, scene: Scene) -> str:
        """Stands for what a yes agrees to."""
        return scene.terms

    def doubtful(self, scene: Scene) -> list[str]:
        """The slots that may be wrong."""
        told = ["order_no", *(slot for slot in DOUBTFUL if scene.facts.get(slot))]
        return [*told, "solution"] if scene.decision and len(scene.decision.remedies) > 1 else told

    def doubt_buttons(self, scene: Scene) -> list[Button]:
        label = scene.turn.label
        choices = [
            {"title": label(f"label_doubt_{slot}"), "payload": payload(doubt=slot)} for slot in self.doubtful(scene)
        ]
        return [*choices, {"title": label("label_drop"), "payload": "/withdraw_after_sales"}]
