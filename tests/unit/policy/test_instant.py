"""Instant refund for customers of good standing: approved at once, never called paid (R712, R713)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.policy.decide import decide
from bot.policy.facts import Claim
from bot.policy.instant import Standing, objection, with_instant
from bot.policy.outcome import Remedy
from tests.unit.policy.demo_shop import DEMO, NOW, PACK, ago, line, order

CLAIM = Claim("no_reason", intact=True)


def returned(price: str = "69.00", claim: Claim = CLAIM) -> Remedy:
    remedy = decide(order(line("TSHIRT", price=price)), claim, PACK, NOW).remedy("return_refund")
    assert remedy is not None
    return remedy


def test_a_return_of_an_old_customer_is_approved_at_once_and_the_goods_still_come_back() -> None:
    before = returned()
    instant = with_instant(before, CLAIM, Standing("vip"), PACK, NOW)
    assert (before.status, instant.status) == ("waiting_customer", "approved")
    assert (instant.amount, instant.goods_back) == (before.amount, True)
    assert instant.rule_ids[-1] == "instant_refund"
    assert "提交" in PACK.clause("instant_refund")


RECENT = (ago(days=1), ago(days=30), ago(days=89))


@pytest.mark.parametrize(
    ("price", "standing", "expected"),
    [
        ("100.00", Standing("returning"), None),
        ("100.01", Standing("returning"), "amount"),
        ("69.00", Standing("new"), "level"),
        ("69.00", Standing(""), "level"),
        ("69.00", Standing("vip", RECENT[:2]), None),
        ("69.00", Standing("vip", RECENT), "refunds"),
        ("69.00", Standing("vip", (*RECENT[:2], ago(days=90))), None),
        ("259.00", Standing("vip"), "approval"),
    ],
)
def test_what_stands_against_it_is_named(price: str, standing: Standing, expected: str | None) -> None:
    remedy = returned(price)
    assert objection(remedy, CLAIM, standing, PACK, NOW) == expected
    assert (with_instant(remedy, CLAIM, standing, PACK, NOW) is remedy) == (expected is not None)


def test_it_is_for_goods_that_were_received_and_go_back_by_own_wish() -> None:
    exchange = decide(order(line("TSHIRT")), Claim("exchange_by_wish", intact=True), PACK, NOW).remedies[0]
    assert objection(exchange, CLAIM, Standing("vip"), PACK, NOW) == "no_return"
    cancelled = decide(DEMO["106"], Claim("no_reason"), PACK, NOW).remedies[0]
    assert objection(cancelled, CLAIM, Standing("vip"), PACK, NOW) == "no_return"
    faulty = Claim("quality")
    assert objection(returned(claim=faulty), faulty, Standing("vip"), PACK, NOW) == "cause"


def test_a_remedy_that_a_person_decides_is_never_instant() -> None:
    asked = replace(returned(), status="open")
    assert with_instant(asked, CLAIM, Standing("vip"), PACK, NOW).status == "open"
