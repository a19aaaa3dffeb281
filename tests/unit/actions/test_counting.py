"""Several goods in one message: which of them are meant, and which number belongs to which."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import facts
from actions.counting import goods, numbers
from actions.damaged import Damaged
from actions.heard import Heard
from tests.unit.actions.scenes import heard, scene

SET = "121"
"""An order of a tea set, two mugs, and food."""

SAID = {"TEASET": "茶具", "MUG": "马克杯", "MANGO": "芒果干"}


@pytest.mark.parametrize(
    ("text", "counts", "loose"),
    [
        ("杯子碎了一个，芒果干也漏了", {"MUG": 1}, []),
        ("杯子碎了一个，芒果干漏了两包", {"MUG": 1, "MANGO": 2}, []),
        ("一个杯子和两包芒果干都坏了", {"MUG": 1, "MANGO": 2}, []),
        ("杯子两个芒果干一包", {"MUG": 2, "MANGO": 1}, []),
        ("碎了一套茶具和两个杯子，漏了一包芒果干", {"TEASET": 1, "MUG": 2, "MANGO": 1}, []),
        ("茶壶和一个杯子碎了", {"MUG": 1}, []),
        ("我买的杯子，到手碎了两个", {"MUG": 2}, []),
        ("两个杯子碎了一个", {"MUG": 1}, []),
        ("我买了两个杯子，碎了一个", {"MUG": 1}, []),
        ("芒果干漏了，碎了一个杯子", {"MUG": 1}, []),
        ("碎了两个", {}, [2]),
        ("杯子碎了", {}, []),
    ],
)
def test_a_number_belongs_to_the_product_beside_it(text: str, counts: dict[str, int], loose: list[int]) -> None:
    assert numbers(heard(text)) == (counts, loose)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("杯子碎了，芒果干也漏了", ["MUG", "MANGO"]),
        ("茶具好好的，就是杯子碎了", ["MUG"]),
        ("我买了茶具和杯子，杯子碎了一个", ["MUG"]),
        ("杯子和芒果干都完好，不想要了", ["MUG", "MANGO"]),
        ("买的杯子", ["MUG"]),
        ("茶壶和茶杯都碎了", ["TEASET"]),
        ("都碎了", []),
    ],
)
def test_goods_that_are_fine_or_only_bought_are_not_meant(text: str, meant: list[str]) -> None:
    assert goods(heard(text)) == meant


def order_of_a_set(**told: Any) -> Any:
    return scene(Damaged, SET, order=SET, **told)


@pytest.mark.parametrize(
    ("told", "text", "item", "quantity"),
    [
        ({}, "杯子碎了一个，芒果干也漏了", ["MUG", "MANGO"], {"MUG": 1}),
        ({}, "芒果干漏了", "MANGO", None),
        ({}, "整单都碎了", "all", None),
        ({"item": "MUG", "quantity": 1}, "芒果干也漏了", ["MUG", "MANGO"], {"MUG": 1}),
        ({"item": "MUG", "quantity": 1}, "不对，是芒果干", "MANGO", None),
        ({"item": ["MUG", "MANGO"], "quantity": {"MUG": 2}}, "杯子是一个", ["MUG", "MANGO"], {"MUG": 1}),
        ({"item": ["MUG", "MANGO"], "quantity": {"MUG": 2}}, "一个", None, {"MUG": 1}),
        ({"item": ["MUG", "MANGO"], "quantity": {"MUG": 2}}, "只有芒果干漏了", "MANGO", None),
        ({"item": ["TEASET", "MUG"]}, "两个", None, {"MUG": 2}),
    ],
)
def test_what_is_said_joins_what_was_told(told: dict[str, Any], text: str, item: Any, quantity: Any) -> None:
    now = order_of_a_set(**told)
    assert facts.items.mention(heard(text), now) == item
    assert facts.quantities.mention(heard(text), now) == quantity


def test_places_in_the_list_name_several_goods() -> None:
    assert facts.items.answer(heard("第一个和第三个"), order_of_a_set()) == ["TEASET", "MANGO"]


def test_a_number_at_the_question_is_for_the_goods_that_were_asked_about() -> None:
    now = order_of_a_set(item=["TEASET", "MUG", "MANGO"])
    assert now.uncounted == "MUG"
    assert facts.quantities.answer(heard("2"), now) == {"MUG": 2}
    assert facts.quantities.answer(heard("全部"), now) == {"MUG": 2}


def test_a_button_counts_the_goods_that_it_was_shown_for() -> None:
    now = order_of_a_set(item=["TEASET", "MUG"])
    assert facts.quantities.pressed(Heard("1件", pressed={"quantity": 1, "of": "MUG"}), now) == {"MUG": 1}
    assert facts.quantities.pressed(Heard("1件", pressed={"quantity": 1, "of": "LAMP"}), now) is None
    assert facts.quantities.pressed(Heard("1件", pressed={"quantity": 1}), order_of_a_set(item="MUG")) == 1


async def test_more_than_was_bought_of_one_of_them_is_refused() -> None:
    now = order_of_a_set(item=["MUG", "MANGO"])
    checked = await facts.quantities.check({"MUG": 3, "MANGO": 1}, now)
    assert (checked.problem, checked.fields["quantity"]) == ("utter_quantity_too_many", 2)


async def test_goods_of_another_order_are_left_out_of_this_one() -> None:
    assert (await facts.items.check(["MUG", "LAMP"], order_of_a_set())).value == "MUG"


@given(st.dictionaries(st.sampled_from(sorted(SAID)), st.integers(1, 9), min_size=1), st.booleans(), st.data())
def test_however_goods_and_numbers_are_lined_up_each_keeps_its_own(
    counts: dict[str, int], number_first: bool, data: st.DataObject
) -> None:
    parts = [f"{n}个{SAID[sku]}" if number_first else f"{SAID[sku]}碎了{n}个" for sku, n in counts.items()]
    joint = data.draw(st.sampled_from(["，", "和", "还有"]))
    assert numbers(heard(joint.join(parts))) == (counts, [])
