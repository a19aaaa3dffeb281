"""Replies of the house as messages of WeChat, and the way back from what a customer chose."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from bot.channels.wechat import custom
from bot.channels.wechat.content import Media, Ways, choice_of, of_reply
from bot.channels.wechat.messages import Text as Said
from bot.channels.wechat.outgoing import Menu, MenuItem, News, Text
from bot.conversation.outbox import content_of
from bot.model import Button, Card, Reply

BUTTONS = (Button("仅退款", "/choose{}"), Button("退货退款", "/return"), Button("转人工", "/request_human"))
PICTURE = "https://a.example/mug.jpg"
MUG = Card("product", "手绘陶瓷马克杯", amount="39.90", lines=("有现货",), image=PICTURE, ref="CUP-01")
PAGE = "https://a.example/p?sku=CUP-01&from=wx"
MENUS = Ways(menus=True)


def stored(reply: Reply) -> dict[str, Any]:
    """The reply's content as it is stored, its payloads behind issued ids."""
    numbers = count(1)
    return content_of(reply, lambda _title, _payload: f"{next(numbers):032x}")


ASKED = Reply("您想怎么处理？", buttons=BUTTONS)
CONTENT = stored(ASKED)


def said(text: str, menu_id: str | None = None) -> Said:
    head: dict[str, Any] = {"to": "gh", "sender": "o", "created_at": 1, "kind": "text", "msg_id": "1"}
    return Said(**head, msg_data_id=None, idx=None, content=text, menu_id=menu_id)


def test_buttons_are_numbered_choices() -> None:
    assert of_reply(ASKED.text, CONTENT) == [Text("您想怎么处理？\n1. 仅退款\n2. 退货退款\n3. 转人工")]


def test_buttons_are_a_menu_whose_items_carry_the_issued_ids() -> None:
    (menu,) = of_reply(ASKED.text, CONTENT, MENUS)
    titles = [button.title for button in BUTTONS]
    assert menu == Menu(ASKED.text, tuple(MenuItem(f"{n:032x}", title) for n, title in enumerate(titles, start=1)))
    assert custom.message("o", menu)["msgmenu"]["list"][0] == {"id": f"{1:032x}", "content": "仅退款"}


@pytest.mark.parametrize("text", ["2", "２", " 2。", "二", "第二个", "选第二个", "我要2", "退货退款", "退货 退款！"])
def test_a_choice_is_made_by_number_by_place_or_by_title(text: str) -> None:
    assert choice_of(said(text), CONTENT) == f"{2:032x}"


def test_a_press_on_a_menu_means_its_own_item_also_when_it_is_an_old_one() -> None:
    assert choice_of(said("仅退款", "f" * 32), CONTENT) == "f" * 32
    assert choice_of(said("仅退款", "101"), CONTENT) == f"{1:032x}"


@pytest.mark.parametrize("text", ["", "4", "0", "退款", "杯子碎了", "第九个", "字" * 20_000])
def test_what_names_no_choice_chooses_none(text: str) -> None:
    assert choice_of(said(text), CONTENT) is None
    assert choice_of(said("1"), {}) is None


def test_a_card_is_told_in_words_and_its_title_is_a_link_where_it_has_a_page() -> None:
    content = stored(Reply("请看", cards=(MUG,)))
    assert of_reply("请看", content) == [Text("请看\n\n手绘陶瓷马克杯 · ¥39.90\n有现货")]
    linked = Ways(link=lambda card: PAGE if card.ref == "CUP-01" else "")
    assert of_reply("请看", content, linked) == [Text(f'请看\n\n<a href="{PAGE}">手绘陶瓷马克杯</a> · ¥39.90\n有现货')]


def test_nothing_in_a_title_or_an_address_ends_a_link() -> None:
    card = Card("product", '</a><a href="https://evil.example">送钱')
    (text,) = of_reply("", stored(Reply("", cards=(card,))), Ways(link=lambda _: 'https://a.example/"><b'))
    assert isinstance(text, Text)
    assert text.content.count("<") == text.content.count(">") == 2
    assert text.content.startswith('<a href="https://a.example/%22%3E%3Cb">')


def test_the_only_card_with_a_page_and_a_picture_may_be_an_article() -> None:
    ways = Ways(link=lambda _: PAGE, news=True)
    article = News("手绘陶瓷马克杯", PAGE, "¥39.90\n有现货", PICTURE)
    assert of_reply("请看", stored(Reply("请看", cards=(MUG,))), ways) == [Text("请看"), article]
    for reply in (Reply("请看", cards=(MUG, MUG)), Reply("请看", cards=(MUG,), buttons=BUTTONS)):
        assert not any(isinstance(each, News) for each in of_reply("请看", stored(reply), ways))
    assert len(of_reply("请看", stored(Reply("请看", cards=(MUG,))), Ways(news=True))) == 1


def test_cards_that_can_be_chosen_are_told_and_then_counted() -> None:
    mug, shirt = Card("order", "马克杯", "/1", subtitle="尾号0101"), Card("order", "T恤", "/2", subtitle="尾号0102")
    content = stored(Reply("是哪一笔？", cards=(mug, shirt)))
    (text,) = of_reply("是哪一笔？", content)
    assert text == Text("是哪一笔？\n\n马克杯 · 尾号0101\n\nT恤 · 尾号0102\n\n1. 马克杯\n2. T恤")
    (menu,) = of_reply("是哪一笔？", content, MENUS)
    assert isinstance(menu, Menu)
    assert menu.head == "是哪一笔？\n\n马克杯 · 尾号0101\n\nT恤 · 尾号0102"
    assert choice_of(said("第二个"), content) == menu.items[1].id


def test_pictures_come_after_the_words_and_before_a_menu() -> None:
    files = [{"id": "u1", "type": "image/png", "url": "/uploads/u1", "name": "杯子.png"}]
    files += [{"id": "u2", "type": "x", "url": ""}]
    content = {**stored(Reply("看图", buttons=BUTTONS, image="https://a.example/1.png")), "attachments": files}
    media = [Media("https://a.example/1.png"), Media("/uploads/u1", "image/png", "杯子.png"), Media("u2", "x")]
    words, *rest = of_reply("看图", content)
    assert isinstance(words, Text)
    assert rest == media
    assert of_reply("看图", content, MENUS)[:-1] == media


def test_a_long_reply_comes_in_parts_with_the_choices_at_the_end() -> None:
    text = "这一条说得很长。" * 200
    parts = of_reply(text, CONTENT)
    assert len(parts) > 1
    for part in parts:
        assert isinstance(part, Text)
        assert custom.message("o", part)
    last = of_reply(text, CONTENT, MENUS)[-1]
    assert isinstance(last, Menu)
    assert custom.message("o", last)


def test_choices_without_a_word_are_numbered_even_where_menus_are_allowed() -> None:
    assert of_reply("", CONTENT, MENUS) == [Text("1. 仅退款\n2. 退货退款\n3. 转人工")]
    assert of_reply("", {}) == []
