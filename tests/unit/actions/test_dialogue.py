"""What a message means inside a flow: the order of reading, and the traps that it stepped into once."""

from __future__ import annotations

from typing import Any

import pytest

from actions.damaged import Damaged
from actions.dialogue import Reading, understand
from actions.flow import STARTS, Flow
from actions.heard import Heard
from actions.lookups import ASIDES
from actions.refund import Refund
from actions.scene import Scene
from tests.unit.actions.scenes import PICTURE, heard, scene
from tests.unit.policy.demo_shop import DEMO

MUGS = DEMO["101"].order_no
TISSUE = DEMO["102"].order_no


def read(flow: type[Flow], message: Heard, now: Scene, asked: str) -> Reading:
    own = flow.intents + flow.absorbs
    return understand(message, flow.plan(), now, asked, own=own, starts=STARTS, asides=ASIDES)


def in_damaged(asked: str, message: Heard, **told: Any) -> Reading:
    """A damaged mug of order 0101; the customer has a box of tissues in 0102 as well."""
    return read(Damaged, message, scene(Damaged, "101", "102", **({"order": "101"} | told)), asked)


def in_refund(asked: str, message: Heard, **told: Any) -> Reading:
    return read(Refund, message, scene(Refund, "101", "102", **({"order": "101"} | told)), asked)


@pytest.mark.parametrize("asked", Damaged.slots())
@pytest.mark.parametrize(
    ("text", "intent", "kind"),
    [
        ("转人工", "request_human", "person"),
        ("我要投诉你们", "complain", "complain"),
        ("什么意思", "nlu_fallback", "repeat"),
        ("？", "greet", "repeat"),
        ("没看懂", "ask_usage", "repeat"),
        ("刚才忙，没看到", "missing_item", "repeat"),
        ("我刚才说到哪了", "track_order", "repeat"),
        ("不好意思，刚在开会没看手机", "deny", "repeat"),
        ("我回来了，继续吧", "affirm", "repeat"),
        ("算了，不退了", "deny", "cancel"),
        ("我改主意了，撤销吧", "withdraw_after_sales", "cancel"),
        ("等我一下", "affirm", "patience"),
        ("包邮吗", "ask_shipping_fee", "aside"),
        ("谢谢", "thank", "aside"),
        ("在吗", "greet", "aside"),
        ("啊呜呜呜呜", "chitchat", "invalid"),
        ("今天天气不错", "chitchat", "invalid"),
        ("嗡嗡嗡", "affirm", "invalid"),
    ],
)
def test_what_is_no_answer_means_the_same_at_every_question(asked: str, text: str, intent: str, kind: str) -> None:
    assert in_damaged(asked, heard(text, intent)).kind == kind


@pytest.mark.parametrize("text", ["不知道单号", "订单号在哪看", "我找不到订单号了", "单号忘了"])
def test_who_does_not_know_what_is_asked_for_asks_no_other_question(text: str) -> None:
    assert in_damaged("order_no", heard(text, "track_order"), order=None).kind == "unknown"
    assert in_damaged("quantity", heard(text, "track_order")).kind == "aside"


def test_an_unsure_complaint_or_switch_is_not_believed() -> None:
    assert in_damaged("evidence", heard("嗯这个嘛", "complain", 0.3)).kind == "invalid"
    assert in_damaged("evidence", heard("嗯这个嘛", "cancel_order", 0.3)).kind == "invalid"
    assert in_damaged("evidence", heard("嗯这个嘛", "ask_price", 0.3)).kind == "invalid"


def test_a_compensation_named_among_remedies_is_no_complaint_and_a_threat_is() -> None:
    told: dict[str, Any] = {"quantity": 1}
    assert in_damaged("solution", heard("补偿一点就行", "complain"), **told).facts["solution"] == "compensation"
    assert in_damaged("solution", heard("补偿一点就行，不然我投诉", "complain"), **told).kind == "complain"
    assert in_damaged("solution", heard("不补偿我就找律师", "complain", 1.0), **told).kind == "complain"


def test_an_unsure_wish_for_a_person_is_believed() -> None:
    assert in_damaged("evidence", heard("有没有人啊", "request_human", 0.2)).kind == "person"


@pytest.mark.parametrize(
    ("asked", "text", "intent", "value"),
    [
        ("order_no", "第二个", "nlu_fallback", TISSUE),
        ("order_no", "0102", "nlu_fallback", TISSUE),
        ("order_no", "2", "affirm", TISSUE),
        ("quantity", "两", "affirm", 2),
        ("quantity", "2", "ask_price", 2),
        ("quantity", "全部", "nlu_fallback", 2),
        ("evidence", "没有", "deny", "none"),
        ("solution", "第一个", "nlu_fallback", "reship"),
        ("solution", "3", "nlu_fallback", "compensation"),
        ("confirmed", "是的", "greet", True),
        ("confirmed", "不是", "nlu_fallback", False),
    ],
)
def test_a_short_answer_counts_whatever_its_intent(asked: str, text: str, intent: str, value: object) -> None:
    told: dict[str, Any] = {"item": "MUG", "quantity": 2}
    found = in_damaged(asked, heard(text, intent), **({"order": None} if asked == "order_no" else told))
    assert (found.kind, found.facts[asked]) == ("answer", value)


@pytest.mark.parametrize("asked", ["evidence", "solution", "confirmed"])
@pytest.mark.parametrize(("text", "intent"), [("补发要几天", "ask_delivery_time"), ("补发多久呢", "missing_item")])
def test_who_asks_about_a_remedy_has_not_chosen_it(asked: str, text: str, intent: str) -> None:
    assert in_damaged(asked, heard(text, intent), quantity=1) == Reading("explain", about="reship")


def test_a_remedy_that_is_not_offered_is_an_answer_where_remedies_are_asked_for_and_no_wish_for_another_flow() -> None:
    assert in_damaged("solution", heard("换货", "damaged_item"), quantity=1).facts["solution"] == "exchange"
    assert in_damaged("solution", heard("维修", "ask_warranty"), quantity=1).facts["solution"] == "repair"


@pytest.mark.parametrize("text", ["😊", "。。。", "👍👍", "……"])
def test_emoji_and_dots_let_the_question_come_again(text: str) -> None:
    assert in_damaged("confirmed", heard(text), quantity=1).kind == "repeat"


def test_goods_that_are_added_correct_nothing() -> None:
    now = scene(Damaged, "121", order="121", item="MUG", quantity=1)
    found = read(Damaged, heard("芒果干也漏了", "damaged_item"), now, "solution")
    assert found == Reading("answer", {"item": ["MUG", "MANGO"], "quantity": {"MUG": 1}})


def test_a_pressed_button_is_read_before_any_text() -> None:
    found = in_damaged("solution", Heard("退款", "inform", pressed={"solution": "reship"}))
    assert found.facts == {"solution": "reship"}


def test_an_answer_brings_further_facts_with_it() -> None:
    found = in_damaged("quantity", heard("两个都碎了，补发"), item="MUG")
    assert found == Reading("answer", {"quantity": 2, "solution": "reship"})


def test_a_button_says_what_was_wrong() -> None:
    found = in_damaged("confirmed", Heard("件数不对", "inform", pressed={"doubt": "quantity"}), quantity=2)
    assert (found.kind, found.doubted) == ("correct", ("quantity",))


def test_a_known_fact_with_another_value_is_a_correction() -> None:
    assert in_damaged("confirmed", heard("是一个"), quantity=2) == Reading("correct", {"quantity": 1})


def test_a_known_fact_said_again_is_none() -> None:
    assert in_damaged("confirmed", heard("两个"), quantity=2).kind == "answer"


def test_one_more_picture_is_an_answer_and_not_a_correction() -> None:
    found = in_damaged("solution", Heard("", "inform", attachments=(PICTURE,)), quantity=1, evidence=[PICTURE])
    assert (found.kind, len(found.facts["evidence"])) == ("answer", 2)


def test_a_wish_for_another_flow_leads_there_and_beside_this_one_it_waits() -> None:
    assert in_refund("intact", heard("杯子碎了", "damaged_item"), quantity=1) == Reading(
        "switch", intent="damaged_item"
    )
    assert in_refund("intact", heard("另外杯子碎了", "damaged_item"), quantity=1).kind == "also"


def test_a_question_in_passing_brings_its_facts_along() -> None:
    found = in_damaged("evidence", heard("两个的话运费谁出", "ask_shipping_fee"), item="MUG")
    assert found == Reading("aside", {"quantity": 2}, intent="ask_shipping_fee")


@pytest.mark.parametrize("text", ["件数", "数量", "订单搞错了", "件数不对"])
def test_after_no_the_noun_of_the_wrong_fact_is_enough(text: str) -> None:
    assert in_damaged("confirmed", heard(text), quantity=2).kind == "correct"


class TestTraps:
    """Each was once read wrong (FLOWS 4)."""

    def test_a_a_mention_does_not_block_a_switch(self) -> None:
        found = in_refund("item", heard("杯子碎了", "damaged_item"))
        assert found.kind == "switch"

    def test_a_a_product_named_at_the_question_for_the_order_does_not_block_a_switch(self) -> None:
        assert in_refund("order_no", heard("杯子碎了", "damaged_item"), order=None).kind == "switch"

    @pytest.mark.parametrize("text", ["啥意思", "两个", "嗯", "第一个"])
    def test_b_what_answers_another_question_is_no_reason(self, text: str) -> None:
        assert "cause" not in in_refund("cause", heard(text)).facts

    @pytest.mark.parametrize(
        ("flow", "text", "intent"),
        [
            (Damaged, "我要退款", "refund_request"),
            (Damaged, "质量太差了", "quality_issue"),
            (Refund, "能退吗", "ask_return_policy"),
            (Refund, "不想要了", "cancel_order"),
        ],
    )
    def test_c_a_near_intent_of_the_flow_itself_does_not_switch(self, flow: type[Flow], text: str, intent: str) -> None:
        now = scene(flow, "101", "102", order="101")
        assert read(flow, heard(text, intent), now, "solution").kind not in ("switch", "also", "aside")

    def test_d_another_order_holds_no_number(self) -> None:
        found = in_damaged("quantity", heard("另一个订单"))
        assert "quantity" not in found.facts

    def test_e_a_correction_is_read_before_a_switch(self) -> None:
        found = in_refund("confirmed", heard("不对，是另一个订单的杯子碎了", "damaged_item", 0.5), quantity=2)
        assert found.kind == "correct"

    def test_e_a_correction_without_a_value_doubts_what_it_names(self) -> None:
        found = in_refund("confirmed", heard("不对，是另一个订单", "damaged_item", 0.5), quantity=2)
        assert found == Reading("correct", doubted=("order_no",))

    def test_e_a_correction_by_product_means_the_order_that_has_it(self) -> None:
        found = in_damaged("quantity", heard("不对，是抽纸坏了", "quality_issue"), item="MUG")
        assert (found.kind, found.facts["order_no"]) == ("correct", TISSUE)

    def test_f_a_remedy_named_at_its_question_is_an_answer(self) -> None:
        found = in_damaged("solution", heard("我要退款", "refund_request"), quantity=1)
        assert (found.kind, found.facts["solution"]) == ("answer", "refund")

    @pytest.mark.parametrize(
        ("text", "intent"), [("补发", "missing_item"), ("两个", "ask_price"), ("退款", "cancel_order")]
    )
    def test_g_the_intent_of_a_short_answer_is_never_used(self, text: str, intent: str) -> None:
        assert in_damaged("confirmed", heard(text, intent)).kind == "answer"

    @pytest.mark.parametrize("text", ["是不是包邮啊", "这单是不是发错了"])
    def test_a_question_with_a_correcting_word_is_no_correction(self, text: str) -> None:
        assert in_damaged("evidence", heard(text, "ask_shipping_fee"), quantity=1).kind == "aside"
