"""What there is to look at beside an answer: its figures are those of order, catalogue and policy."""

from __future__ import annotations

from typing import Any

from tests.conftest import Customer, Shop


def of_type(customer: Customer, type: str) -> list[dict[str, Any]]:
    """The cards of a type in the last replies."""
    return [card for card in customer.cards if card["type"] == type]


async def test_a_parcel_is_shown_with_its_newest_news_first(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    assert await customer.say("尾号0107的快递到哪了") == ["utter_track_order_found"]
    (card,) = of_type(customer, "logistics")
    assert (card["copy"], card["ref"]) == ("SF1000000000107", "2026000000000107")
    assert [step["text"][:4] for step in card["steps"]] == ["【上海】", "【上海】", "【杭州】"]
    assert [step["at"] for step in card["steps"]] == sorted((step["at"] for step in card["steps"]), reverse=True)


async def test_of_an_order_in_several_parcels_each_that_is_under_way_has_a_card(shop: Shop) -> None:
    customer = shop.customer("cust-006")
    await customer.say("尾号0124的快递到哪了")
    assert [card["copy"] for card in of_type(customer, "logistics")] == ["YT8800000124"]


async def test_a_parcel_that_came_is_not_said_to_be_on_its_way(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    assert await customer.say("尾号0101的快递到哪了") == ["utter_track_order_signed"]
    assert of_type(customer, "logistics")[0]["state"] == "已签收"


async def test_a_refund_under_way_is_shown_with_number_and_steps(shop: Shop) -> None:
    customer = shop.customer("cust-002")
    await customer.say("我的退款到哪一步了")
    (card,) = of_type(customer, "refund")
    assert (card["amount"], card["ref"]) == ("199.00", "RF2026000000118")
    assert [step["done"] for step in card["steps"]] == [True, False, False, False]
    assert "1-3个工作日" in "".join(card["lines"])


async def test_an_agreed_return_shows_the_rule_the_refund_and_the_address(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    await customer.say("尾号0103的T恤不喜欢想退货退款")
    for _ in range(3):
        if "utter_ask_confirmed" in customer.keys:
            break
        await customer.say("完好的")
    (rule,) = of_type(customer, "rule")
    assert rule["title"].startswith("依据")
    assert "2026-01-01" in rule["subtitle"]
    await customer.press({"confirmed": True})
    (ticket,) = await customer.tickets()
    (refund,), (back,) = of_type(customer, "refund"), of_type(customer, "return")
    assert (refund["amount"], refund["ref"], back["ref"]) == ("69.00", ticket["id"], ticket["id"])
    assert [step["done"] for step in refund["steps"]] == [True, False, False, False, False]
    assert "0571-80000000" in back["copy"]
    assert ticket["id"] in back["lines"][-1]
    await customer.say("尾号0103的退款到哪了")
    assert of_type(customer, "refund")[0]["ref"] == ticket["id"]


async def test_a_cancelled_order_shows_what_will_come_back_and_no_address(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    await customer.say("尾号0106的台灯不要了，取消订单")
    await customer.press({"confirmed": True})
    assert [(card["amount"], card["state"]) for card in of_type(customer, "refund")] == [("159.00", "已通过，办理中")]
    assert not of_type(customer, "return")


async def test_remedies_are_offered_with_what_speaks_for_and_against_them(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    await customer.say("尾号0101的马克杯碎了一个")
    await customer.press({"evidence": "none"})
    offered = of_type(customer, "solution")
    assert [card.get("amount") for card in offered] == [None, "39.90", "7.98"]
    assert all(card["pros"] and card["cons"] and card["payload"] for card in offered)
    assert all(len(word) <= 14 for card in offered for word in (*card["pros"], *card["cons"]))


async def test_a_refusal_names_its_rule_with_the_clause(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    await customer.say("尾号0104的连衣裙不喜欢想退货退款")
    assert "utter_refused" in customer.keys
    (card,) = of_type(customer, "rule")
    assert card["ref"] == "no_reason_window"
    assert "七天无理由" in card["lines"][0]


async def test_a_question_about_a_product_shows_it_at_todays_price(shop: Shop) -> None:
    customer = shop.customer()
    await customer.say("马克杯多少钱")
    assert [(c["ref"], c["amount"], c["state"]) for c in of_type(customer, "product")] == [("MUG", "39.90", "有现货")]
    await customer.say("T恤现在什么价")
    (card,) = of_type(customer, "product")
    assert float(card["amount"]) < 69
    assert "69.00" in card["subtitle"]


async def test_a_size_is_advised_with_its_measures(shop: Shop) -> None:
    customer = shop.customer()
    await customer.say("身高160体重102斤，连衣裙穿什么码")
    (card,) = of_type(customer, "size")
    assert (card["title"], card["subtitle"]) == ("建议M码", "法式碎花连衣裙")
    assert card["lines"] == ["身高158–166cm 体重48–55kg"]


async def test_who_asks_for_coupons_sees_those_that_are_for_them(shop: Shop) -> None:
    customer = shop.customer()
    assert await customer.say("有什么优惠券可以用") == ["utter_coupons"]
    assert [(card["title"], card["amount"]) for card in of_type(customer, "coupon")] == [("满199减20", "20.00")]


async def test_orders_to_choose_from_name_their_number(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    await customer.say("我想退款")
    assert {card["ref"] for card in of_type(customer, "order")} >= {"2026000000000101", "2026000000000102"}
