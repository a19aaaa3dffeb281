"""The words that steer a dialogue."""

from __future__ import annotations

import pytest

from bot.lexicon import bare, lexicon

WORDS = lexicon()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("好的呀亲", "好"), ("谢谢", "谢谢"), ("亲，在吗", "在"), ("ＯＫ！", "ok"), ("  ", ""), ("啊", "啊")],
)
def test_the_core_of_a_text_is_what_particles_leave(text: str, expected: str) -> None:
    assert WORDS.core(text) == expected


def test_a_question_mark_is_kept_and_other_punctuation_is_not() -> None:
    assert bare("好！？…，【】") == "好?"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("yes", "嗯嗯好的"),
        ("yes", "OK"),
        ("no", "不是的"),
        ("cancel", "算了算了，不办了"),
        ("repeat", "？？"),
        ("courtesy", "谢谢亲"),
        ("patience", "稍等"),
        ("human", "客服"),
    ],
)
def test_a_message_of_whole_words_is_recognised(name: str, text: str) -> None:
    assert WORDS.is_whole(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("yes", "好的杯子"),
        ("yes", ""),
        ("no", "不错"),
        ("cancel", "算了一下"),
        ("human", "客服说可以退"),
        ("repeat", "什么时候"),
    ],
)
def test_a_word_inside_a_longer_message_is_no_whole_message(name: str, text: str) -> None:
    assert not WORDS.is_whole(name, text)


def test_some_words_count_wherever_they_stand() -> None:
    assert WORDS.has("human", "快给我转人工吧")
    assert WORDS.has("cancel", "想了想还是不退了")
    assert not WORDS.has("human", "客服说可以退")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("取消排队", "cancel"),
        ("还要多久啊？", "wait"),
        ("我要留言", "message"),
        ("留言：明天给我回电", "message"),
        ("我的茶具呢", None),
    ],
)
def test_somebody_in_the_queue_has_three_wishes(text: str, expected: str | None) -> None:
    assert WORDS.queue_wish(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不对", True),
        ("搞错了", True),
        ("改成两个", True),
        ("是不是包邮", False),
        ("你们发错了", False),
        ("对的", False),
    ],
)
def test_a_correction_is_about_what_the_customer_said(text: str, expected: bool) -> None:
    assert WORDS.is_correction(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("杯子碎了要退款", "damaged_item"), ("发错颜色了", "wrong_item"), ("少发一个", "missing_item"), ("要退款", None)],
)
def test_the_trouble_behind_a_remedy_is_named(text: str, expected: str | None) -> None:
    assert WORDS.cause(text) == expected


@pytest.mark.parametrize(
    ("text", "allowed", "expected"),
    [
        ("退货退款", (), "return_refund"),
        ("退款", ("return_refund", "exchange"), "return_refund"),
        ("退款还是补发呢，补发吧", (), "reship"),
        ("不要补发，退钱", (), "refund"),
        ("补发", ("refund",), "reship"),
        ("那就给我补发一个新的", ("refund",), None),
        ("换一个给我", ("reship", "refund"), "reship"),
        ("重新发一个", ("exchange",), "exchange"),
        ("换", (), "exchange"),
        ("修", ("repair",), "repair"),
        ("修身的裤子", (), None),
    ],
)
def test_a_remedy_is_named(text: str, allowed: tuple[str, ...], expected: str | None) -> None:
    assert WORDS.solution(text, allowed) == expected
