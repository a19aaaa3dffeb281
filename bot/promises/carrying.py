"""Which tickets carry out which promises."""

from __future__ import annotations

from collections.abc import Mapping

from bot.policy.facts import Solution
from bot.promises.promise import Kind

MONEY: tuple[Kind, ...] = ("refund", "compensation", "price_difference")
REFUNDS: tuple[Solution, ...] = ("refund", "return_refund", "cancel")
SOLUTIONS_OF: Mapping[Kind, tuple[Solution, ...]] = {
    "refund": REFUNDS,
    "refund_arrival": (*REFUNDS, "compensation", "price_difference"),
    "compensation": ("compensation",),
    "price_difference": ("price_difference",),
    "reship": ("reship",),
    "ship_by": ("reship", "exchange"),
    "exchange": ("exchange", "repair"),
}
"""The tickets by which a promise is carried out."""
