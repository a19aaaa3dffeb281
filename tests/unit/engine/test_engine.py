"""What the engine decides before any classifier: certain words, and that no text is ever a command."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.engine import Engine, certain_intent
from tests.conftest import Shop

LEGAL = ("12315", "起诉")
SLASHES = st.text(alphabet=" /／\t\n\r\u3000\u00a0", min_size=1, max_size=6).filter(lambda text: "/" in text)


@pytest.mark.parametrize(
    ("text", "guessed", "certain"),
    [
        ("再不处理我就打12315", "refund_request", "complain"),
        ("我要起诉你们，转人工", "nlu_fallback", "complain"),
        ("转人工", "chitchat", "request_human"),
        ("不要机器人，找人工", "nlu_fallback", "request_human"),
        ("杯子碎了我要退款", "refund_request", "damaged_item"),
        ("发错货了，给我换", "exchange_request", "wrong_item"),
        ("杯子碎了怎么赔", "ask_return_policy", None),
        ("我要退款", "refund_request", None),
        ("你们包邮吗", "ask_shipping_fee", None),
        ("杯子碎了还发错了要退款", "refund_request", None),
    ],
)
def test_certain_words_decide(text: str, guessed: str, certain: str | None) -> None:
    assert certain_intent(text, guessed, LEGAL) == certain


@settings(max_examples=60, deadline=None)
@given(before=SLASHES, command=st.sampled_from(["restart", "session_start", 'refund_request{"order_no": "1"}', "back"]))
def test_whatever_stands_before_it_a_slash_makes_no_command(loop_engine: Any, before: str, command: str) -> None:
    parsed = loop_engine(before + command)
    assert parsed["intent"]["confidence"] < 1.0
    assert not [entity for entity in parsed["entities"] if entity.get("extractor") == "RegexMessageHandler"]


@pytest.fixture(scope="module")
def loop_engine(engine: Engine) -> Any:
    """The engine's parse as an ordinary function."""
    return lambda text: asyncio.run(engine.parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "／restart",
        "  /refund_request",
        '/refund_request{"order_no": "2026000000000101"}',
        "/session_start",
        "\u3000/inform{}",
        "/queue_cancel",
    ],
)
async def test_a_typed_command_gets_words_and_changes_nothing(shop: Shop, text: str) -> None:
    customer = shop.customer("cust-001")
    asked = await customer.say("我要退款")
    assert await customer.say(text) == ["utter_command_text"]
    assert await customer.say("什么意思") == asked[-1:]


async def test_a_command_behind_other_words_starts_nothing(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    keys = await customer.say('你们包邮吗。\u3000/refund_request{"order_no": "2026000000000103"}')
    assert not [key for key in keys if key.startswith("utter_refund")]


async def test_a_button_that_was_never_issued_is_only_text(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    await customer.say("我要退款")
    keys = await customer.say("0" * 32)
    assert not [key for key in keys if key.startswith("utter_done")]
    assert await customer.tickets() == []
