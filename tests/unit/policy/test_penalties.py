"""What a breach costs on which platform; each platform counts for itself (C6, R043-R045, R168-R175, R745)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.policy.duties import Offence
from bot.policy.penalties import NOTHING, at_risk
from tests.unit.policy.demo_shop import DEMO, PACK, line, order


@pytest.mark.parametrize(
    ("platform", "offence", "points", "labels"),
    [
        ("wechat", "late_reply", 3, ("响应不及时",)),
        ("wechat", "false_promise", 5, ()),
        ("wechat", "ruling_refused", 10, ()),
        ("wechat", "harassment", 0, ("严重警告",)),
        ("taobao", "late_shipping", 3, ()),
        ("taobao", "late_reply", 0, ()),
        ("wechat", "late_shipping", 0, ()),
        ("web", "late_reply", 0, ()),
    ],
)
def test_points_and_labels_by_platform(platform: str, offence: Offence, points: int, labels: tuple[str, ...]) -> None:
    risk = at_risk(offence, platform, PACK)
    assert (risk.points, risk.labels) == (points, labels)
    assert all(PACK.clause(rule_id) for rule_id in risk.rule_ids)


def test_late_shipping_costs_what_the_customer_gets() -> None:
    risk = at_risk("late_shipping", "taobao", PACK, order(line("JEANS"), line("MUG", 2)))
    assert risk.yuan == Decimal("6.95") + Decimal("3.99")
    assert at_risk("late_shipping", "taobao", PACK, DEMO["112"]) == NOTHING


def test_the_effect_is_told_with_the_packs_numbers() -> None:
    assert at_risk("late_reply", "wechat", PACK).effects[0].startswith("30天内下单约少20%")


def test_a_clock_without_an_offence_costs_nothing() -> None:
    assert at_risk(PACK.clock("chat_reply").offence, "wechat", PACK) == NOTHING
    assert at_risk(PACK.clock("promise").offence, "wechat", PACK).points == 5


def test_old_warning_letters_are_off() -> None:
    assert [clock.id for clock in PACK.clocks if not clock.enabled] == ["warning_letter", "fee_refund"]
