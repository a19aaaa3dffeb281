"""What is out of stock is neither exchanged nor sent again, and the customer hears when it comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.case import GOODS_ARE_SENT
from bot.policy.decide import decide
from bot.policy.explain import as_json, refusal_text
from bot.policy.facts import CAUSES, Claim
from tests.unit.policy.demo_shop import DEMO, NOW, PACK, ago, line, order

TSHIRT = line("TSHIRT", 3)


def offered(claim: Claim, stock: int | None) -> list[str]:
    decision = decide(order(replace(TSHIRT, stock=stock)), claim, PACK, NOW)
    return [remedy.solution for remedy in decision.remedies]


@pytest.mark.parametrize(
    ("claim", "stock", "expected"),
    [
        (Claim("wrong"), None, ["exchange", "reship", "compensation", "return_refund"]),
        (Claim("wrong"), 3, ["exchange", "reship", "compensation", "return_refund"]),
        (Claim("wrong"), 2, ["compensation", "return_refund"]),
        (Claim("wrong", "TSHIRT", 2), 2, ["exchange", "reship", "compensation", "return_refund"]),
        (Claim("wrong"), 0, ["compensation", "return_refund"]),
        (Claim("damaged"), 0, ["refund", "compensation"]),
        (Claim("missing"), 0, ["refund"]),
        (Claim("quality"), 0, ["return_refund", "compensation"]),
        (Claim("no_reason"), 0, ["return_refund"]),
    ],
)
def test_only_what_is_in_stock_is_sent(claim: Claim, stock: int | None, expected: list[str]) -> None:
    assert offered(claim, stock) == expected


def test_the_decision_names_what_is_lacking_and_the_rule() -> None:
    decision = decide(DEMO["221"], Claim("wrong"), PACK, NOW)
    assert decision.lacking is not None
    assert (decision.lacking.sku, decision.lacking.restock_at is not None) == ("JEANS", True)
    assert "in_stock" in decision.rule_ids
    assert "in_stock" not in decide(DEMO["103"], Claim("wrong"), PACK, NOW).rule_ids
    assert "现货" in as_json(decision, PACK)["citation"]


def test_parts_of_a_set_and_gifts_are_no_matter_of_its_stock() -> None:
    teaset = replace(line("TEASET"), stock=0)
    part = decide(order(teaset), Claim("missing", "TEASET", 1, part="茶杯"), PACK, NOW)
    gift = decide(order(teaset, gifts=("湿巾1包",)), Claim("gift_missing"), PACK, NOW)
    assert [r.solution for r in part.remedies] == ["reship", "compensation"]
    assert [r.solution for r in gift.remedies] == ["reship", "compensation"]


@pytest.mark.parametrize(("restock", "reason"), [(True, "restocking"), (False, "sold_out")])
def test_an_exchange_by_own_wish_of_what_is_lacking_is_refused(restock: bool, reason: str) -> None:
    jeans = line("JEANS") if restock else line("JEANS", restock_at=None)
    decision = decide(order(jeans), Claim("exchange_by_wish"), PACK, NOW)
    assert decision.refusal is not None
    assert decision.refusal.reason == reason
    assert ("3月23日" in refusal_text(decision.refusal, PACK)) is restock


def test_a_late_exchange_for_quality_waits_for_the_stock() -> None:
    late = order(line("JEANS"), signed_at=ago(days=20), shipped_at=ago(days=22), paid_at=ago(days=23))
    decision = decide(late, Claim("quality"), PACK, NOW)
    assert decision.refusal is not None
    assert decision.refusal.reason == "restocking"


def test_what_comes_in_one_kind_only_has_nothing_to_be_exchanged_for() -> None:
    decision = decide(order(line("MUG")), Claim("exchange_by_wish"), PACK, NOW)
    assert decision.refusal is not None
    assert decision.refusal.reason == "no_other_kind"
    assert decide(order(line("MUG", choices=None)), Claim("exchange_by_wish"), PACK, NOW).eligible


@given(st.sampled_from(CAUSES), st.integers(0, 4), st.integers(1, 3))
def test_less_stock_never_allows_more(cause: str, stock: int, quantity: int) -> None:
    claim = Claim(cause, "TSHIRT", quantity)  # type: ignore[arg-type]
    less, more = offered(claim, stock), offered(claim, stock + 1)
    assert set(less) <= set(more)
    assert not (stock < quantity and GOODS_ARE_SENT & set(less))
