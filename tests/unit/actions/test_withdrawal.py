"""What counts as a yes to closing a ticket: what says that nothing is to be done; not what may mean either."""

from __future__ import annotations

import pytest

from actions.withdrawal import Closing, Withdrawal
from bot.lexicon import lexicon
from tests.unit.actions.scenes import heard, scene


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("对", True),
        ("嗯撤吧", True),
        ("不退了", True),
        ("都找到了", True),
        ("算了", False),
        ("不用了", False),
        ("先别撤", False),
        ("还是要补发", False),
        ("今天天气", None),
    ],
)
def test_an_answer_to_whether_it_is_closed(text: str, closes: bool | None) -> None:
    assert Closing().answer(heard(text), scene(Withdrawal)) is closes


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("还没发货，赔我", True),
        ("超过48小时没发给补偿吗", True),
        ("发货延迟有没有赔付", True),
        ("碎了赔我", False),
        ("什么时候发货", False),
        ("还没发货，杯子碎了赔我", False),
    ],
)
def test_amends_are_wished_for_a_late_order_alone(text: str, wants: bool) -> None:
    assert lexicon().wants_amends(text) is wants
