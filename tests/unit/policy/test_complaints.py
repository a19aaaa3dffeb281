"""Complaints are graded by the pack's grounds, the reason is shown, no grade falls again (R396, R399, R400, R403)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.complaints import GRAVITIES, ComplaintFacts, grade
from tests.unit.policy.demo_shop import PACK


@pytest.mark.parametrize(
    ("facts", "level", "shown"),
    [
        ({"text": "耳机连不上"}, "1", "普通投诉"),
        ({"text": "一直没人管", "complaints": 2}, "2", "第2次"),
        ({"text": "还是坏的", "reopened": 2}, "2", "重开2次"),
        ({"text": "还是坏的", "reopened": 1}, "1", "普通投诉"),
        ({"text": "才赔这么点", "compensation_disputed": True}, "2", "补偿"),
        ({"text": "赔我", "amount": Decimal("500.00")}, "2", "500.00元"),
        ({"text": "赔我", "amount": Decimal("499.99")}, "1", "普通投诉"),
        ({"text": "我要打12315"}, "3", "12315"),
        ({"text": "发抖音给大家看看"}, "3", "抖音"),
        ({"text": "杯子又碎了", "customers": 5}, "3", "5位"),
        ({"text": "耳机连不上", "customer_level": "vip"}, "special", "vip"),
        ({"text": "耳机连不上", "trade": "school"}, "special", "school"),
    ],
)
def test_a_complaint_has_the_level_of_its_gravest_ground(facts: dict[str, Any], level: str, shown: str) -> None:
    graded = grade(ComplaintFacts(**facts), PACK)
    assert graded.level == level
    assert shown in graded.reason
    assert graded.rule_ids[0] == f"complaint_{level}"


def test_the_clocks_of_the_matter_run_beside_those_of_a_special_customer() -> None:
    graded = grade(ComplaintFacts("我要起诉你们", customer_level="vip"), PACK)
    assert (graded.level, graded.gravity) == ("special", "3")
    assert graded.starts == ("complaint_special", "complaint_3")
    assert grade(ComplaintFacts("坏了"), PACK).starts == ("complaint_1",)


def test_what_was_graver_before_stays_as_grave_and_says_so() -> None:
    graded = grade(ComplaintFacts("谢谢，知道了", gravity="3"), PACK)
    assert (graded.level, graded.rule_ids, graded.reason) == ("3", ("complaint_3",), PACK.complaints.kept)


@given(
    st.sampled_from(["坏了", "我要起诉", "曝光你们"]),
    st.integers(1, 4),
    st.integers(0, 4),
    st.integers(1, 9),
    st.sampled_from(["", "vip", "normal"]),
)
def test_every_grade_has_reasons_rules_and_clocks_of_the_pack_and_does_not_fall_when_more_is_known(
    text: str, complaints: int, reopened: int, customers: int, level: str
) -> None:
    facts = ComplaintFacts(text, None, complaints, reopened, customers, level)
    more = ComplaintFacts(text, None, complaints + 1, reopened + 1, customers + 1, level)
    graded, later = grade(facts, PACK), grade(more, PACK)
    assert GRAVITIES.index(later.gravity) >= GRAVITIES.index(graded.gravity)
    assert graded.reasons
    assert all(PACK.clause(rule_id) for rule_id in graded.rule_ids)
    clocks = {clock.starts_on for clock in PACK.clocks if clock.enabled}
    assert set(graded.starts) <= clocks
