"""Who may decide over how much (R339), and what blocks everybody (R154, R155)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.limits import ROLES, Kind, Role, limit_of, may
from tests.unit.policy.demo_shop import PACK


@pytest.mark.parametrize(
    ("role", "kind", "amount", "allowed", "ask"),
    [
        ("bot", "refund", "200.00", True, None),
        ("bot", "refund", "200.01", False, "agent"),
        ("bot", "compensation", "20.01", False, "agent"),
        ("agent", "refund", "500.00", True, None),
        ("agent", "refund", "500.01", False, "supervisor"),
        ("agent", "compensation", "200.01", False, "admin"),
        ("supervisor", "compensation", "200.00", True, None),
        ("supervisor", "refund", "2000.01", False, "admin"),
        ("admin", "refund", "99999.00", True, None),
    ],
)
def test_a_role_decides_up_to_its_limit_and_asks_the_next_that_may(
    role: Role, kind: Kind, amount: str, allowed: bool, ask: Role | None
) -> None:
    answer = may(role, kind, Decimal(amount), PACK)
    assert (answer.allowed, answer.ask) == (allowed, ask)
    assert all(PACK.clause(rule_id) for rule_id in answer.rule_ids)
    assert bool(answer.rule_ids) != allowed


def test_what_a_role_decided_before_counts() -> None:
    assert may("agent", "refund", Decimal("300.00"), PACK, before=Decimal("200.00")).allowed
    assert not may("agent", "refund", Decimal("300.00"), PACK, before=Decimal("200.01")).allowed


@given(st.sampled_from(ROLES), st.sampled_from(["refund", "compensation"]), st.decimals("0.01", "3000", places=2))
def test_who_is_asked_may_decide_and_nobody_below_may(role: Role, kind: Kind, amount: Decimal) -> None:
    answer = may(role, kind, amount, PACK)
    if not answer.allowed:
        assert answer.ask is not None
        assert may(answer.ask, kind, amount, PACK).allowed
        below = ROLES[ROLES.index(role) : ROLES.index(answer.ask)]
        assert not any(may(each, kind, amount, PACK).allowed for each in below)
        assert limit_of(role, kind, PACK) == answer.limit
