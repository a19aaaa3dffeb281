"""A reply with cards says the same on every channel: to the widget, to a server over REST, and in plain words."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import plain
from bot.channels.web import as_event
from bot.conversation.outbox import content_of
from bot.http.rest import as_rasa
from bot.model import CARD_TYPES, Button, Card, Reply, Step, Transcript

NOON = datetime.fromisoformat("2026-03-04T15:00:00+08:00")


def card(type: str, payload: str = "", title: str = "手绘陶瓷马克杯") -> Card:
    """A card of a type with all that a card may hold."""
    return Card(
        type=type,
        title=title,
        payload=payload,
        subtitle="尾号0101 · 02-27 · 共2件",
        amount="79.80",
        state="已签收",
        lines=("运费我们出", "最迟03-05 15:00前处理"),
        pros=("不用寄回，钱原路退",),
        cons=("还想要得重新下单",),
        steps=(
            Step("【上海】快件正在派送途中", "2026-03-04T09:00:00+08:00"),
            Step("原路到账", done=False),
        ),
        copy="ZT7300000101",
        image="https://example.org/mug.jpg",
        ref="2026000000000101",
    )


def sent(reply: Reply) -> Transcript:
    """The reply as it is stored and sent, its payloads behind ids."""
    numbers = count(1)

    def issue(_title: str, _payload: str) -> str:
        return f"{next(numbers):032x}"

    content: dict[str, Any] = json.loads(json.dumps(content_of(reply, issue)))
    return Transcript(seq=7, role="bot", text=reply.text, at=NOON, keys=(reply.key,), content=content)


def words_of(told: Card) -> list[str]:
    """Everything on a card that a reader needs, as it is written."""
    amounts = [f"¥{told.amount}"] if told.amount else []
    steps = ["✓ 03-04 09:00 【上海】快件正在派送途中", "○ 原路到账"]
    return [told.title, told.subtitle, told.state, *amounts, *told.lines, *told.pros, *told.cons, *steps]


@pytest.mark.parametrize("type", CARD_TYPES)
def test_the_widget_gets_every_field(type: str) -> None:
    shown = as_event(sent(Reply("请看", cards=(card(type, "/inform"),))))["cards"][0]
    assert Card.of(shown) == card(type, shown["payload"])
    assert len(shown["payload"]) == 32


@pytest.mark.parametrize("type", CARD_TYPES)
def test_a_server_gets_every_field_and_can_choose_by_button(type: str) -> None:
    reply = as_rasa("s", sent(Reply("请看", cards=(card(type, "/inform"),))))
    shown = reply["custom"]["cards"][0]
    assert Card.of(shown) == card(type, shown["payload"])
    assert [button["payload"] for button in reply["buttons"]] == [shown["payload"]]


@pytest.mark.parametrize("type", CARD_TYPES)
def test_a_card_that_is_only_looked_at_is_no_button(type: str) -> None:
    message = sent(Reply("请看", cards=(card(type),)))
    assert "buttons" not in as_rasa("s", message)
    assert plain.choices(message.content) == []


@pytest.mark.parametrize("type", CARD_TYPES)
@pytest.mark.parametrize("payload", ["", "/inform"])
def test_the_plain_form_says_all_that_the_card_shows(type: str, payload: str) -> None:
    message = sent(Reply("请看", cards=(card(type, payload),)))
    text = plain.as_text(message.text, message.content)
    missing = [word for word in ("请看", *words_of(card(type))) if word not in text]
    assert not missing


def test_chips_reach_widget_and_server_and_are_left_out_of_plain_words() -> None:
    message = sent(Reply("满59元包邮", chips=(Button("有帮助", "/helpful"),)))
    for chips in (as_event(message)["chips"], as_rasa("s", message)["custom"]["chips"]):
        assert [chip["title"] for chip in chips] == ["有帮助"]
        assert "/" not in chips[0]["payload"]
    assert plain.as_text(message.text, message.content) == "满59元包邮"


CHOICES = sent(
    Reply(
        "请选一笔",
        buttons=(Button("转人工", "/request_human"),),
        cards=(card("order", "/a"), card("order", "/b"), card("logistics"), card("solution", "/c", title="仅退款")),
    )
).content


def test_choices_are_numbered_cards_first_and_those_alike_are_told_apart() -> None:
    text = plain.as_text("请选一笔", CHOICES)
    assert text.splitlines()[-4:] == [
        "1. 手绘陶瓷马克杯 尾号0101 · 02-27 · 共2件",
        "2. 手绘陶瓷马克杯 尾号0101 · 02-27 · 共2件",
        "3. 仅退款",
        "4. 转人工",
    ]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("1", 1),
        ("２", 2),
        ("3.", 3),
        ("第一个", 1),
        ("第二", 2),
        ("选三", 3),
        ("我选第4个吧", 4),
        ("一", 1),
        ("就第二笔", 2),
        ("四号", 4),
        ("仅退款", 3),
        ("转人工。", 4),
    ],
)
def test_a_number_or_a_title_names_its_choice(said: str, place: int) -> None:
    assert plain.chosen(said, CHOICES) == plain.choices(CHOICES)[place - 1].payload


@pytest.mark.parametrize(
    "said", ["", "0", "5", "第九个", "手绘陶瓷马克杯", "好的", "1.5", "一百块", "我要退货", "尾号0101"]
)
def test_what_names_no_choice_or_several_chooses_nothing(said: str) -> None:
    assert plain.chosen(said, CHOICES) is None


def lists(each: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Up to three of them."""
    return st.lists(each, max_size=3).map(tuple)


texts = st.text(max_size=30)
buttons = st.builds(Button, title=texts, payload=st.sampled_from(["", "/inform", "/request_human"]))
steps = st.builds(Step, text=texts, at=st.sampled_from(["", "2026-03-04T09:00:00+08:00", "?"]), done=st.booleans())
cards = st.builds(
    Card,
    type=st.sampled_from(CARD_TYPES),
    title=texts,
    payload=st.sampled_from(["", "/inform"]),
    subtitle=texts,
    amount=st.sampled_from(["", "0.00", "39.90"]),
    state=texts,
    lines=lists(texts),
    pros=lists(texts),
    cons=lists(texts),
    steps=lists(steps),
    copy=texts,
    image=texts,
    ref=texts,
)
replies = st.builds(Reply, text=texts, buttons=lists(buttons), cards=lists(cards), chips=lists(buttons))


@given(replies, texts)
def test_the_plain_form_of_anything_holds_no_ids_and_whatever_is_said_chooses_from_it(reply: Reply, said: str) -> None:
    message = sent(reply)
    text = plain.as_text(message.text, message.content)
    offered = [choice.payload for choice in plain.choices(message.content)]
    assert not [payload for payload in offered if payload in text]
    assert [plain.chosen(str(number), message.content) for number in range(1, len(offered) + 1)] == offered
    assert plain.chosen(said, message.content) in (None, *offered)
