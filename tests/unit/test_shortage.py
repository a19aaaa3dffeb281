"""How many are lacking, in customers' wordings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shortage import words

NUMERALS = ("一", "两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
OF = 6


def lacking(text: str, of: int | None = OF) -> int | None:
    return words().read(text).lacking(of)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("少了一包", 1),
        ("订单0102少了一包", 1),
        ("2026000000000120少了两包", 2),
        ("少發了一個", 1),
        ("少给我俩", 2),
        ("缺仨", 3),
        ("少2", 2),
        ("还差两个", 2),
        ("一个没收到", 1),
        ("有两个没到", 2),
        ("没收到两包湿巾", 2),
        ("三个里有一个没有", 1),
        ("另外两包呢", 2),
        ("两个杯子都没收到", 2),
        ("三包芒果干收到两包，少了一包", 1),
        ("买了三包只收到两包", 1),
        ("三包只有一包", 2),
        ("我拍了五双 袋子里就看到一双袜子", 4),
        ("拍了两箱 怎么就来一箱", 1),
        ("12包我数下来11包", 1),
        ("0125十二个茶杯只有五个", 7),
        ("我买的是三包，你们发了两包", 1),
        ("说好三包结果两包", 1),
        ("三袋变两袋", 1),
        ("买了俩就给我一个", 1),
        ("应该6个茶杯，只有4个", 2),
        ("左耳没有", 1),
    ],
)
def test_a_number_stands_in_the_text_alone(text: str, count: int) -> None:
    assert lacking(text, None) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("只收到一个", 5),
        ("茶杯只有五个", 1),
        ("才到了两包", 4),
        ("就给了仨", 3),
        ("实收4个", 2),
        ("少了一半", 3),
        ("只有一半", 3),
        ("空包裹", 6),
        ("都没有", 6),
        ("一个也没收到", 6),
        ("快递里啥也没有", 6),
    ],
)
def test_what_came_is_taken_from_what_there_should_be(text: str, count: int) -> None:
    assert lacking(text, None) is None
    assert lacking(text) == count


@pytest.mark.parametrize(
    "text",
    [
        "",
        "东西没收全",
        "另一个订单",
        "第二个",
        "没有充电线",
        "买了三包",
        "不是少了，是坏了",
        "等一下",
        "只收到六个",
        "少了点",
        "过了两天",
    ],
)
def test_no_number_is_heard_where_none_is_told(text: str) -> None:
    assert lacking(text) is None


@given(st.integers(1, 12), st.integers(1, 12), st.sampled_from(("个", "包", "只", "件")), st.booleans())
def test_bought_less_received_is_lacking(bought: int, received: int, unit: str, digits: bool) -> None:
    told = [str(n) if digits else NUMERALS[n - 1] for n in (bought, received)]
    expected = bought - received if received < bought else None
    assert lacking(f"我买了{told[0]}{unit}只收到{told[1]}{unit}", None) == expected
    assert lacking(f"只收到{told[1]}{unit}", bought) == expected


@given(st.text(max_size=40))
def test_any_text_is_read_and_never_more_is_lacking_than_there_should_be_of_what_came(text: str) -> None:
    told = words().read(text)
    if told.short is None and told.bought is None:
        assert told.lacking(OF) in (None, *range(1, OF + 1))
