"""Up to what amount a role decides by itself over an order, and who has to be asked above it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from bot.policy.money import ZERO
from bot.policy.pack import RulePack

Role = Literal["bot", "agent", "supervisor", "admin"]
Kind = Literal["refund", "compensation"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class May:
    """Whether a role may decide; `limit` None: up to what was paid. `ask`: the lowest role that may instead."""

    allowed: bool
    limit: Decimal | None
    ask: Role | None
    rule_ids: tuple[str, ...] = ()


def may(role: Role, kind: Kind, amount: Decimal, pack: RulePack, before: Decimal = ZERO) -> May:
    """Whether the role may decide over this money; `before`: what it decided for the same order already.

    What was paid is the limit of everybody (`bot.policy.money.objection`).
    """
    limit = limit_of(role, kind, pack)
    if limit is None or before + amount <= limit:
        return May(True, limit, None)
    above = ROLES[ROLES.index(role) + 1 :]
    able = (higher for higher in above if (top := limit_of(higher, kind, pack)) is None or amount <= top)
    return May(False, limit, next(able, None), ("approval_limit" if role == "bot" else "role_limits",))


def limit_of(role: Role, kind: Kind, pack: RulePack) -> Decimal | None:
    """The limit of a role, in yuan for an order; None: up to what was paid."""
    limits = pack.bot_limits if role == "bot" else pack.role_limits[role]
    return limits.compensation if kind == "compensation" else limits.refund
