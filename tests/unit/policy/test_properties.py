"""What must hold for every order and every claim, not only for the examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.policy.decide import decide
from bot.policy.explain import as_json
from bot.policy.facts import CAUSES, SOLUTIONS, Claim, Claimed, LineFacts, OrderFacts, PriceSeen, Wanted
from bot.policy.outcome import Decision
from bot.policy.pack import Packs
from tests.unit.policy.demo_shop import NOW, PACK, SHOP, line, order
from tests.unit.policy.often import often
from tests.unit.policy.test_pack import content, write

SKUS = sorted(SHOP.catalogue)
RULE_IDS = {rule.id for rule in PACK.rules}
TRIES = 5
BETWEEN = datetime(2026, 1, 1, tzinfo=SHANGHAI)

# Strategies are built once: hypothesis spends more on building one than on drawing from it.
prices = st.integers(0, 99_999).map(lambda fen: Decimal(fen).scaleb(-2))
spans = st.integers(0, 500 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
seen = st.lists(st.builds(PriceSeen, prices, spans.map(lambda span: NOW - span), st.booleans()), max_size=2)
known = st.sampled_from([None, True, False])
goods = st.sampled_from([line(sku) for sku in SKUS])
up_to_four, few, any_of = st.integers(1, 4), st.integers(0, 3), st.integers(0, 11)
maybe_four, maybe_six = st.sampled_from([None, 1, 2, 3, 4]), st.sampled_from([None, 1, 2, 3, 4, 5, 6])
ticket_states = st.sampled_from(["open", "waiting_customer", "approved", "done"])
causes, maybe_causes = st.sampled_from(CAUSES), st.sampled_from([None, *CAUSES])
maybe_solutions = st.sampled_from([None, *SOLUTIONS])
states = st.sampled_from(["unpaid", "paid", "shipped", "signed", "closed"])
freights = st.sampled_from([Decimal("0.00"), Decimal("8.00")])
discounts = st.sampled_from([Decimal("0.00"), Decimal("0.10"), Decimal("1.00")])
gifts = st.lists(st.sampled_from(["湿巾1包", "小样湿巾1包", "杯垫"]), max_size=2)
aims = st.sampled_from(["order", "one", "several"])
some = st.lists(st.booleans(), min_size=3, max_size=3)


def one_of(draw: st.DrawFn, among: Sequence[Any]) -> Any:
    """One of up to four."""
    return among[draw(any_of) % len(among)]


@st.composite
def lines(draw: st.DrawFn) -> LineFacts:
    return replace(draw(goods), quantity=draw(up_to_four), unit_price=draw(prices), prices=tuple(draw(seen)))


baskets = st.lists(lines(), min_size=1, max_size=3).map(tuple)


def ticket(draw: st.DrawFn, bought: tuple[LineFacts, ...]) -> Claimed:
    piece = one_of(draw, bought)
    return Claimed(
        sku=one_of(draw, [None, piece.sku]),
        quantity=draw(any_of) % (piece.quantity + 1),
        amount=draw(prices),
        ticket_id=f"T{draw(any_of)}",
        status=draw(ticket_states),
        cause=draw(maybe_causes),
        solution=draw(maybe_solutions),
    )


@st.composite
def orders(draw: st.DrawFn) -> OrderFacts:
    bought = draw(baskets)
    status, freight = draw(states), draw(freights)
    paid_at = NOW - draw(spans)
    shipped_at = paid_at + draw(spans)
    reached = {"unpaid": 0, "paid": 1, "shipped": 2, "signed": 3, "closed": 3}[status]
    total = sum((each.price for each in bought), freight)
    return order(
        *bought,
        status=status,
        freight=freight,
        paid=(total * (1 - draw(discounts))).quantize(Decimal("0.01")),
        paid_at=paid_at if reached > 0 else None,
        shipped_at=shipped_at if reached > 1 else None,
        signed_at=shipped_at + timedelta(days=2) if reached > 2 else None,
        gifts=tuple(draw(gifts)),
        claimed=tuple(ticket(draw, bought) for _ in range(draw(few))),
        freight_insured=bool(draw(known)),
    )


def claim_on(draw: st.DrawFn, facts: OrderFacts) -> Claim:
    how: dict[str, Any] = {}
    aim = draw(aims)
    if aim == "one":
        piece = one_of(draw, facts.lines)
        how = {"sku": piece.sku, "quantity": draw(maybe_six), "part": one_of(draw, [None, *piece.parts])}
    elif aim == "several":
        skus = {each.sku for each, wanted in zip(facts.lines, draw(some), strict=False) if wanted}
        how = {"several": tuple(Wanted(sku, draw(maybe_four)) for sku in sorted(skus))}
    return Claim(draw(causes), opened=draw(known), intact=draw(known), **how)


@st.composite
def claims(draw: st.DrawFn, facts: OrderFacts) -> Claim:
    return claim_on(draw, facts)


any_orders = orders()


@st.composite
def claimed_orders(draw: st.DrawFn) -> tuple[OrderFacts, Claim]:
    facts = draw(any_orders)
    return facts, claim_on(draw, facts)


@pytest.fixture(scope="module")
def two_packs(tmp_path_factory: pytest.TempPathFactory) -> Packs:
    directory = tmp_path_factory.mktemp("packs")
    later = content() | {"version": "new", "effective_from": BETWEEN.date()}
    later["rules"] = [*later["rules"], {"id": "only_new", "requirements": [], "clause": "新规则"}]
    later["late_shipping"] = later["late_shipping"] | {"after_hours": 48}
    write(directory, "old.yml", content() | {"version": "old"})
    write(directory, "new.yml", later)
    return Packs.load(directory)


cases = claimed_orders()


@often
@given(cases)
def test_a_decision_is_whole_cited_and_within_the_limits(case: tuple[OrderFacts, Claim]) -> None:
    facts, claim = case
    decision = decide(facts, claim, PACK, NOW)
    left = max(Decimal("0.00"), facts.paid - sum((c.amount for c in facts.claimed), Decimal("0.00")))
    assert decision.eligible == bool(decision.remedies) == (decision.refusal is None)
    assert decision.rule_ids
    assert RULE_IDS.issuperset(decision.rule_ids)
    for remedy in decision.remedies:
        assert set(remedy.rule_ids) <= set(decision.rule_ids)
        assert remedy.deadline > NOW
        assert remedy.amount is None or Decimal("0.00") < remedy.amount <= left
        assert remedy.status != "approved" or (remedy.amount or 0) <= limit(remedy.solution)
        assert remedy.status != "approved" or not remedy.goods_back
    as_json(decision, PACK)


def limit(solution: str) -> Decimal:
    limits = PACK.bot_limits
    return limits.compensation if solution == "compensation" else limits.refund


@often
@given(st.data())
def test_however_often_one_claims_the_shop_never_pays_back_more_than_was_paid(data: st.DataObject) -> None:
    facts = replace(data.draw(any_orders), claimed=())
    for number in range(TRIES):
        claim = data.draw(claims(facts))
        decision = decide(facts, claim, PACK, NOW)
        if decision.remedies:
            remedy = data.draw(st.sampled_from(decision.remedies))
            facts = replace(facts, claimed=(*facts.claimed, *booked(facts, claim, remedy, f"T{number}")))
    total = sum((c.amount for c in facts.claimed), Decimal("0.00"))
    assert total <= facts.paid


def booked(facts: OrderFacts, claim: Claim, remedy: Any, number: str) -> list[Claimed]:
    amount = remedy.amount or Decimal("0.00")
    found = []
    for wanted in claim.wanted or (Wanted(""),):
        quantity = wanted.quantity or sum(each.quantity for each in facts.lines if each.sku == wanted.sku)
        found.append(Claimed(wanted.sku or None, quantity, amount, number, remedy.status, claim.cause, remedy.solution))
        amount = Decimal("0.00")
    return found


def generosity(decision: Decision) -> frozenset[str]:
    return frozenset(remedy.solution for remedy in decision.remedies)


@often
@given(cases, st.lists(spans, min_size=2, max_size=5))
def test_what_has_run_out_does_not_come_back(case: tuple[OrderFacts, Claim], waits: list[timedelta]) -> None:
    """With the same facts, eligibility is never regained by waiting; only late shipping is gained, and never lost."""
    facts, claim = case
    decisions = [decide(facts, claim, PACK, NOW + wait) for wait in sorted(waits)]
    if claim.cause == "late_shipping":
        grown = [decision.eligible for decision in decisions]
        assert grown == sorted(grown)
    elif claim.cause not in ("quality", "warranty"):
        offers = [generosity(decision) for decision in decisions]
        assert all(offers[i + 1] <= offers[i] for i in range(len(offers) - 1))
    else:
        eligible = [decision.eligible for decision in decisions]
        assert eligible == sorted(eligible, reverse=True)


@often
@given(cases, spans)
def test_no_amount_grows_by_waiting(case: tuple[OrderFacts, Claim], wait: timedelta) -> None:
    """With the same facts, what a remedy brings later is at most what it brought before."""
    facts, claim = case
    before, after = (decide(facts, claim, PACK, now) for now in (NOW, NOW + wait))
    for remedy in after.remedies:
        earlier = before.remedy(remedy.solution)
        if earlier is not None:
            assert (remedy.amount is None) == (earlier.amount is None)
            assert (remedy.amount or 0) <= (earlier.amount or 0)
            assert remedy.freight_payer == earlier.freight_payer


@often
@given(cases)
def test_a_decision_cites_the_pack_of_the_payment_and_only_rules_that_stand_in_it(
    two_packs: Packs, case: tuple[OrderFacts, Claim]
) -> None:
    facts, claim = case
    pack = two_packs.for_payment(facts.paid_at)
    decision = decide(facts, claim, pack, NOW)
    told = as_json(decision, pack)
    assert {rule.id for rule in pack.rules} >= {*decision.rule_ids, *told["rule_ids"]}
    assert told["citation"].startswith(f"依据本店《售后规则》（{pack.version} 版）")
    assert all(pack.clause(rule_id) in told["citation"] for rule_id in decision.rule_ids)
    expected = "new" if facts.paid_at is None or facts.paid_at >= BETWEEN else "old"
    assert pack.version == expected


@often
@given(cases)
def test_a_claim_is_in_up_to_its_last_second(case: tuple[OrderFacts, Claim]) -> None:
    facts, claim = case
    decision = decide(facts, claim, PACK, NOW)
    if decision.ends_at is not None and decision.ends_at >= NOW:
        last = decide(facts, claim, PACK, decision.ends_at)
        assert last.eligible == decision.eligible
        # Under warranty the other remedies for a fault end before the repair.
        assert generosity(last) == generosity(decision) or claim.cause == "warranty"
        after = decide(facts, claim, PACK, decision.ends_at + timedelta(seconds=1))
        assert generosity(after) < generosity(decision) or claim.cause in ("quality", "warranty")


@often
@given(cases)
def test_the_same_facts_give_the_same_decision(case: tuple[OrderFacts, Claim]) -> None:
    facts, claim = case
    assert decide(facts, claim, PACK, NOW) == decide(facts, claim, PACK, NOW)
