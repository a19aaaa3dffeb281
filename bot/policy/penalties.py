"""What a platform takes from the shop for a breach: points, yuan and labels, each platform by itself (C6)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.policy.duties import Offence, Penalty
from bot.policy.facts import OrderFacts
from bot.policy.late_shipping import compensation, is_exempt
from bot.policy.money import ZERO
from bot.policy.outcome import Pieces
from bot.policy.pack import RulePack


@dataclass(frozen=True)
class Risk:
    """What is lost if it comes to that. `effects`: what follows, told to whoever answers."""

    points: int
    yuan: Decimal
    labels: tuple[str, ...]
    effects: tuple[str, ...]
    rule_ids: tuple[str, ...]


NOTHING = Risk(0, ZERO, (), (), ())


def at_risk(offence: Offence | None, platform: str, pack: RulePack, order: OrderFacts | None = None) -> Risk:
    """What an offence costs on a platform; nothing where it has no penalty for it, or the goods are exempt."""
    found = [p for p in pack.penalties if p.offence == offence and p.platform == platform]
    due = [penalty for penalty in found if not _exempt(penalty, pack, order)]
    return Risk(
        points=sum(int(penalty.points or 0) for penalty in due),
        yuan=sum((_yuan(penalty, pack, order) for penalty in due), ZERO),
        labels=tuple(penalty.label for penalty in due if penalty.label),
        effects=tuple(pack.fill(penalty.effect, penalty=penalty) for penalty in due if penalty.effect),
        rule_ids=tuple(penalty.rule for penalty in due),
    )


def _exempt(penalty: Penalty, pack: RulePack, order: OrderFacts | None) -> bool:
    if penalty.yuan_as is None or order is None:
        return False
    return is_exempt(order, pack)


def _yuan(penalty: Penalty, pack: RulePack, order: OrderFacts | None) -> Decimal:
    amount = penalty.yuan or ZERO
    if penalty.yuan_as is not None and order is not None:
        amount += compensation(_pieces(order), pack) or ZERO
    return amount


def _pieces(order: OrderFacts) -> tuple[Pieces, ...]:
    return tuple(Pieces(line, line.quantity) for line in order.lines)
