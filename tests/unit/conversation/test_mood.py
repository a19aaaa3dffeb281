"""How a customer feels: each message by itself, and how a talk heats up and cools down."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Reply
from bot.mood import FED_UP, HOTTEST, Mood, feel, heat, is_angry
from tests.conftest import Shop


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("好的！", 0),
        ("什么时候到？？", 0),
        ("谢谢！！！", 0),
        ("不高兴！！！", 3),
        ("麻烦您快点", 0),
        ("不着急，您慢慢来", 0),
        ("滚筒洗衣机能用吗", 0),
        ("垃圾袋有货吗", 0),
        ("哈哈哈哈哈", 0),
        ("ZT7300000102", 0),
        ("太差了吧", 1),
        ("无语", 1),
        ("什么情况？？？", 1),
        ("快点啊啊啊啊", 1),
        ("HELLO WHERE IS MY ORDER", 1),
        ("你们行不行！！！", 2),
        ("到底发不发货？！？！", 2),
        ("怎么还没到????", 3),
        ("太差了，太慢了", 3),
        ("气死我了", 3),
        ("骗子", 3),
        ("什么垃圾店", 3),
        ("在吗\n怎么回事\n还没发货？？？\n烦", 3),
        ("无语\n太慢\n服了\n失望\n算了", 4),
    ],
)
def test_a_message_has_its_heat(text: str, expected: int) -> None:
    assert heat(text) == expected
    assert is_angry(text) == (expected >= 2)


@pytest.mark.parametrize(
    ("lines", "level", "fed_up"),
    [
        (["你好"], "calm", False),
        (["无语"], "annoyed", False),
        (["无语", "太慢了"], "angry", False),
        (["无语", "太慢了", "失望"], "angry", True),
        (["骗子"], "angry", True),
        (["骗子", "两个"], "annoyed", False),
        (["骗子", "两个", "好的"], "calm", False),
        (["快点！！！", "尾号0101"], "calm", False),
        (["我的货呢"], "calm", False),
        (["我的货呢", "我的货呢"], "annoyed", False),
        (["我的货呢", "我的货呢", "我的货呢？"], "angry", False),
        (["好的", "好的", "好的", "2", "2"], "calm", False),
    ],
)
def test_a_talk_heats_up_and_cools_down(lines: list[str], level: str, fed_up: bool) -> None:
    mood = feel(lines[:-1], lines[-1])
    assert (mood.level, mood.fed_up) == (level, fed_up)


@given(st.lists(st.sampled_from(["骗子", "无语", "快点！！！", "两个", "我的货呢", "谢谢"]), max_size=8))
def test_two_calm_messages_always_calm_down_and_no_talk_boils_over(lines: list[str]) -> None:
    mood = feel(lines, "尾号0101")
    assert 0 <= mood.heat <= HOTTEST
    assert feel([*lines, "尾号0101"], "就是那个马克杯").level == "calm"
    assert feel(lines, "骗子").heat >= FED_UP


async def test_the_mood_is_remembered_from_message_to_message_and_over_a_button(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    await customer.say("尾号0101的马克杯碎了，气死我了，什么破店")
    assert "utter_damaged_start" in customer.keys
    assert _apologises(customer.seen[0].text)
    await customer.say("转人工")
    assert (await customer.conversation())["handoff"]["summary"]["mood"] == "annoyed"


async def test_for_the_angry_no_first_line_asks_and_each_answer_apologises_once_until_it_would_beg(shop: Shop) -> None:
    customer = shop.customer("cust-001")
    firsts, apologies = [], []
    for text in ("你们包邮吗", "发什么快递", "几天能到", "有优惠券吗", "能开发票吗", "保修多久"):
        await customer.say(f"{text}！！！")
        whole = "\n".join(message.text for message in customer.seen)
        firsts.append(customer.seen[0].text.splitlines()[0])
        apologies.append(_apologises(whole))
    assert not [line for line in firsts if "？" in line]
    assert apologies == [True] * 4 + [False] * 2
    assert all(one != following for one, following in pairwise(firsts))


def _apologises(text: str) -> bool:
    return any(word in text for word in ("抱歉", "对不起", "对不住", "不好意思"))


def test_a_mood_and_a_reply_are_values() -> None:
    assert Mood("angry", 3).fed_up
    assert Reply("好", "utter_x") == Reply("好", "utter_x")
