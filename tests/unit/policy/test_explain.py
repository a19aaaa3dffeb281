"""A decision told to programs and to people (`bot policy explain`)."""

from __future__ import annotations

from bot.policy.decide import decide
from bot.policy.explain import as_json, citation, refusal_text
from bot.policy.facts import CAUSES, Claim
from tests.unit.policy.demo_shop import DEMO, NOW, PACK


def test_a_granted_claim_in_the_pinned_form() -> None:
    told = as_json(decide(DEMO["105"], Claim("late_shipping"), PACK, NOW), PACK)
    assert told == {
        "eligible": True,
        "remedies": [
            {
                "solution": "compensation",
                "amount": "6.95",
                "freight_payer": "none",
                "deadline": "2026-03-19T15:20:00+08:00",
            }
        ],
        "rule_ids": ["late_shipping"],
        "citation": PACK.fill(PACK.citation, clauses=PACK.clause("late_shipping")),
        "refusal": None,
    }


def test_a_refused_claim_in_the_pinned_form() -> None:
    told = as_json(decide(DEMO["104"], Claim("no_reason"), PACK, NOW), PACK)
    assert (told["eligible"], told["remedies"], told["rule_ids"]) == (False, [], ["no_reason_window"])
    assert "3月16日 00:00" in told["refusal"]
    assert "168小时" in told["citation"]


def test_goods_without_money_have_no_amount() -> None:
    remedies = as_json(decide(DEMO["101"], Claim("damaged"), PACK, NOW), PACK)["remedies"]
    assert [remedy["amount"] for remedy in remedies] == [None, "79.80", "15.96"]


def test_every_decision_on_every_demo_order_can_be_told() -> None:
    for facts in DEMO.values():
        for cause in CAUSES:
            told = as_json(decide(facts, Claim(cause), PACK, NOW), PACK)
            assert set(told) == {"eligible", "remedies", "rule_ids", "citation", "refusal"}
            assert told["rule_ids"]
            assert "{" not in told["citation"] + (told["refusal"] or "")
            assert (told["refusal"] is None) == told["eligible"] == bool(told["remedies"])


def test_a_refusal_names_the_product_and_offers_a_middle_way() -> None:
    refusal = decide(DEMO["111"], Claim("no_reason"), PACK, NOW).refusal
    assert refusal is not None
    text = refusal_text(refusal, PACK)
    assert "定制刻字钥匙扣" in text
    assert text.endswith(PACK.middle_ways["fault_instead"])


def test_a_single_remedy_is_cited_with_its_own_clauses_only() -> None:
    decision = decide(DEMO["115"], Claim("damaged"), PACK, NOW)
    reship, refund = decision.remedies[:2]
    assert reship.rule_ids == ("fault_report", "damaged")
    assert PACK.clause("approval_limit") in citation(refund, PACK)
    assert PACK.clause("approval_limit") not in citation(reship, PACK)
