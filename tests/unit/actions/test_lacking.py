"""What is lacking, heard from the customer's words and the order: pieces, parts, gifts; and what cannot be known."""

from __future__ import annotations

import pytest

from actions import facts
from actions.facts.lacking import options
from actions.missing import Missing
from actions.scene import GIFT, GOODS, WHOLE_ORDER
from tests.unit.actions.scenes import heard, scene
from tests.unit.policy.demo_shop import DEMO


@pytest.mark.parametrize(
    ("order", "text", "lacking"),
    [
        ("108", "茶杯少一个", "茶杯"),
        ("108", "壶没有", "茶壶"),
        ("108", "茶壶和茶盘都没有", "茶壶、茶盘"),
        ("108", "不是茶壶，是茶杯", "茶杯"),
        ("108", "杯子少一个", "茶杯"),
        ("108", "茶具少东西", None),
        ("108", "少了一个", None),
        ("108", "少了一套", GOODS),
        ("108", "茶具没收到", GOODS),
        ("121", "杯子少一个", GOODS),
        ("121", "茶杯少一个", "茶杯"),
        ("121", "茶具少了一套", GOODS),
        ("116", "耳机少一只", "耳机"),
        ("116", "只有一只", "耳机"),
        ("116", "左耳没有", "耳机"),
        ("116", "耳机没收到", GOODS),
        ("116", "耳机盒里没有线", "充电线"),
        ("116", "数据线没有", "充电线"),
        ("106", "台灯没配电源", "电源适配器"),
        ("102", "少了一包", None),
        ("102", "抽纸少了一包", "单包"),
        ("102", "少了两包", "单包"),
        ("102", "24包只有22包", "单包"),
        ("102", "赠品没有", GIFT),
        ("102", "湿巾没收到", GIFT),
        ("102", "说好送的没看到", GIFT),
        ("102", "你们送的货少东西", None),
        ("102", "空包裹", GOODS),
        ("109", "少了两袋", "小袋"),
        ("109", "少了一盒", GOODS),
        ("109", "两盒只收到一盒", GOODS),
        ("109", "不是赠品，是少了一盒", GOODS),
        ("124", "少了坚果", GOODS),
        ("124", "坚果少了两袋", "小袋"),
        ("101", "赠品没有", GIFT),
    ],
)
def test_what_is_lacking_is_heard_where_it_is_told(order: str, text: str, lacking: str | None) -> None:
    assert facts.lacking.mention(heard(text), scene(Missing, order, order=order)) == lacking


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("茶盘没有", "TEASET"),
        ("托盘没有", "TEASET"),
        ("杯子少一个", "MUG"),
        ("少了芒果干", "MANGO"),
        ("空包裹", WHOLE_ORDER),
        ("少了一样", None),
    ],
)
def test_the_product_is_heard_also_by_its_parts(text: str, item: str | None) -> None:
    assert facts.lacking_item.mention(heard(text), scene(Missing, "121", order="121")) == item


@pytest.mark.parametrize(
    ("text", "order"),
    [("没有充电线", "116"), ("T恤少一件", "115"), ("赠品没有", None), ("少了一件", None)],
)
def test_the_order_is_heard_by_the_part_that_only_one_has(text: str, order: str | None) -> None:
    found = facts.lacking_order.mention(heard(text), scene(Missing, "115", "116", "117"))
    assert found == (order and DEMO[order].order_no)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("茶杯", "茶杯"),
        ("第一个", "茶壶"),
        ("整套都没有", GOODS),
        ("整件没收到", GOODS),
        ("好的", None),
        ("没有", None),
    ],
)
def test_a_short_answer_chooses_what_is_lacking(text: str, answer: str | None) -> None:
    assert facts.lacking.answer(heard(text), scene(Missing, "108", order="108")) == answer


@pytest.mark.parametrize(
    ("order", "lacking", "text", "count"),
    [
        ("108", "茶杯", "只有五个", 1),
        ("125", "茶杯", "只有五个", 7),
        ("108", None, "只有五个", None),
        ("101", None, "只收到一个", 1),
        ("101", None, "都没有", 2),
        ("115", None, "不对，是一件", 1),
    ],
)
def test_how_many_are_lacking_depends_on_what_is_counted(
    order: str, lacking: str | None, text: str, count: int | None
) -> None:
    assert facts.short_by.mention(heard(text), scene(Missing, order, order=order, lacking=lacking)) == count


@pytest.mark.parametrize(
    ("order", "told", "asked"),
    [
        ("101", {}, {"quantity"}),
        ("103", {}, set()),
        ("108", {}, {"lacking"}),
        ("108", {"lacking": "茶杯"}, {"quantity"}),
        ("108", {"lacking": "茶壶"}, {"solution"}),
        ("109", {"lacking": GIFT}, {"solution"}),
        ("121", {}, {"item"}),
        ("121", {"item": "MANGO"}, {"solution"}),
        ("107", {}, set()),
        ("120", {}, set()),
        ("124", {}, {"item"}),
        ("124", {"item": "TISSUE"}, set()),
        ("124", {"item": "MUG"}, {"quantity"}),
    ],
)
def test_only_what_the_order_leaves_open_is_asked(order: str, told: dict[str, str], asked: set[str]) -> None:
    now = scene(Missing, order, order=order, **told)
    needed = {fact.slot for fact in Missing.plan() if fact.needed(now) and now.facts.get(fact.slot) is None}
    assert needed - {"confirmed", "solution"} == asked - {"solution"}
    assert bool(now.decision and len(now.decision.remedies) > 1) == ("solution" in asked or order == "103")


def test_pieces_stand_first_where_there_are_several() -> None:
    assert options(scene(Missing, "109", order="109")) == [GOODS, "小袋", "湿巾1包"]
    assert options(scene(Missing, "102", order="102")) == ["单包", "湿巾1包", GOODS]
    assert options(scene(Missing, "124", order="124", item="MUG")) == [GOODS]


async def test_a_part_of_another_product_does_not_hold() -> None:
    assert (await facts.lacking.check("茶杯", scene(Missing, "116", order="116"))).value is None
