"""How facts are heard: unasked, as short answers, and what must not be taken for one."""

from __future__ import annotations

from typing import Any

import pytest

from actions import facts
from actions.damaged import Damaged
from actions.facts import Fact
from actions.heard import Heard
from actions.refund import Refund
from actions.scene import WHOLE_ORDER
from tests.unit.actions.scenes import PICTURE, heard, scene
from tests.unit.policy.demo_shop import DEMO

SET = "121"
"""An order of a tea set, two mugs, and food."""


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        (facts.order_no, "订单2026000000000102有问题", DEMO["102"].order_no),
        (facts.order_no, "尾号0102的那单", DEMO["102"].order_no),
        (facts.order_no, "0102的抽纸", DEMO["102"].order_no),
        (facts.order_no, "抽纸不想要了", DEMO["102"].order_no),
        (facts.order_no, "尾号9999的那单", "9999"),
        (facts.order_no, "1888的抽奖", None),
        (facts.order_no, "另一个订单", None),
        (facts.item, "马克杯碎了", "MUG"),
        (facts.item, "整单都不要了", WHOLE_ORDER),
        (facts.item, "都碎了", None),
        (facts.quantity, "碎了两个", 2),
        (facts.quantity, "坏了俩", 2),
        (facts.quantity, "另一个订单", None),
        (facts.quantity, "哪一个", None),
        (facts.quantity, "第二个", None),
        (facts.quantity, "有个问题", None),
        (facts.cause, "不喜欢这个颜色", "no_reason"),
        (facts.cause, "质量太差", "quality"),
        (facts.cause, "不是质量问题，就是不合适", "no_reason"),
        (facts.cause, "没坏，不想要了", "no_reason"),
        (facts.cause, "你好", None),
        (facts.opened, "还没拆", False),
        (facts.opened, "没拆开过", False),
        (facts.opened, "拆了一袋", True),
        (facts.opened, "用了一次", None),
        (facts.intact, "吊牌都在，没穿过", True),
        (facts.intact, "穿了一次", None),
        (facts.solution, "给我补发吧", "reship"),
        (facts.solution, "不要补发，退款", "refund"),
        (facts.solution, "不退了", None),
        (facts.confirmed, "是的，就这样", None),
    ],
)
def test_a_fact_is_heard_unasked(fact: Fact, text: str, value: object) -> None:
    assert fact.mention(heard(text), scene(Refund, "101", "102")) == value


@pytest.mark.parametrize(
    ("slot", "text", "value"),
    [
        ("order_no", "第一个", DEMO["121"].order_no),
        ("order_no", "二", DEMO["102"].order_no),
        ("order_no", "第九个", None),
        ("order_no", "两个杯子", None),
        ("item", "第二个", "MUG"),
        ("item", "全部", WHOLE_ORDER),
        ("quantity", "两", 2),
        ("quantity", "1", 1),
        ("quantity", "1001", None),
        ("quantity", "都碎了", 2),
        ("opened", "没有", False),
        ("opened", "嗯拆了", True),
        ("opened", "不用了", None),
        ("intact", "是的", True),
        ("intact", "试穿了一下", True),
        ("intact", "洗过了", False),
        ("intact", "没用过，就是吊牌剪了", False),
        ("intact", "不需要", None),
        ("evidence", "没拍", "none"),
        ("evidence", "不用了", "none"),
        ("evidence", "好的", None),
        ("confirmed", "对的，提交吧", True),
        ("confirmed", "是的，不过要换个地址", None),
        ("confirmed", "嗯嗯好的", True),
        ("confirmed", "好滴亲", True),
        ("confirmed", "不对", False),
        ("confirmed", "要改一下", False),
    ],
)
def test_a_short_answer_is_heard_at_its_question(slot: str, text: str, value: object) -> None:
    fact = next(fact for fact in Refund.plan() if fact.slot == slot)
    told: dict[str, Any] = {} if slot == "order_no" else {"order": SET, "item": None if slot == "item" else "MUG"}
    assert fact.answer(heard(text), scene(Refund, SET, "102", **told)) == value


def test_digits_beside_an_order_number_are_a_visitors_phone_and_nobody_elses() -> None:
    pair = heard("2026000000000103 1001")
    assert facts.phone_tail.mention(pair, scene(Refund, visitor=True)) == "1001"
    assert facts.phone_tail.mention(pair, scene(Refund, "103")) is None


def test_pictures_add_up() -> None:
    now = scene(Damaged, "101", order="101", evidence=[PICTURE])
    assert facts.evidence.mention(Heard("", attachments=(PICTURE,)), now) == [PICTURE, PICTURE]


@pytest.mark.parametrize(
    ("flow", "told", "asked"),
    [
        (Refund, {"order": "101"}, {"quantity", "cause"}),
        (Refund, {"order": "103"}, {"cause"}),
        (Refund, {"order": SET}, {"item", "cause"}),
        (Refund, {"order": "106"}, set()),
        (Refund, {"order": "120"}, set()),
        (Refund, {"order": "109", "quantity": 2, "cause": "no_reason"}, {"opened", "intact"}),
        (Refund, {"order": "103", "cause": "quality"}, {"evidence", "solution"}),
        (Damaged, {"order": "101", "item": "MUG", "quantity": 1}, {"evidence", "solution"}),
    ],
)
def test_only_what_matters_is_asked(flow: type[Refund], told: dict[str, Any], asked: set[str]) -> None:
    now = scene(flow, **told)
    needed = {fact.slot for fact in flow.plan() if fact.needed(now) and now.facts.get(fact.slot) is None}
    assert needed - {"confirmed"} == asked


async def test_a_remedy_that_policy_does_not_offer_is_said_to_be_none() -> None:
    now = scene(Damaged, "101", order="101", quantity=1)
    assert (await facts.solution.check("repair", now)).problem == "utter_solution_not_possible"


async def test_money_back_is_whatever_kind_policy_offers() -> None:
    now = scene(Refund, "103", order="103", cause="no_reason", intact=True)
    assert (await facts.solution.check("refund", now)).value == "return_refund"


async def test_more_pieces_than_were_bought_are_refused() -> None:
    now = scene(Damaged, "101", order="101")
    assert (await facts.quantity.check(3, now)).problem == "utter_quantity_too_many"


async def test_goods_of_another_order_make_the_only_line_doubtful() -> None:
    checked = await facts.item.check("LAMP", scene(Damaged, "101", order="101"))
    assert (checked.problem, checked.clear) == ("utter_item_not_in_order", ("order_no",))
