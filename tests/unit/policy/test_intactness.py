"""What is asked about returned goods depends on their kind, and one no is enough (R717-R722, R743)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.policy.decide import decide
from bot.policy.facts import Claim
from bot.policy.intactness import judge, questions
from tests.unit.policy.demo_shop import DEMO, NOW, PACK, line, order


@pytest.mark.parametrize(
    ("sku", "asked"),
    [
        ("TSHIRT", ["complete", "undamaged", "unworn"]),
        ("SHOES", ["complete", "undamaged", "packaging", "clean_soles"]),
        ("EARBUDS", ["complete", "undamaged", "packaging", "not_activated"]),
        ("UNDERWEAR", ["packaging", "seal_intact"]),
        ("MANGO", ["packaging", "seal_intact"]),
        ("DETERGENT", ["undamaged", "packaging", "seal_intact"]),
        ("MUG", ["complete", "undamaged", "packaging", "unused"]),
    ],
)
def test_each_kind_of_goods_has_its_questions(sku: str, asked: list[str]) -> None:
    assert [question.id for question in questions([line(sku)], PACK)] == asked


def test_of_several_goods_each_question_is_asked_once() -> None:
    asked = [question.id for question in questions([line("TSHIRT"), line("MUG"), line("DRESS")], PACK)]
    assert asked == ["complete", "undamaged", "packaging", "unworn", "unused"]


def test_a_decision_carries_the_questions_while_it_is_open_whether_the_goods_are_intact() -> None:
    facts = order(line("TSHIRT"))
    opened = decide(facts, Claim("no_reason"), PACK, NOW)
    assert opened.needs == ("intact",)
    assert opened.questions == tuple(question.ask for question in questions(facts.lines, PACK))
    assert decide(facts, Claim("no_reason", intact=True), PACK, NOW).questions == ()
    assert decide(facts, Claim("damaged"), PACK, NOW).questions == ()


def test_one_no_is_enough_and_an_open_question_leaves_it_open() -> None:
    goods = [line("TSHIRT")]
    good = dict.fromkeys(["complete", "undamaged", "unworn"], True)
    assert judge(good, goods, PACK).intact is True
    worn = judge({"unworn": False}, goods, PACK)
    assert (worn.intact, worn.failed) == (False, ("unworn",))
    unknown = judge({"complete": True}, goods, PACK)
    assert (unknown.intact, unknown.open) == (None, ("undamaged", "unworn"))
    assert worn.rule_ids == ("no_reason_condition", "intact_clothing")
    assert all(PACK.clause(rule_id) for rule_id in worn.rule_ids)


def test_every_standard_and_question_tells_its_requirements() -> None:
    assert all(question.requirements for question in PACK.intactness.questions)
    rules = {rule.id: rule for rule in PACK.rules}
    assert all(rules[standard.rule].requirements for standard in PACK.intactness.standards)


def test_a_lost_gift_does_not_stand_in_the_way_and_is_paid_at_its_value() -> None:
    facts = DEMO["102"]
    whole = decide(facts, Claim("no_reason", intact=True), PACK, NOW).remedy("return_refund")
    less = decide(facts, Claim("no_reason", intact=True, gifts_lost=("湿巾1包",)), PACK, NOW).remedy("return_refund")
    assert whole is not None
    assert less is not None
    assert (whole.amount, less.amount) == (Decimal("59.90"), Decimal("54.90"))
    assert "赠品" in PACK.clause("no_reason_condition")
