"""The table of cases and their outcome (ARCHITECTURE 6) on the orders of the demo shop."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.policy.decide import decide
from bot.policy.facts import Claim
from bot.policy.outcome import Remedy, with_evidence
from tests.unit.policy.demo_shop import DEMO, NOW, PACK, ago, fell, line, order

A, W, O = "approved", "waiting_customer", "open"  # noqa: E741 - a column of the table below
M, B, N = "merchant", "buyer", "none"

GRANTED = [
    (
        "101",
        Claim("damaged", "MUG", 1),
        [("reship", None, M, A), ("refund", "39.90", N, A), ("compensation", "7.98", N, A)],
    ),
    ("101", Claim("damaged"), [("reship", None, M, A), ("refund", "79.80", N, A), ("compensation", "15.96", N, A)]),
    ("101", Claim("missing", "MUG", 1), [("reship", None, M, A), ("refund", "39.90", N, A)]),
    ("108", Claim("missing", "TEASET", 2, part="茶杯"), [("reship", None, M, A), ("compensation", "20.00", N, A)]),
    ("108", Claim("damaged"), [("reship", None, M, A), ("refund", "168.00", N, A), ("compensation", "20.00", N, A)]),
    ("113", Claim("damaged"), [("reship", None, M, A), ("refund", "53.00", N, A), ("compensation", "9.00", N, A)]),
    ("102", Claim("gift_missing"), [("reship", None, M, A), ("compensation", "5.00", N, A)]),
    ("109", Claim("gift_missing", gift="湿巾1包"), [("reship", None, M, A), ("compensation", "5.00", N, A)]),
    (
        "103",
        Claim("wrong"),
        [
            ("exchange", None, M, W),
            ("reship", None, M, A),
            ("compensation", "13.80", N, A),
            ("return_refund", "69.00", M, W),
        ],
    ),
    (
        "111",
        Claim("wrong"),
        [
            ("exchange", None, M, W),
            ("reship", None, M, A),
            ("compensation", "5.00", N, A),
            ("return_refund", "33.00", M, W),
        ],
    ),
    (
        "116",
        Claim("quality"),
        [("exchange", None, M, W), ("return_refund", "129.00", M, W), ("compensation", "20.00", N, A)],
    ),
    (
        "122",
        Claim("quality"),
        [("exchange", None, M, W), ("return_refund", "259.00", M, O), ("compensation", "20.00", N, A)],
    ),
    ("104", Claim("quality"), [("exchange", None, M, W)]),
    ("110", Claim("quality"), [("repair", None, M, W)]),
    ("110", Claim("warranty"), [("repair", None, M, W)]),
    ("103", Claim("no_reason"), [("return_refund", "69.00", B, W)]),
    ("113", Claim("no_reason"), [("return_refund", "45.00", B, W)]),
    ("115", Claim("no_reason"), [("return_refund", "207.00", B, O)]),
    ("115", Claim("no_reason", "TSHIRT", 1), [("return_refund", "69.00", B, W)]),
    ("117", Claim("no_reason", opened=False), [("return_refund", "49.00", B, W)]),
    ("121", Claim("no_reason", "MUG", 2), [("return_refund", "79.80", B, W)]),
    ("103", Claim("exchange_by_wish"), [("exchange", None, B, W)]),
    ("122", Claim("exchange_by_wish"), [("exchange", None, B, W)]),
    ("105", Claim("unshipped_cancel"), [("cancel", "139.00", N, A)]),
    ("106", Claim("no_reason"), [("cancel", "159.00", N, A)]),
    ("112", Claim("unshipped_cancel"), [("cancel", "499.00", N, O)]),
    ("120", Claim("unshipped_cancel"), [("cancel", "89.70", N, O)]),
    ("107", Claim("no_reason"), [("cancel", "259.00", N, O)]),
    ("105", Claim("late_shipping"), [("compensation", "6.95", N, A)]),
    ("103", Claim("price_protection"), [("price_difference", "10.00", N, A)]),
    ("119", Claim("price_protection"), [("price_difference", "10.00", N, A)]),
    ("115", Claim("price_protection"), [("price_difference", "30.00", N, A)]),
]


def told(remedy: Remedy) -> tuple[str, str | None, str, str]:
    return remedy.solution, None if remedy.amount is None else str(remedy.amount), remedy.freight_payer, remedy.status


@pytest.mark.parametrize(("tail", "claim", "expected"), GRANTED, ids=lambda value: getattr(value, "cause", None))
def test_what_the_customer_is_offered(
    tail: str, claim: Claim, expected: list[tuple[str, str | None, str, str]]
) -> None:
    decision = decide(DEMO[tail], claim, PACK, NOW)
    assert decision.eligible
    assert decision.refusal is None
    assert [told(remedy) for remedy in decision.remedies] == expected


REFUSED = [
    ("104", Claim("no_reason"), "window_over"),
    ("104", Claim("damaged"), "report_over"),
    ("111", Claim("no_reason"), "custom_made"),
    ("111", Claim("exchange_by_wish"), "custom_made"),
    ("117", Claim("no_reason", opened=True), "opened_hygiene"),
    ("109", Claim("no_reason", opened=True), "opened_food"),
    ("121", Claim("no_reason", opened=True), "opened_food"),
    ("103", Claim("no_reason", intact=False), "not_intact"),
    ("103", Claim("exchange_by_wish", intact=False), "not_intact"),
    ("106", Claim("late_shipping"), "not_yet_late"),
    ("101", Claim("late_shipping"), "shipped_in_time"),
    ("112", Claim("late_shipping"), "exempt"),
    ("107", Claim("damaged"), "not_signed"),
    ("107", Claim("missing"), "not_signed"),
    ("107", Claim("exchange_by_wish"), "not_signed"),
    ("106", Claim("quality"), "not_shipped"),
    ("106", Claim("exchange_by_wish"), "not_shipped"),
    ("101", Claim("unshipped_cancel"), "already_signed"),
    ("114", Claim("no_reason"), "unpaid"),
    ("114", Claim("damaged"), "unpaid"),
    ("118", Claim("no_reason"), "already_claimed"),
    ("101", Claim("gift_missing"), "no_gift"),
    ("102", Claim("gift_missing", gift="杯垫"), "no_gift"),
    ("101", Claim("price_protection"), "price_not_fallen"),
    ("110", Claim("price_protection"), "price_window_over"),
    ("123", Claim("warranty"), "no_warranty"),
    ("123", Claim("quality"), "quality_over"),
    ("123", Claim("no_reason"), "window_over"),
]


@pytest.mark.parametrize(("tail", "claim", "reason"), REFUSED)
def test_what_is_refused_and_why(tail: str, claim: Claim, reason: str) -> None:
    decision = decide(DEMO[tail], claim, PACK, NOW)
    assert decision.refusal is not None
    assert (decision.eligible, decision.remedies, decision.refusal.reason) == (False, (), reason)
    assert decision.rule_ids == (decision.refusal.rule_id,)
    assert decision.refusal.middle_way in PACK.middle_ways


def test_an_order_closed_before_it_was_signed_is_left_to_people() -> None:
    closed = order(line("MUG"), status="closed", shipped_at=None, signed_at=None)
    refusal = decide(closed, Claim("damaged"), PACK, NOW).refusal
    assert refusal is not None
    assert refusal.reason == "closed"


def test_sealed_goods_ask_whether_they_were_opened_before_anything_is_promised() -> None:
    nuts = DEMO["109"]
    assert decide(nuts, Claim("no_reason"), PACK, NOW).needs == ("opened", "intact")
    assert decide(nuts, Claim("no_reason", opened=False), PACK, NOW).needs == ("intact",)
    assert decide(nuts, Claim("no_reason", opened=False, intact=True), PACK, NOW).needs == ()
    assert decide(DEMO["103"], Claim("no_reason"), PACK, NOW).needs == ("intact",)
    assert decide(DEMO["109"], Claim("damaged"), PACK, NOW).needs == ()


def test_opening_matters_only_for_goods_that_must_stay_sealed() -> None:
    assert decide(DEMO["103"], Claim("no_reason", opened=True), PACK, NOW).eligible


def test_opened_goods_that_are_neither_food_nor_hygiene_are_refused_with_the_general_reason() -> None:
    sealed = order(line("MUG", no_reason="unopened"))
    refusal = decide(sealed, Claim("no_reason", opened=True), PACK, NOW).refusal
    assert refusal is not None
    assert refusal.reason == "opened"


def test_excluded_goods_that_are_not_custom_made_are_refused_with_their_own_reason() -> None:
    excluded = order(line("MUG", no_reason="never"))
    refusal = decide(excluded, Claim("no_reason"), PACK, NOW).refusal
    assert refusal is not None
    assert refusal.reason == "not_returnable"


def test_part_of_an_unshipped_order_can_be_cancelled_and_the_last_part_brings_the_freight() -> None:
    facts = order(line("MUG"), line("LAMP"), status="paid", freight=Decimal("8.00"), shipped_at=None, signed_at=None)
    part = decide(facts, Claim("unshipped_cancel", "MUG"), PACK, NOW).remedies[0]
    whole = decide(facts, Claim("unshipped_cancel"), PACK, NOW).remedies[0]
    assert (part.amount, whole.amount) == (Decimal("39.90"), Decimal("206.90"))


def test_a_gift_of_unknown_value_can_only_be_sent() -> None:
    facts = order(line("MUG"), gifts=("杯垫",))
    assert [r.solution for r in decide(facts, Claim("gift_missing"), PACK, NOW).remedies] == ["reship"]


def test_gifts_are_compensated_only_when_the_value_of_each_is_known() -> None:
    both = order(line("MUG"), gifts=("湿巾1包", "杯垫"))
    assert decide(both, Claim("gift_missing"), PACK, NOW).remedy("compensation") is None
    named = decide(both, Claim("gift_missing", gift="湿巾1包"), PACK, NOW).remedy("compensation")
    assert named is not None
    assert named.amount == Decimal("5.00")


def test_naming_a_gift_claims_one_of_it() -> None:
    two = order(line("MUG"), gifts=("湿巾1包", "湿巾1包"))
    amounts = [
        decide(two, Claim("gift_missing", gift=gift), PACK, NOW).remedies[1].amount for gift in ("湿巾1包", None)
    ]
    assert amounts == [Decimal("5.00"), Decimal("10.00")]


def test_a_price_that_rose_does_not_lower_the_difference_of_another_product() -> None:
    fallen = line("TSHIRT", price="69.00", prices=fell("59.00"))
    risen = line("MUG", price="39.90", prices=fell("45.00"))
    difference = decide(order(fallen, risen), Claim("price_protection"), PACK, NOW).remedies[0]
    assert difference.amount == Decimal("10.00")


def test_freight_that_was_never_paid_is_not_cited() -> None:
    assert "outbound_freight" not in decide(DEMO["101"], Claim("damaged"), PACK, NOW).rule_ids
    assert "outbound_freight" in decide(DEMO["113"], Claim("damaged"), PACK, NOW).rule_ids


def test_a_gift_that_comes_with_the_product_is_known_from_the_catalogue() -> None:
    assert decide(order(line("NUTS")), Claim("gift_missing"), PACK, NOW).eligible


@pytest.mark.parametrize(("amount", "status"), [("200.00", A), ("200.01", O)])
def test_a_refund_of_exactly_the_limit_is_the_bots_own(amount: str, status: str) -> None:
    refund = decide(order(line("LAMP", price=amount)), Claim("damaged"), PACK, NOW).remedy("refund")
    assert refund is not None
    assert refund.status == status


def test_goods_come_back_only_where_the_table_says_so() -> None:
    remedies = [r for facts in DEMO.values() for r in decide(facts, Claim("wrong"), PACK, NOW).remedies]
    assert {r.solution for r in remedies if r.goods_back} == {"exchange", "return_refund"}
    assert not any(r.goods_back for r in decide(DEMO["101"], Claim("damaged"), PACK, NOW).remedies)


def test_the_shop_acts_within_the_hours_of_the_pack() -> None:
    hours = {r.solution: r.deadline - NOW for r in decide(DEMO["101"], Claim("wrong"), PACK, NOW).remedies}
    assert {name: span.total_seconds() / 3600 for name, span in hours.items()} == {
        "exchange": 48,
        "reship": 24,
        "compensation": 24,
        "return_refund": 48,
    }


def test_a_picture_that_was_asked_for_and_not_given_keeps_the_ticket_waiting() -> None:
    decision = decide(DEMO["101"], Claim("damaged"), PACK, NOW)
    assert decision.evidence_asked
    assert not decide(DEMO["101"], Claim("missing"), PACK, NOW).evidence_asked
    reship = decision.remedies[0]
    assert with_evidence(reship, asked=True, given=False).status == "waiting_customer"
    assert with_evidence(reship, asked=True, given=True).status == "approved"
    assert with_evidence(reship, asked=False, given=False).status == "approved"
    above = replace(reship, status="open")
    assert with_evidence(above, asked=True, given=False).status == "open"


def test_what_was_paid_long_ago_and_shipped_late_is_still_compensated() -> None:
    late = order(line("MUG", price="100.00"), paid_at=ago(days=20), shipped_at=ago(days=10), signed_at=ago(days=8))
    assert decide(late, Claim("late_shipping"), PACK, NOW).remedies[0].amount == Decimal("5.00")
