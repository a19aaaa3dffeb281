"""What customers say about a price, in every spelling of a number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from actions.bargain.figures import Figure, figure_of, total_of
from actions.bargain.reading import Read, pushed, read
from bot.lexicon import plain
from bot.policy.bargain import Goods, Talk
from tests.unit.actions.scenes import heard

LAMP = Goods(Decimal(159), Decimal(149))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("50", "price", "50"),
        ("五十", "price", "50"),
        ("伍拾", "price", "50"),
        ("五零", "price", "50"),
        ("50块", "price", "50"),
        ("５０", "price", "50"),
        ("fifty", "price", "50"),
        ("130rmb", "price", "130"),
        ("¥45", "price", "45"),
        ("一百五行吗", "price", "150"),
        ("一百五十塊可以嗎", "price", "150"),
        ("两百", "price", "200"),
        ("1千", "price", "1000"),
        ("39块9给我算35吧", "price", "35"),
        ("三十九块九", "price", "39.9"),
        ("39.9", "price", "39.9"),
        ("302块就300吧", "price", "300"),
        ("128太贵了 100块差不多", "price", "100"),
        ("别家卖45", "price", "45"),
        ("那40呢", "price", "40"),
        ("优惠到50", "price", "50"),
        ("减到60行不", "price", "60"),
        ("一口价 80 卖不卖", "price", "80"),
        ("便宜10块", "off", "10"),
        ("再让5块成交", "off", "5"),
        ("少两块", "off", "2"),
        ("少20吗", "off", "20"),
        ("能不能少一百", "off", "100"),
        ("便宜5毛", "off", "0.5"),
        ("再便宜两块五", "off", "2.5"),
        ("打八折", "share", "0.8"),
        ("8折", "share", "0.8"),
        ("85折", "share", "0.85"),
        ("八五折行吗", "share", "0.85"),
        ("半价", "share", "0.5"),
        ("抹个零", "round", "0"),
        ("凑个整", "round", "0"),
        ("订单0114便宜10块", "off", "10"),
    ],
)
def test_a_figure_is_read_in_every_spelling(text: str, kind: str, value: str) -> None:
    figure = figure_of(plain(text), bare_number=True)
    assert figure is not None
    assert (figure.kind, figure.value) == (kind, Decimal(value))


@pytest.mark.parametrize("text", ["便宜一点", "便宜一點嗎", "再少点", "第二个", "两件", "3月5号到", "买二送一"])
def test_a_number_that_is_no_money_is_not_read(text: str) -> None:
    assert figure_of(plain(text), bare_number=True) is None


def test_a_bare_number_counts_only_where_the_price_was_asked() -> None:
    assert figure_of("50", bare_number=False) is None
    assert figure_of("50块", bare_number=False) is not None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("再少点", "less"),
        ("不能再便宜了?", "less"),
        ("太贵了", "less"),
        ("行吧就这个价", "accept"),
        ("成交", "accept"),
        ("好的", "accept"),
        ("太贵了不要了", "decline"),
        ("我再看看", "decline"),
        ("嗡嗡嗡嗡", None),
        ("我要退款", None),
    ],
)
def test_a_push_is_read_without_a_figure(text: str, kind: str | None) -> None:
    told = read(heard(text), asked=True)
    assert (told and told.kind) == kind


def test_a_bare_yes_is_no_agreement_while_a_person_is_asked() -> None:
    assert [
        getattr(read(heard(t), asked=True, waiting=True), "kind", None) for t in ("好的", "就这个价", "同事怎么说")
    ] == [
        "noted",
        "accept",
        "news",
    ]


def test_a_question_in_passing_is_none_about_the_price() -> None:
    assert read(heard("包邮吗", "ask_shipping_fee"), asked=True) is None
    assert read(heard("什么时候发货", "ask_shipping_time"), asked=True) is None


@pytest.mark.parametrize(
    ("text", "quantity", "total"),
    [
        ("两件80行不行", 2, "160"),
        ("每件140", 2, "280"),
        ("两件一共300", 2, "300"),
        ("两件140", 2, "280"),
        ("便宜10块", 2, "308"),
        ("每件便宜10块", 2, "298"),
        ("打九折", 2, "286.20"),
    ],
)
def test_of_several_pieces_a_figure_is_the_total_unless_it_says_otherwise(text: str, quantity: int, total: str) -> None:
    goods = Goods(LAMP.today, LAMP.floor, quantity=quantity)
    figure = figure_of(plain(text), bare_number=True)
    assert figure is not None
    assert total_of(figure, goods, Talk()) == Decimal(total)


@pytest.mark.parametrize(("today", "total"), [("39.90", "39"), ("199", "190"), ("302", "300")])
def test_rounding_drops_the_odd_fen_or_else_the_odd_yuan(today: str, total: str) -> None:
    assert total_of(Figure("round"), Goods(Decimal(today), Decimal(1)), Talk()) == Decimal(total)


def test_what_was_read_survives_a_slot() -> None:
    told = read(heard("别家两件才80"), asked=True)
    assert told is not None
    assert Read.from_slot(told.as_slot()) == told
    assert told.quantity == 2
    assert pushed(heard("你好")) is None
