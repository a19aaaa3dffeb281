"""One claim on several goods of an order, and the bot's limits over all tickets of an order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.decide import decide
from bot.policy.facts import Claim, Claimed, OrderFacts, Wanted
from bot.policy.outcome import Decision, Remedy
from tests.unit.policy.demo_shop import DEMO, NOW, PACK, line, order

SET = DEMO["121"]
MUG, MANGO, TEASET = Wanted("MUG", 1), Wanted("MANGO", 1), Wanted("TEASET", 1)


def damaged(facts: OrderFacts, *wanted: Wanted) -> Decision:
    return decide(facts, Claim("damaged", several=wanted), PACK, NOW)


def remedy(decision: Decision, solution: str) -> Remedy:
    return next(each for each in decision.remedies if each.solution == solution)


def test_several_goods_are_one_claim_with_the_sum_of_their_prices() -> None:
    decision = damaged(SET, MUG, MANGO)
    assert [(p.line.sku, p.quantity) for p in decision.pieces] == [("MUG", 1), ("MANGO", 1)]
    assert remedy(decision, "refund").amount == D("69.80")
    assert remedy(decision, "compensation").amount == D("13.96")


def test_one_product_said_either_way_is_the_same_claim() -> None:
    assert damaged(SET, Wanted("MUG", 2)) == decide(SET, Claim("damaged", "MUG", 2), PACK, NOW)


def test_of_several_goods_those_that_became_cheaper_are_protected() -> None:
    shirts = Wanted("TSHIRT")
    for several in ((shirts, Wanted("SHOES")), (shirts,), ()):
        decision = decide(DEMO["222"], Claim("price_protection", several=several), PACK, NOW)
        assert [(p.line.sku, p.quantity) for p in decision.pieces] == [("TSHIRT", 2)]
        assert remedy(decision, "price_difference").amount == D("20.00")


def test_all_goods_said_one_by_one_are_the_whole_order() -> None:
    facts = order(line("MUG", 2), line("MANGO"), freight=D("8.00"))
    one_by_one = damaged(facts, Wanted("MUG"), Wanted("MANGO"))
    assert remedy(one_by_one, "refund").amount == facts.paid
    assert "outbound_freight" in one_by_one.rule_ids


@pytest.mark.parametrize(
    ("claimed", "wanted", "expected"),
    [
        (2, 1, ("already_claimed", "MUG")),
        (1, 2, ("partly_claimed", "MUG")),
        (0, 3, ("more_than_bought", "MUG")),
    ],
)
def test_what_stands_in_the_way_of_one_of_them_is_told_with_its_name(
    claimed: int, wanted: int, expected: tuple[str, str]
) -> None:
    tickets = (Claimed("MUG", claimed, D("0.00"), "T1", "approved", "damaged", "reship"),) if claimed else ()
    refusal = damaged(replace(SET, claimed=tickets), MANGO, Wanted("MUG", wanted)).refusal
    assert refusal is not None
    assert (refusal.reason, refusal.sku) == expected


def test_opened_food_is_named_so_that_the_others_can_go_back() -> None:
    refusal = decide(SET, Claim("no_reason", opened=True, several=(MUG, MANGO)), PACK, NOW).refusal
    assert refusal is not None
    assert (refusal.reason, refusal.sku) == ("opened_food", "MANGO")


@pytest.mark.parametrize("wrong", [{"sku": "MUG", "several": (MUG,)}, {"several": (MUG, Wanted("MUG", 2))}])
def test_a_claim_names_each_product_once(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="sku"):
        Claim("damaged", **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tail", "sku", "stays"),
    [("109", "NUTS", True), ("113", "DETERGENT", True), ("121", "MUG", False), ("103", "TSHIRT", False)],
)
def test_bad_food_and_liquids_stay_with_the_customer(tail: str, sku: str, stays: bool) -> None:
    for each in decide(DEMO[tail], Claim("quality", sku), PACK, NOW).remedies:
        assert each.goods_stay == (stays and each.solution in ("exchange", "return_refund"))
        assert each.status == "waiting_customer" or each.goods_back is False


def test_bad_food_beside_a_shirt_goes_back_with_it() -> None:
    facts = order(line("MANGO"), line("TSHIRT"))
    returned = remedy(decide(facts, Claim("quality"), PACK, NOW), "return_refund")
    assert returned.goods_back


def ticket(amount: str, solution: str = "refund", by_person: bool = False, sku: str = "TEASET") -> Claimed:
    return Claimed(sku, 1, D(amount), "T1", "approved", "damaged", solution, by_person)  # type: ignore[arg-type]


def test_what_the_bot_approved_before_counts_against_its_limit() -> None:
    before = replace(SET, claimed=(ticket("168.00"),))
    assert remedy(damaged(SET, MUG), "refund").status == "approved"
    assert remedy(damaged(before, MUG), "refund").status == "open"
    assert "approval_limit" in remedy(damaged(before, MUG), "refund").rule_ids
    assert remedy(damaged(before, MUG), "compensation").status == "approved"


def test_what_a_person_decides_does_not_count_and_neither_does_the_other_kind() -> None:
    by_person = replace(SET, claimed=(ticket("168.00", by_person=True),))
    assert remedy(damaged(by_person, MUG), "refund").status == "approved"
    compensated = replace(SET, claimed=(ticket("20.00", "compensation"),))
    assert remedy(damaged(compensated, MUG), "refund").status == "approved"
    assert remedy(damaged(compensated, MUG), "compensation").status == "open"


@given(st.lists(st.tuples(st.sampled_from(["TEASET", "MUG", "MANGO"]), st.integers(1, 2)), max_size=8))
def test_in_however_many_steps_the_bot_alone_never_passes_its_limit(steps: list[tuple[str, int]]) -> None:
    facts = order(line("TEASET", 2), line("MUG", 4), line("MANGO", 4))
    for number, (sku, quantity) in enumerate(steps):
        decision = damaged(facts, Wanted(sku, quantity))
        for each in decision.remedies:
            if each.solution == "refund" and each.amount is not None:
                by_person = each.status == "open"
                claimed = Claimed(sku, quantity, each.amount, f"T{number}", each.status, "damaged", "refund", by_person)
                facts = replace(facts, claimed=(*facts.claimed, claimed))
    assert sum((c.amount for c in facts.claimed if not c.by_person), D("0.00")) <= PACK.bot_limits.refund
