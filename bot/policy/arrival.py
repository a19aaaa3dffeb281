"""When the goods of a claim arrived: an order may come in several parcels, of which some are still under way."""

from __future__ import annotations

from datetime import datetime

from bot.policy.facts import Cause, Claim, OrderFacts, ParcelFacts

ABSENT: frozenset[Cause] = frozenset({"missing", "gift_missing"})
"""What is not there may be in a parcel that has yet to come."""


def arrived_at(order: OrderFacts, claim: Claim) -> datetime | None:
    """The last instant at which something that the claim is about was signed for; None while it is under way."""
    if not order.parcels:
        return order.signed_at
    concerned = parcels_of(order, claim)
    signed = [parcel.signed_at for parcel in concerned if parcel.signed_at is not None]
    if claim.cause in ABSENT and len(signed) < len(concerned):
        return None
    return max(signed, default=None)


def parcels_of(order: OrderFacts, claim: Claim) -> list[ParcelFacts]:
    """The parcels in which the claim's goods are; all of them where nobody knows."""
    having = [parcel for parcel in order.parcels if _holds(parcel, claim)]
    return having or list(order.parcels)


def _holds(parcel: ParcelFacts, claim: Claim) -> bool:
    if claim.cause == "gift_missing":
        return claim.gift in parcel.gifts if claim.gift else bool(parcel.gifts)
    return any(wanted.sku in parcel.items for wanted in claim.wanted)
