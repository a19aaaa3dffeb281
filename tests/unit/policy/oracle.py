"""A second opinion on the seven days, on freight and on late shipping, worked out anew: whole fen, whole seconds.

It shares nothing with bot.policy: its numbers are the description's own, so that one mistake is not made twice.
"""

from __future__ import annotations

from dataclasses import dataclass

HOUR, DAY = 3600, 86400
EAST = 8 * HOUR
SEVEN_DAYS, SEVENTY_TWO_HOURS = 168 * HOUR, 72 * HOUR
PER_CENT, CAP, INSURED = 5, 3000, 1200
NOT_LATE_TRAITS, NOT_LATE_KINDS = {"presale", "custom"}, {"travel", "ticket", "hotel", "large_appliance"}
GOODS_BACK = {"wrong", "quality"}
MONEY_ONLY = {"damaged", "missing"}


@dataclass(frozen=True)
class Goods:
    """A line: fen for a piece, pieces bought, pieces gone to earlier claims, pieces claimed now."""

    fen: int
    bought: int
    gone: int
    claimed: int
    rule: str
    traits: frozenset[str] = frozenset()
    kind: str = ""


@dataclass(frozen=True)
class Matter:
    """An order and a claim. Seconds since 1970, fen; `spent` is what earlier tickets claimed, pending or not."""

    goods: tuple[Goods, ...]
    paid: int
    freight: int
    spent: int
    paid_at: int
    shipped_at: int | None
    signed_at: int | None
    now: int
    opened: bool | None = None
    intact: bool | None = None
    insured: bool = False


@dataclass(frozen=True)
class Verdict:
    """What comes of it: fen, and who pays the way back; None: nothing is allowed."""

    fen: int
    payer: str
    insurance: int | None = None


def _left(matter: Matter) -> int:
    return max(0, matter.paid - matter.spent)


def last_second(signed_at: int) -> int:
    """The last second of the seven days."""
    signed_day = (signed_at + EAST) // DAY
    return (signed_day + 1) * DAY - EAST + SEVEN_DAYS


def own_wish(matter: Matter) -> Verdict | None:
    """A return without a reason of goods that were signed for."""
    if matter.signed_at is None or matter.now > last_second(matter.signed_at) or matter.intact is False:
        return None
    for each in matter.goods:
        if each.claimed and (each.rule == "never" or (each.rule == "unopened" and matter.opened)):
            return None
    worth = sum(each.fen * each.claimed for each in matter.goods)
    fen = min(worth, max(0, _left(matter) - matter.freight))
    return Verdict(fen, "buyer", INSURED if matter.insured else None) if fen else None


def fault(matter: Matter, cause: str) -> Verdict | None:
    """The money way of a fault of the shop: the first freight comes back when nothing of the order is left."""
    if matter.signed_at is None or matter.now > last_second(matter.signed_at):
        return None
    if not any(each.claimed for each in matter.goods):
        return None
    nothing_left = all(each.gone + each.claimed >= each.bought for each in matter.goods)
    worth = sum(each.fen * each.claimed for each in matter.goods) + (matter.freight if nothing_left else 0)
    fen = min(worth, _left(matter))
    return Verdict(fen, "merchant" if cause in GOODS_BACK else "none") if fen else None


def late(matter: Matter) -> Verdict | None:
    """Five per cent of each product, at most thirty yuan, when the parcel left after seventy-two hours."""
    left_at = next((t for t in (matter.shipped_at, matter.signed_at) if t is not None), matter.now)
    if left_at - matter.paid_at <= SEVENTY_TWO_HOURS:
        return None
    fen = 0
    for each in matter.goods:
        if not (each.traits & NOT_LATE_TRAITS) and each.kind not in NOT_LATE_KINDS:
            share, rest = divmod(each.fen * each.bought * PER_CENT, 100)
            fen += min(CAP, share + (1 if rest >= 50 else 0))
    fen = min(fen, _left(matter))
    return Verdict(fen, "none") if fen else None
