"""What a text says of colours, sizes and goods: what was ordered, what came, what is wanted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import variants
from bot.variants import OPTIONS, Saying, came, is_mixup, read, wanted

ORDERED = {"color": "黑色", "size": "L"}
CHOICES = {"color": ("白色", "黑色", "灰色"), "size": ("S", "M", "L", "XL")}
GOODS = {
    "MUG": ("手绘陶瓷马克杯", "马克杯", "杯子"),
    "SHOES": ("轻便跑步鞋", "跑步鞋"),
    "TSHIRT": ("纯棉圆领T恤", "T恤"),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("要黑色发成白色", {"color": "白色"}),
        ("我要黑的来个白的", {"color": "白色"}),
        ("拍的黑 发的白", {"color": "白色"}),
        ("黑色变成白色了", {"color": "白色"}),
        ("来的不是黑色是白色", {"color": "白色"}),
        ("收到白色的，不是黑色", {"color": "白色"}),
        ("怎么是白色的", {"color": "白色"}),
        ("两件都是白色", {"color": "白色"}),
        ("顏色發錯了，我要黑色來了白色", {"color": "白色"}),
        ("拍的L来了M", {"size": "M"}),
        ("要大号来了中号", {"size": "M"}),
        ("要黑色L，发来白色M", {"color": "白色", "size": "M"}),
        ("要L发成M了，颜色也不对，是灰的", {"color": "灰色", "size": "M"}),
        ("颜色不对", {"color": ""}),
        ("T恤颜色跟我拍的不一样", {"color": ""}),
        ("怎么不是黑色的", {"color": ""}),
        ("尺码没问题，颜色不对", {"color": ""}),
        ("黑色T恤发错尺码了", {"size": ""}),
        ("型号不对", {"model": ""}),
        ("发成别的了", {"other": ""}),
        ("发成别的牌子了", {"model": ""}),
        ("不是我买的东西", {"other": ""}),
        ("我买的是T恤给我发的杯子", {"other": "手绘陶瓷马克杯"}),
        ("收到一双跑步鞋，我买的是T恤啊", {"other": "轻便跑步鞋"}),
        ("黑色T恤发错了", {}),
        ("发错货了", {}),
        ("不明白", {}),
        ("订单0103", {}),
        ("39.90元的那个", {}),
    ],
)
def test_what_came_is_what_was_not_ordered(text: str, expected: dict[str, str]) -> None:
    assert came(read(text, GOODS), ORDERED) == (expected, {})


@pytest.mark.parametrize("text", ["我拍的白色发来黑色", "收到的就是黑色", "拍的黑色收到的也是黑色"])
def test_what_came_as_it_was_ordered_is_no_mixup(text: str) -> None:
    assert came(read(text, GOODS), ORDERED) == ({}, {"color": "黑色"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("换大一码", {"size": "XL"}),
        ("太大了 帮我换小一码", {"size": "M"}),
        ("小了 换大点的", {"size": "XL"}),
        ("想换白色", {"color": "白色"}),
        ("黑的换白的", {"color": "白色"}),
        ("L换M", {"size": "M"}),
        ("M码", {"size": "M"}),
        ("买的L想换成白色XL", {"color": "白色", "size": "XL"}),
        ("这个黑色太闷了，换灰的", {"color": "灰色"}),
        ("换XXL", {"size": "XXL"}),
        ("换个颜色", {}),
        ("不合适", {}),
    ],
)
def test_what_is_wanted_instead_of_the_own(text: str, expected: dict[str, str]) -> None:
    assert wanted(read(text, {}), ORDERED, CHOICES) == expected


def test_there_is_no_size_beyond_the_last() -> None:
    assert wanted(read("换大一码", {}), {"size": "XL"}, CHOICES) == {"size": ""}
    assert wanted(read("换小一码", {}), {"size": "S"}, CHOICES) == {"size": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("拍的L来了M，给我换", True),
        ("我买的是黑色发来的是白色", True),
        ("M的肩膀紧，换L吧", False),
        ("收到的黑色不好看，想换白色", False),
        ("买的L穿着小，换XL", False),
        ("换大一码", False),
    ],
)
def test_a_mixup_says_both_what_was_ordered_and_what_came(text: str, expected: bool) -> None:
    assert is_mixup(text) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("蓝色", "浅蓝", True), ("浅蓝", "深蓝", False), ("黑色", "白色", False), ("L", "XL", False), ("", "黑色", False)],
)
def test_a_general_colour_may_be_a_special_one(one: str, other: str, expected: bool) -> None:
    assert variants.alike(one, other) is expected


texts = st.text(alphabet="黑白灰色的要发来成换大小一码不对LMS42 ，是订单杯", max_size=20)
own = st.fixed_dictionaries({"color": st.sampled_from(CHOICES["color"]), "size": st.sampled_from(CHOICES["size"])})


@given(texts, own)
def test_never_both_wrong_and_right_and_what_is_ordered_never_came_instead(text: str, ordered: dict[str, str]) -> None:
    wrong, right = came(read(text, GOODS), ordered)
    assert not wrong.keys() & right.keys()
    assert all(not variants.alike(wrong[aspect], ordered[aspect]) for aspect in OPTIONS if wrong.get(aspect))


@given(texts)
def test_a_saying_survives_its_slot(text: str) -> None:
    saying = read(text, GOODS)
    slot: dict[str, Any] = saying.as_slot()
    again = Saying.from_slot(slot)
    assert came(again, ORDERED) == came(saying, ORDERED)
    assert again.as_slot() == slot
