"""Gifts and parts that did not come, and several goods of which none did."""

from __future__ import annotations

import pytest

from bot.lackable import goods_lacking, lacks_thing
from tests.unit.nlu.language import EXTRACT, READ


@pytest.mark.parametrize(
    "text", ["湿巾也没有", "赠品也没给", "茶盘没收到", "也没给湿巾", "还少了一包湿巾", "充电线也没有啊", "说明书都没放"]
)
def test_a_gift_or_a_part_did_not_come(text: str) -> None:
    assert lacks_thing(text)


@pytest.mark.parametrize(
    "text",
    [
        "茶壶碎了",
        "杯子没碎",
        "盒子压扁了一盒",
        "我买了茶具和两个杯子",
        "杯子是一个",
        "充电线没问题",
        "快递电话也没有",
        "湿巾没拆",
    ],
)
def test_nothing_of_the_kind_is_said(text: str) -> None:
    assert not lacks_thing(text)


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("坚果和茶具都没收到", ["NUTS", "TEASET"]),
        ("茶具没到坚果也没到，怎么回事", ["TEASET", "NUTS"]),
        ("显示签收了，抽纸、鞋子一直没收到啊", ["TISSUE", "SHOES"]),
        ("坚果没收到", []),
        ("坚果和茶具都没收到退款", []),
        ("坚果和茶具什么时候发货", []),
        ("抽纸里的鞋子没收到", []),
    ],
)
def test_goods_of_which_none_came(text: str, skus: list[str]) -> None:
    found = EXTRACT(READ(text))
    entities = [{"entity": each.name, "value": each.value, "start": each.start, "end": each.end} for each in found]
    assert goods_lacking(text, entities) == skus
