"""After an answer the customer is asked whether it helped: under answers only, and counted."""

from __future__ import annotations

import pytest
from prometheus_client import REGISTRY

from tests.conftest import Shop

CHIPS = ["有帮助", "还没解决"]


def counted(name: str, **labels: str) -> float:
    """A figure as Prometheus sees it."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize("asked", ["满多少包邮", "马克杯多少钱", "尾号0107的快递到哪了"])
async def test_an_answer_asks_whether_it_helped(shop: Shop, asked: str) -> None:
    customer = shop.customer("cust-001")
    await customer.say(asked)
    assert customer.chips == CHIPS


@pytest.mark.parametrize(
    "said",
    ["你好", "谢谢", "有货吗", "你们能退货吗", "我想退款", "怎么开发票", "连衣裙我穿什么码", "今天天气怎么样", "嗯嗯"],
)
async def test_who_is_asked_back_or_offered_something_is_not(shop: Shop, said: str) -> None:
    customer = shop.customer("cust-001")
    await customer.say(said)
    assert customer.chips == []


async def test_a_visitor_who_still_has_to_prove_the_order_is_not_asked(shop: Shop) -> None:
    customer = shop.customer()
    await customer.say("我的快递到哪了")
    assert customer.chips == []
    await customer.say("2026000000000107")
    assert customer.chips == []
    await customer.say("1001")
    assert customer.chips == CHIPS


async def test_a_question_within_a_flow_is_not_rated(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    await customer.say("尾号0101的马克杯碎了")
    await customer.say("满多少包邮")
    assert "utter_ask_shipping_fee" in customer.keys
    assert customer.chips == []


async def test_beside_the_question_for_a_person_stands_nothing_else(shop: Shop) -> None:
    customer = shop.customer()
    await customer.say("满多少包邮")
    await customer.press("/unsolved")
    (reply,) = customer.seen
    assert [button["title"] for button in reply.content["buttons"]] == ["好的，转人工", "先不用"]
    assert customer.chips == []


async def test_what_helped_and_what_did_not_is_counted_by_answer(shop: Shop) -> None:
    key = "utter_ask_shipping_fee"
    helpful = counted("shop_answers_helpful_total", key=key)
    unsolved = counted("shop_answers_unsolved_total", key=key)
    customer = shop.customer()
    await customer.say("满多少包邮")
    await customer.press("/helpful")
    await customer.say("满多少包邮")
    await customer.say("还没解决")
    assert counted("shop_answers_helpful_total", key=key) == helpful + 1
    assert counted("shop_answers_unsolved_total", key=key) == unsolved + 1


async def test_yes_means_a_person_only_right_after_the_question(shop: Shop) -> None:
    customer = shop.customer()
    await customer.say("满多少包邮")
    await customer.press("/unsolved")
    assert await customer.say("用什么快递发") == ["utter_ask_courier"]
    await customer.say("好的")
    assert (await customer.conversation())["owner"] == "bot"


async def test_one_wish_for_a_person_is_enough_and_counted_as_one(shop: Shop) -> None:
    ones, wishes = counted("shop_taps_to_human_bucket", le="1.0"), counted("shop_taps_to_human_count")
    for words in ("转人工", "找真人客服"):
        customer = shop.customer()
        await customer.say("满多少包邮")
        await customer.say(words)
        assert (await customer.conversation())["owner"] == "queue"
    assert counted("shop_taps_to_human_count") == wishes + 2
    assert counted("shop_taps_to_human_bucket", le="1.0") == ones + 2
