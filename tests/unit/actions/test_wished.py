"""Which remedy is wanted for which goods, where a message names several."""

from __future__ import annotations

import pytest

from actions.wished import by_goods, differs_by_goods
from tests.unit.actions.scenes import heard


@pytest.mark.parametrize(
    ("text", "remedies"),
    [
        ("茶具补发，杯子退款", {"TEASET": "reship", "MUG": "refund"}),
        ("茶具补发杯子退款", {"TEASET": "reship", "MUG": "refund"}),
        ("补发茶具，退款杯子", {"TEASET": "reship", "MUG": "refund"}),
        ("补发茶具退款马克杯", {"TEASET": "reship", "MUG": "refund"}),
        ("茶具和马克杯都退款，芒果干补发", {"TEASET": "refund", "MUG": "refund", "MANGO": "reship"}),
        ("茶具碎了，马克杯也裂了，都退款", {}),
        ("茶具碎了要退款，芒果干漏了", {"TEASET": "refund"}),
        ("退款", {}),
    ],
)
def test_a_remedy_belongs_to_the_goods_beside_it(text: str, remedies: dict[str, str]) -> None:
    assert by_goods(heard(text), ()) == remedies
    assert differs_by_goods(heard(text)) is (len(set(remedies.values())) > 1)
