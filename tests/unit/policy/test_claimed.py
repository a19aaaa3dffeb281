"""What tickets have claimed already: the first ticket is found, and the money is never paid twice (R154, R155)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.policy.decide import decide
from bot.policy.facts import Cause, Claim, Claimed, OrderFacts, Solution
from bot.policy.money import left_of_paid, objection
from tests.unit.policy.demo_shop import NOW, PACK, fell, line, order

D = Decimal


def ticket(
    sku: str | None, quantity: int, amount: str, cause: Cause | None, solution: Solution | None, number: str = "T1"
) -> Claimed:
    return Claimed(sku, quantity, D(amount), number, "approved", cause, solution)


def with_tickets(facts: OrderFacts, *tickets: Claimed) -> OrderFacts:
    return replace(facts, claimed=tickets)


def reason(facts: OrderFacts, claim: Claim) -> str:
    refusal = decide(facts, claim, PACK, NOW).refusal
    assert refusal is not None
    return refusal.reason


def test_a_second_claim_on_the_same_piece_finds_the_first_ticket() -> None:
    facts = with_tickets(order(line("MUG")), ticket("MUG", 1, "0.00", "damaged", "reship"))
    decision = decide(facts, Claim("quality", "MUG"), PACK, NOW)
    assert decision.refusal is not None
    assert (decision.refusal.reason, decision.refusal.fields) == ("already_claimed", {"ticket": "T1"})


def test_the_pieces_that_are_left_can_still_be_claimed() -> None:
    facts = with_tickets(order(line("MUG", 2)), ticket("MUG", 1, "39.90", "damaged", "refund"))
    refund = decide(facts, Claim("damaged", "MUG"), PACK, NOW).remedy("refund")
    assert refund is not None
    assert refund.amount == D("39.90")
    decision = decide(facts, Claim("damaged", "MUG", 2), PACK, NOW)
    assert decision.refusal is not None
    assert decision.refusal.reason == "partly_claimed"
    assert decision.refusal.fields == {"item": "手绘陶瓷马克杯", "left": 1, "ticket": "T1"}


def test_a_ticket_on_another_product_is_in_nobodys_way() -> None:
    facts = with_tickets(order(line("MUG"), line("TEASET")), ticket("MUG", 1, "39.90", "damaged", "refund"))
    assert decide(facts, Claim("damaged", "TEASET"), PACK, NOW).eligible
    assert reason(facts, Claim("damaged", "MUG")) == "already_claimed"


def test_among_several_tickets_the_one_on_this_product_is_named() -> None:
    other, mine = ticket("TEASET", 1, "0.00", "wrong", "exchange"), ticket("MUG", 1, "0.00", "wrong", "reship", "T2")
    decision = decide(with_tickets(order(line("MUG"), line("TEASET")), other, mine), Claim("damaged", "MUG"), PACK, NOW)
    assert decision.refusal is not None
    assert decision.refusal.fields == {"ticket": "T2"}


def test_parts_of_a_set_are_counted_as_parts() -> None:
    facts = with_tickets(order(line("TEASET", 2)), ticket("TEASET", 1, "0.00", "damaged", "reship"))
    assert decide(facts, Claim("missing", "TEASET", 6, part="茶杯"), PACK, NOW).eligible
    decision = decide(facts, Claim("missing", "TEASET", 7, part="茶杯"), PACK, NOW)
    assert decision.refusal is not None
    assert (decision.refusal.reason, decision.refusal.fields["left"]) == ("partly_claimed", 6)


def test_a_ticket_on_the_goods_is_not_in_the_way_of_money_beside_them() -> None:
    fallen = order(line("TSHIRT", price="69.00", prices=fell("59.00")))
    facts = with_tickets(fallen, ticket("TSHIRT", 1, "0.00", "exchange_by_wish", "exchange"))
    assert decide(facts, Claim("price_protection"), PACK, NOW).eligible


def test_a_ticket_on_the_whole_order_covers_every_piece() -> None:
    facts = with_tickets(order(line("MUG"), line("TEASET")), ticket(None, 2, "0.00", "wrong", "exchange"))
    assert reason(facts, Claim("damaged", "TEASET")) == "already_claimed"


@pytest.mark.parametrize("cause", ["late_shipping", "gift_missing"])
def test_money_beside_the_goods_leaves_them_claimable_but_is_not_paid_twice(cause: Cause) -> None:
    late = {"paid_at": NOW.replace(month=2), "shipped_at": NOW.replace(day=10)}
    facts = order(line("TISSUE"), gifts=("湿巾1包",), **late)
    claimed = with_tickets(facts, ticket("TISSUE", 1, "3.00", cause, "compensation"))
    assert decide(facts, Claim(cause), PACK, NOW).eligible
    assert reason(claimed, Claim(cause)) == "already_claimed"
    assert decide(claimed, Claim("damaged"), PACK, NOW).eligible


def test_a_price_difference_paid_lowers_what_a_return_gives_back_piece_by_piece() -> None:
    facts = order(line("TSHIRT", 3, "69.00"), line("MUG"))
    claimed = with_tickets(facts, ticket("TSHIRT", 3, "30.00", "price_protection", "price_difference"))
    one = decide(claimed, Claim("no_reason", "TSHIRT", 1), PACK, NOW).remedies[0]
    all_three = decide(claimed, Claim("no_reason", "TSHIRT"), PACK, NOW).remedies[0]
    assert (one.amount, all_three.amount) == (D("59.00"), D("177.00"))


def test_outbound_freight_comes_back_with_the_last_refunded_piece() -> None:
    facts = order(line("MUG", 2), freight=D("8.00"))
    first = decide(facts, Claim("damaged", "MUG", 1), PACK, NOW).remedy("refund")
    assert first is not None
    assert (first.amount, "outbound_freight" in first.rule_ids) == (D("39.90"), False)
    rest = with_tickets(facts, ticket("MUG", 1, "39.90", "damaged", "refund"))
    last = decide(rest, Claim("damaged", "MUG"), PACK, NOW).remedy("refund")
    assert last is not None
    assert (last.amount, "outbound_freight" in last.rule_ids) == (D("47.90"), True)


def test_outbound_freight_stays_when_another_piece_was_replaced() -> None:
    facts = with_tickets(order(line("MUG", 2), freight=D("8.00")), ticket("MUG", 1, "0.00", "damaged", "reship"))
    refund = decide(facts, Claim("damaged", "MUG"), PACK, NOW).remedy("refund")
    assert refund is not None
    assert refund.amount == D("39.90")


def test_a_refund_never_exceeds_what_was_really_paid() -> None:
    discounted = order(line("MUG", 2), paid=D("60.00"))
    refund = decide(discounted, Claim("damaged"), PACK, NOW).remedy("refund")
    assert refund is not None
    assert refund.amount == D("60.00")


def test_a_return_by_own_wish_never_gives_the_outbound_freight_back_under_another_name() -> None:
    discounted = order(line("MUG"), freight=D("8.00"), paid=D("40.00"))
    assert decide(discounted, Claim("no_reason"), PACK, NOW).remedies[0].amount == D("32.00")


def test_when_all_money_is_claimed_only_goods_can_be_sent() -> None:
    facts = order(line("MUG"), line("TEASET"))
    spent = with_tickets(facts, ticket("TEASET", 1, str(facts.paid), "damaged", "refund"))
    assert [r.solution for r in decide(spent, Claim("damaged", "MUG"), PACK, NOW).remedies] == ["reship"]
    assert reason(spent, Claim("no_reason", "MUG")) == "nothing_due"


def test_more_pieces_than_bought_and_unknown_products_are_not_found() -> None:
    facts = order(line("MUG", 2), line("TEASET"))
    assert reason(facts, Claim("damaged", "MUG", 3)) == "more_than_bought"
    assert reason(facts, Claim("damaged", "LAMP")) == "not_in_order"
    assert reason(facts, Claim("missing", "TEASET", 1, part="茶匙")) == "not_in_order"
    assert reason(facts, Claim("missing", "TEASET", 7, part="茶杯")) == "more_than_bought"


def test_pieces_of_one_product_on_two_lines_are_taken_in_the_orders_sequence() -> None:
    facts = order(line("TSHIRT", 1, "69.00"), line("TSHIRT", 2, "59.00"))
    amounts = [decide(facts, Claim("no_reason", "TSHIRT", n), PACK, NOW).remedies[0].amount for n in (1, 2, 3)]
    assert amounts == [D("69.00"), D("128.00"), D("187.00")]
    claimed = with_tickets(facts, ticket("TSHIRT", 2, "128.00", "no_reason", "return_refund"))
    last = decide(claimed, Claim("no_reason", "TSHIRT"), PACK, NOW).remedies[0]
    assert last.amount == D("59.00")


def test_a_refund_set_by_a_person_is_checked_against_pending_ones_too() -> None:
    paid = order(line("MUG"), paid=D("399.00"))
    assert objection(paid, D("500.00"), "broken") == "over_paid"
    assert objection(paid, D("399.00"), "") is None
    assert objection(paid, D("200.00"), " ") == "partial_unexplained"
    assert objection(paid, D("200.00"), "one of two broken") is None
    pending = with_tickets(paid, replace(ticket("MUG", 1, "200.00", "damaged", "refund"), status="open"))
    assert objection(pending, D("250.00"), "the other one too") == "over_paid"
    assert left_of_paid(pending) == D("199.00")


@pytest.mark.parametrize("wrong", [{"quantity": 0, "sku": "MUG"}, {"quantity": 1}, {"part": "茶杯"}])
def test_a_claim_that_says_nothing_sensible_is_a_mistake_of_the_caller(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="quantity"):
        Claim("damaged", **wrong)


@pytest.mark.parametrize("amount", ["-1.00", "0.001", "NaN"])
def test_amounts_that_are_no_yuan_are_a_mistake_of_the_caller(amount: str) -> None:
    with pytest.raises(ValueError, match="no amount in yuan"):
        order(line("MUG"), paid=D(amount))
