"""What came and what is wanted as facts of a flow: before and after the order is known, corrected, and as ordered."""

from __future__ import annotations

from typing import Any

import pytest

from actions import facts
from actions.exchange import Exchange, OneProduct
from actions.scene import WHOLE_ORDER
from actions.wrong import Wrong
from tests.unit.actions.scenes import heard, scene

SHIRT = {"order": "103"}
"""Ordered in black, L."""


async def test_what_is_said_before_the_order_is_known_is_understood_with_the_order() -> None:
    said = facts.received.mention(heard("黑色的发成白色了"), scene(Wrong, "103"))
    assert (await facts.received.check(said, scene(Wrong, "103"))).value == said
    assert (await facts.received.check(said, scene(Wrong, "103", **SHIRT))).value == {"color": "白色"}


async def test_another_order_makes_what_came_the_thing_that_was_ordered() -> None:
    checked = await facts.received.check({"color": "白色"}, scene(Wrong, "222", order="222", item="TSHIRT"))
    assert checked.problem == "utter_received_as_ordered"
    assert checked.fields["ordered"] == "白色"


@pytest.mark.parametrize(
    ("text", "told", "value"),
    [
        ("来的是M", {"color": "白色"}, {"color": "白色", "size": "M"}),
        ("不对，来的是灰色", {"color": "白色"}, {"color": "灰色"}),
        ("换黑色的给我", {"color": "白色"}, None),
        ("白色的吧", {"color": "白色"}, None),
        ("是白色的", None, {"color": "白色"}),
        ("尺码不对", None, {"size": ""}),
        ("你好", None, None),
    ],
)
def test_more_adds_up_a_correction_replaces_and_wishes_do_not_count(text: str, told: Any, value: Any) -> None:
    now = scene(Wrong, "103", **SHIRT, received=told)
    assert facts.received.mention(heard(text), now) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("颜色", {"color": ""}),
        ("款式", {"model": ""}),
        ("灰的", {"color": "灰色"}),
        ("M码", {"size": "M"}),
        ("嗯", None),
    ],
)
def test_a_short_answer_says_what_came(text: str, value: Any) -> None:
    assert facts.received.answer(heard(text), scene(Wrong, "103", **SHIRT)) == value


def test_a_cup_has_no_size_that_could_be_wrong() -> None:
    now = scene(Wrong, "101", order="101", quantity=1)
    assert facts.received.mention(heard("收到的是40的"), now) is None


@pytest.mark.parametrize(
    ("text", "tails", "told", "product", "came"),
    [
        ("我买的是T恤给我发的杯子", ("101", "103"), {}, ["TSHIRT"], ["手绘陶瓷马克杯"]),
        ("收到一个杯子", ("103",), {}, [], ["手绘陶瓷马克杯"]),
        ("收到的杯子颜色不对", ("101", "103"), {}, ["MUG"], []),
        ("来了个杯子", ("101", "103"), SHIRT, [], ["手绘陶瓷马克杯"]),
        ("不对，是抽纸发错了", ("101", "102"), {"order": "101"}, ["TISSUE"], []),
        ("T恤发成黑色，鞋子也发错码了", ("222",), {}, ["TSHIRT", "SHOES"], []),
        ("发错的是抽纸", ("101", "102"), {"order": "101"}, ["TISSUE"], []),
    ],
)
def test_goods_that_came_are_not_those_that_the_claim_is_about(
    text: str, tails: tuple[str, ...], told: dict[str, Any], product: list[str], came: list[str]
) -> None:
    understood = Wrong.hear(heard(text), scene(Wrong, *tails, **told))
    assert (understood.values("product"), understood.values("received_product")) == (product, came)


@pytest.mark.parametrize(
    ("wanted", "problem", "value"),
    [
        ({"size": "M"}, None, {"size": "M"}),
        ({"size": "M", "color": "黑色"}, None, {"size": "M"}),
        ({"size": "XXL"}, "utter_wanted_not_offered", None),
        ({"size": ""}, "utter_wanted_not_offered", None),
        ({"size": "L"}, "utter_wanted_is_own", None),
    ],
)
async def test_only_what_there_is_can_be_wanted(wanted: dict[str, str], problem: str | None, value: Any) -> None:
    checked = await facts.wanted.check(wanted, scene(Exchange, "103", **SHIRT))
    assert (checked.problem, checked.value) == (problem, value)


async def test_one_product_is_exchanged_at_a_time() -> None:
    assert (await OneProduct().check(WHOLE_ORDER, scene(Exchange, "222", order="222"))).problem
    assert (await OneProduct().check("SHOES", scene(Exchange, "222", order="222"))).value == "SHOES"


def test_the_terms_of_a_confirmation_hold_what_is_wanted() -> None:
    one, other = (scene(Exchange, "103", **SHIRT, intact=True, wanted={"size": size}) for size in ("M", "S"))
    assert one.terms != other.terms
