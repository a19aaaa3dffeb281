"""Where the parcels of an order are that have not arrived yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from actions.scene import AND, Scene
from bot.orders.gateway import OrderView
from bot.policy.arrival import parcels_of
from bot.policy.facts import Claim

Said = tuple[str, Mapping[str, Any]]


def under_way(scene: Scene, claim: Claim) -> list[Said]:
    """What to say of each parcel in which the goods of the claim may still come: courier, number, last trace."""
    if scene.order is None or not scene.order.tracking:
        return []
    return [
        (
            "utter_missing_under_way" if len(scene.order.parcels) < 2 else "utter_missing_other_parcel",
            {
                "order_tail": scene.order.tail,
                "items": AND.join(scene.gifts) or contents,
                "courier": parcel["courier"],
                "tracking": parcel["tracking"],
                "latest": _latest(scene, parcel["trace"]),
            },
        )
        for contents, parcel in _parcels(scene.order, claim)
    ]


def _parcels(order: OrderView, claim: Claim) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The contents of each parcel of the claim that is under way, and what is known of it."""
    if not order.parcels:
        everything = AND.join(f"{line.name}×{line.quantity}" for line in order.facts.lines)
        yield everything, {"courier": order.courier, "tracking": order.tracking, "trace": order.trace}
        return
    concerned = parcels_of(order.facts, claim)
    for facts, parcel in zip(order.facts.parcels, order.parcels, strict=True):
        if facts in concerned and facts.signed_at is None:
            lines = [(order.line(sku), count) for sku, count in facts.items.items()]
            yield AND.join(f"{line.name}×{count}" for line, count in lines if line), parcel


def _latest(scene: Scene, trace: Any) -> str:
    if not trace:
        return scene.turn.label("label_no_trace")
    at = datetime.fromisoformat(trace[-1]["at"])
    return scene.turn.label("label_trace", latest=trace[-1]["text"], at=f"{at:%m-%d %H:%M}")
