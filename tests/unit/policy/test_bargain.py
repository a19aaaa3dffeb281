"""Bargaining never gets below the floor, never offers more than before, and asks a person once."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.bargain import Goods, Push, Talk, may_agree, next_offer, respond, standing, unit_offer
from bot.policy.money import to_fen
from bot.policy.sections import Bargain
from tests.unit.policy.demo_shop import PACK, SHOP

RULES: Bargain = PACK.bargain
LESS, ACCEPT = Push("less"), Push("accept")

yuan = st.integers(100, 100_000).map(lambda fen: Decimal(fen) / 100)
pushes = st.lists(
    st.one_of(
        st.sampled_from([LESS, ACCEPT, Push("less", elsewhere=True), Push("noted"), Push("news"), Push("freight")]),
        st.integers(1, 300_000).map(lambda fen: Push("bid", Decimal(fen) / 100)),
    ),
    max_size=25,
)


@st.composite
def goods(draw: st.DrawFn, **fixed: bool) -> Goods:
    today = draw(yuan)
    return Goods(
        today=today,
        floor=draw(st.one_of(yuan, st.just(today), st.just(to_fen(today * Decimal("0.9"))))),
        quantity=draw(st.integers(1, 5)),
        activity=fixed.get("activity", draw(st.booleans())),
        returning=draw(st.booleans()),
        coupon=draw(st.sampled_from([Decimal(0), Decimal(10), Decimal(20)])),
    )


def bid(total: str) -> Push:
    return Push("bid", Decimal(total))


def dress(**changes: object) -> Goods:
    return Goods(**{"today": Decimal(199), "floor": Decimal(185), **changes})  # type: ignore[arg-type]


def said(goods: Goods, *pushes: Push, talk: Talk | None = None) -> list[tuple[str, Decimal | None]]:
    """What is answered to each push, with the offer of a piece that stands then."""
    talk, answers = talk or Talk(), []
    for push in pushes:
        talk, answer = respond(goods, talk, push, RULES)
        answers.append((answer.said, answer.total or unit_offer(goods, talk)))
    return answers


def test_value_comes_first_then_a_gift_then_ever_smaller_steps_down_to_the_floor() -> None:
    assert said(dress(), *[LESS] * 7) == [
        ("value", Decimal(199)),
        ("gift", Decimal(199)),
        ("step", Decimal("192.0")),
        ("step", Decimal("187.8")),
        ("step", Decimal(185)),
        ("lowest", Decimal(185)),
        ("lowest", Decimal(185)),
    ]


def test_several_pieces_go_down_sooner_and_a_returning_customer_further() -> None:
    assert said(dress(quantity=2), LESS, LESS)[1] == ("step", Decimal("187.8"))
    assert said(dress(returning=True), LESS, LESS, LESS)[2] == ("step", Decimal("189.0"))


def test_a_coupon_that_takes_off_more_than_bargaining_could_is_told_instead() -> None:
    answers = said(dress(coupon=Decimal(20)), LESS, LESS, LESS, bid("182"), LESS, LESS, LESS)
    coupon = ["coupon", "coupon_price", "coupon_last", "coupon_ask", "coupon_last", "coupon_ask"]
    assert [name for name, _ in answers] == ["value", *coupon]


def test_who_was_refused_by_a_person_is_not_asked_for_a_figure_again() -> None:
    answers = said(dress(coupon=Decimal(20)), LESS, LESS, talk=Talk(valued=True, coupons=3, refused=True))
    assert [name for name, _ in answers] == ["coupon_last", "coupon_last"]


def test_a_smaller_coupon_stands_in_for_the_gift() -> None:
    assert [name for name, _ in said(dress(coupon=Decimal(10)), LESS, LESS, LESS)] == ["value", "coupon", "step"]


@pytest.mark.parametrize(
    ("price", "answer"),
    [
        ("199", ("agreed", Decimal(199))),
        ("250", ("agreed", Decimal(199))),
        ("192", ("agreed", Decimal(192))),
        ("191.99", ("step", Decimal("192.0"))),
        ("185", ("step", Decimal("192.0"))),
        ("184.99", ("value", Decimal(199))),
    ],
)
def test_a_first_bid(price: str, answer: tuple[str, Decimal]) -> None:
    assert said(dress(), bid(price)) == [answer]


def test_a_bid_below_the_floor_is_put_to_a_person_after_the_pack_s_rounds_and_only_once() -> None:
    answers = said(dress(), bid("150"), bid("150"), bid("150"), bid("140"), LESS, bid("185"))
    assert [name for name, _ in answers] == ["value", "gift", "asked", "waiting", "waiting", "agreed"]
    assert answers[2][1] == Decimal(150)
    assert answers[-1][1] == Decimal(185)


def test_a_joke_is_put_to_nobody() -> None:
    assert said(dress(), LESS, LESS, bid("1"))[-1] == ("too_low", Decimal(185))


def test_after_a_refusal_nobody_is_asked_again() -> None:
    assert said(dress(), bid("150"), talk=Talk(rounds=5, refused=True, asked=1))[0] == ("lowest", Decimal(185))


def test_a_granted_price_is_final_and_holds_for_its_pieces_alone() -> None:
    talk = Talk(rounds=4, asked=1, offer=Decimal(185), granted=Decimal(170), granted_for=1)
    assert said(dress(), LESS, bid("160"), ACCEPT, talk=talk)[-1] == ("agreed", Decimal(170))
    assert standing(dress(quantity=2), talk) == Decimal(370)
    assert not may_agree(dress(quantity=2), talk, Decimal(340))


@given(goods(activity=True), pushes)
def test_an_activity_price_is_final_and_no_person_is_asked(goods: Goods, pushes: list[Push]) -> None:
    talk = Talk()
    for push in pushes:
        talk, answer = respond(goods, talk, push, RULES)
        assert answer.said in ("fixed", "gift", "freight", "noted", "lowest", "agreed")
        assert standing(goods, talk) == goods.today_total


@settings(max_examples=500)
@given(goods(), pushes)
def test_no_order_of_pushes_gets_below_the_floor_and_offers_never_rise(goods: Goods, pushes: list[Push]) -> None:
    talk, last, asked = Talk(), goods.today_total, 0
    for push in pushes:
        talk, answer = respond(goods, talk, push, RULES)
        now = standing(goods, talk)
        assert min(goods.floor, goods.today) * goods.quantity <= now <= last
        last = now
        asked += answer.said == "asked"
        if answer.said == "agreed":
            assert answer.total is not None
            assert answer.total >= goods.lowest_total
            assert may_agree(goods, talk, answer.total)
        if answer.said == "asked":
            assert answer.total is not None
            assert answer.total < goods.lowest_total
            assert talk.rounds > RULES.rounds_before_approval
    assert asked <= 1


@given(goods(activity=False))
def test_every_step_goes_down_until_the_floor_is_reached(goods: Goods) -> None:
    talk, prices = Talk(valued=True, sweetened=True), [goods.today]
    while prices[-1] > goods.lowest:
        price, steps = next_offer(goods, talk, RULES)
        assert price < prices[-1]
        prices.append(price)
        talk = Talk(valued=True, sweetened=True, offer=price, steps=steps)
    assert len(prices) <= len(RULES.steps) + 1


@pytest.mark.parametrize("sku", ["DRESS", "JEANS", "SHOES", "MUG", "TEASET", "LAMP", "EARBUDS", "NUTS", "TISSUE"])
def test_the_steps_of_the_demo_shop_grow_smaller(sku: str) -> None:
    item = SHOP.catalogue[sku]
    answers = said(Goods(item.price, item.floor), *[LESS] * 5)
    prices = [price for name, price in answers if name in ("gift", "step") and price is not None]
    drops = [earlier - later for earlier, later in pairwise(prices)]
    assert all(later < earlier for earlier, later in pairwise(drops))
    assert prices[-1] == item.floor
