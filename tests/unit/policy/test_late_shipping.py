"""Late shipping: 72 hours to the second, 5 % per order line, at most 30 yuan a line (PRODUCT 1.7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.clock import SHANGHAI
from bot.policy.decide import decide
from bot.policy.facts import Claim, LineFacts, OrderFacts
from tests.unit.policy.demo_shop import NOW, PACK, ago, line, order

PAID = datetime(2024, 5, 1, 10, tzinfo=SHANGHAI)
DUE = datetime(2024, 5, 4, 10, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)


def unshipped(*lines: LineFacts, hours: float = 80) -> OrderFacts:
    return order(*lines, status="paid", paid_at=ago(hours=hours), shipped_at=None, signed_at=None)


def compensation(facts: OrderFacts) -> Decimal | None:
    remedy = decide(facts, Claim("late_shipping"), PACK, NOW).remedy("compensation")
    return remedy and remedy.amount


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("100.00", "5.00"),
        ("599.89", "29.99"),
        ("599.90", "30.00"),
        ("600.00", "30.00"),
        ("1000000.00", "30.00"),
        ("0.10", "0.01"),
        ("19.99", "1.00"),
        ("33.33", "1.67"),
    ],
)
def test_five_percent_of_the_line_half_up_and_capped(price: str, expected: str) -> None:
    assert compensation(unshipped(line("MUG", price=price))) == Decimal(expected)


def test_less_than_half_a_fen_is_nothing() -> None:
    tiny = decide(unshipped(line("MUG", price="0.09")), Claim("late_shipping"), PACK, NOW)
    assert tiny.refusal is not None
    assert tiny.refusal.reason == "nothing_due"


def test_share_and_cap_are_taken_line_by_line() -> None:
    assert compensation(unshipped(line("MUG", 2, "33.33"), line("SHOES", 4, "259.00"))) == Decimal("33.33")


def test_a_scan_at_exactly_72_hours_is_on_time_and_a_second_later_late() -> None:
    on_time = order(line("MUG"), status="shipped", paid_at=PAID, shipped_at=DUE, signed_at=None)
    in_time = decide(on_time, Claim("late_shipping"), PACK, NOW)
    assert in_time.refusal is not None
    assert in_time.refusal.reason == "shipped_in_time"
    late = order(line("MUG"), status="shipped", paid_at=PAID, shipped_at=DUE + SECOND, signed_at=None)
    assert decide(late, Claim("late_shipping"), PACK, NOW).eligible


def test_an_order_without_scan_is_measured_by_now() -> None:
    waiting = order(line("MUG"), status="paid", paid_at=PAID, shipped_at=None, signed_at=None)
    early = decide(waiting, Claim("late_shipping"), PACK, DUE)
    assert early.refusal is not None
    assert (early.refusal.reason, early.refusal.fields["due"]) == ("not_yet_late", DUE)
    assert decide(waiting, Claim("late_shipping"), PACK, DUE + SECOND).eligible


@pytest.mark.parametrize("sku", ["DOWN", "KEYRING"])
def test_presale_and_custom_goods_are_exempt(sku: str) -> None:
    decision = decide(unshipped(line(sku), hours=200), Claim("late_shipping"), PACK, NOW)
    assert decision.refusal is not None
    assert (decision.refusal.reason, decision.rule_ids) == ("exempt", ("late_shipping_exempt",))


def test_an_exempt_line_does_not_take_the_others_with_it() -> None:
    assert compensation(unshipped(line("DOWN"), line("MUG", price="100.00"))) == Decimal("5.00")


def test_above_the_bots_limit_a_person_approves() -> None:
    remedy = decide(unshipped(line("SHOES", price="600.00")), Claim("late_shipping"), PACK, NOW).remedies[0]
    assert (remedy.status, remedy.freight_payer) == ("open", "none")
    assert "approval_limit" in remedy.rule_ids
