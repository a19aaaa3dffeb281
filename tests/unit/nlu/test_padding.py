"""What is left of a message without the politeness around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.nlu.language import READ


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("你好，杯子碎了怎么办，谢谢", "杯子碎了怎么办"),
        ("在吗 请问这个有货吗", "这个有货吗"),
        ("好的 我要退款", "我要退款"),
        ("不喜欢想退货，订单号是2026000000000109", "不喜欢想退货"),
        ("0102那单少了一包", "少了一包"),
        ("我的订单2026000000000109怎么还没发", "怎么还没发"),
        ("你好", "你好"),
        ("谢谢亲", "谢谢亲"),
        ("好的", "好的"),
        ("订单尾号0101", "订单尾号0101"),
        ("2026000000000109", "2026000000000109"),
        ("", ""),
    ],
)
def test_politeness_and_the_order_are_left_out_where_enough_is_left(text: str, matter: str) -> None:
    assert READ(text).matter == matter


@given(
    st.lists(
        st.sampled_from(["亲亲", "亲", "谢谢", "你好", "嗯嗯", "好的", "12345", "，", " ", "x", "退"]), max_size=300
    )
)
def test_any_row_of_them_is_read_in_one_way(parts: list[str]) -> None:
    reading = READ("".join(parts))
    start, end = reading.core
    assert 0 <= start <= end <= len(reading.text)


@pytest.mark.parametrize("unit", ["亲亲,", "嗯嗯,", "谢谢你,", "1", "订单1234", "好的,"])
def test_a_long_row_of_them_is_read_as_well(unit: str) -> None:
    assert READ(unit * 400 + "退款吧x").matter.endswith("退款吧x")
