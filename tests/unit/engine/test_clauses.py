"""Several wishes in one message: where a text is cut, and what the parse of the whole then says."""

from __future__ import annotations

import pytest

from bot.engine import clauses
from bot.engine.engine import Engine

WISHES = frozenset({"refund_request", "damaged_item", "ask_shipping_fee", "ask_shipping_time", "ask_promotion"})


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("包邮吗", ["包邮吗"]),
        ("我要退款。包邮吗？", ["我要退款", "包邮吗"]),
        ("我要退款，另外杯子碎了两个", ["我要退款", "另外杯子碎了两个"]),
        ("包邮吗 顺便问下什么时候发货", ["包邮吗", "顺便问下什么时候发货"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("不合适，换另外的款行吗", ["不合适，换另外的款行吗"]),
        ("我要另外那件", ["我要另外那件"]),
        ("还有货吗", ["还有货吗"]),
        ("还有没有大号", ["还有没有大号"]),
        ("嗯。好。我要退款", ["我要退款"]),
        ("？？？", []),
        ("", []),
    ],
)
def test_a_message_is_cut_where_a_new_wish_may_begin(text: str, parts: list[str]) -> None:
    assert clauses.split(text) == parts


def test_a_novel_has_only_so_many_clauses() -> None:
    assert len(clauses.split("包邮吗。" * 100)) == clauses.MOST


@pytest.mark.parametrize(
    ("text", "intent", "others"),
    [
        ("我要退款，另外杯子碎了两个", "refund_request", ["damaged_item"]),
        ("你们包邮吗？什么时候发货", "ask_shipping_fee", ["ask_shipping_time"]),
        ("我要退款。我要退款！", "refund_request", []),
        ("你好。你们包邮吗", "ask_shipping_fee", []),
    ],
)
async def test_each_wish_of_a_message_is_found_once(engine: Engine, text: str, intent: str, others: list[str]) -> None:
    parsed = await clauses.parse(text, engine.parse, WISHES)
    assert parsed["intent"]["name"] == intent
    assert [clause["intent"] for clause in parsed.get("clauses", [])] == others


@pytest.mark.parametrize(
    ("text", "intent", "others"),
    [
        ("茶杯碎了一个，芒果干没收到", "damaged_item", ["missing_item"]),
        ("茶杯碎了一个，芒果干发霉了", "damaged_item", ["quality_issue"]),
        ("茶壶碎了，杯子不想要了", "damaged_item", ["refund_request"]),
        ("杯子碎了一个，芒果干也漏了", "damaged_item", []),
        ("杯子碎了，还有芒果干也漏了", "damaged_item", []),
        ("杯子不想要了，收到就碎了", "damaged_item", []),
        ("杯子碎了，快递没收到我的电话", "damaged_item", []),
    ],
)
async def test_a_message_is_cut_where_it_turns_to_another_products_trouble(
    engine: Engine, text: str, intent: str, others: list[str]
) -> None:
    parsed = await clauses.parse(text, engine.parse, WISHES | {"missing_item", "quality_issue"})
    assert [clause["intent"] for clause in parsed.get("clauses", [])] == others
    assert parsed["intent"]["name"] in (intent, "refund_request")


async def test_facts_keep_their_place_in_the_wish(engine: Engine) -> None:
    parsed = await clauses.parse("尾号0121的茶杯碎了一个。芒果干发霉了。麻烦快点", engine.parse, WISHES)
    for found in [(parsed.get("first_wish", parsed["text"]), parsed["entities"])]:
        text, entities = found
        assert {text[entity["start"] : entity["end"]] for entity in entities} >= {"0121", "茶杯", "一个"}


async def test_a_further_wish_keeps_what_was_said_about_it(engine: Engine) -> None:
    parsed = await clauses.parse("你们包邮吗？尾号0103的订单我要退款", engine.parse, WISHES)
    (refund,) = parsed["clauses"]
    assert {(entity["entity"], entity["value"]) for entity in refund["entities"]} >= {("order_tail", "0103")}
