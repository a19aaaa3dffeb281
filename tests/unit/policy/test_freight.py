"""Who pays for which way is the pack's to say (C4), and an insurance pays the buyer's way back (R218, R688, R689)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.policy.decide import decide
from bot.policy.explain import as_json, citation
from bot.policy.facts import Cause, Claim
from bot.policy.pack import RulePack, load_pack
from tests.unit.policy.demo_shop import NOW, PACK, line, order
from tests.unit.policy.test_pack import content, write

FACTS = order(line("TSHIRT"), freight=Decimal("8.00"))


def with_freight(directory: Path, cause: str, **payers: str) -> RulePack:
    pack: dict[str, Any] = content()
    pack["freight"][cause].update(payers)
    return load_pack(write(directory, "freight.yml", pack))


def returned(cause: Cause, pack: RulePack) -> tuple[Decimal | None, str]:
    remedy = decide(FACTS, Claim(cause, intact=True), pack, NOW).remedy("return_refund")
    assert remedy is not None
    return remedy.amount, remedy.freight_payer


def test_by_own_wish_the_buyer_pays_both_ways_and_for_a_fault_the_shop() -> None:
    assert returned("no_reason", PACK) == (Decimal("69.00"), "buyer")
    assert returned("quality", PACK) == (Decimal("77.00"), "merchant")


def test_a_shop_that_bears_the_first_freight_pays_it_back_and_its_clause_says_so(tmp_path: Path) -> None:
    pack = with_freight(tmp_path, "no_reason", outbound="merchant", back="merchant")
    assert returned("no_reason", pack) == (Decimal("77.00"), "merchant")
    assert "退回运费由店铺承担" in pack.clause("no_reason_freight")
    assert "退回运费由买家承担" in PACK.clause("no_reason_freight")


def test_a_shop_that_does_not_bear_it_keeps_it_also_for_a_fault(tmp_path: Path) -> None:
    assert returned("quality", with_freight(tmp_path, "quality", outbound="buyer")) == (Decimal("69.00"), "merchant")


@pytest.mark.parametrize(
    ("cause", "insured", "up_to"),
    [("no_reason", True, Decimal("12.00")), ("no_reason", False, None), ("quality", True, None)],
)
def test_an_insurance_pays_the_way_back_that_the_buyer_would_pay(
    cause: Cause, insured: bool, up_to: Decimal | None
) -> None:
    facts = order(line("TSHIRT"), freight_insured=insured)
    remedy = decide(facts, Claim(cause, intact=True), PACK, NOW).remedy("return_refund")
    assert remedy is not None
    assert remedy.insured == up_to
    assert ("freight_insurance" in remedy.rule_ids) == (up_to is not None)
    assert ("12.00元" in citation(remedy, PACK)) == (up_to is not None)


def test_the_pinned_form_of_a_decision_is_the_same_with_an_insurance() -> None:
    told = as_json(decide(order(line("TSHIRT"), freight_insured=True), Claim("no_reason"), PACK, NOW), PACK)
    assert set(told["remedies"][0]) == {"solution", "amount", "freight_payer", "deadline"}
    assert told["remedies"][0]["freight_payer"] == "buyer"


@pytest.mark.parametrize("category", ["travel", "ticket", "hotel", "large_appliance"])
def test_travel_and_large_appliances_are_no_late_shipping(category: str) -> None:
    facts = order(line("MUG", category=category), status="paid", signed_at=None, shipped_at=None)
    refusal = decide(facts, Claim("late_shipping"), PACK, NOW).refusal
    assert refusal is not None
    assert refusal.reason == "exempt"
