"""Bargaining: what the bot answers to a push for a lower price. Pure; the one place that knows the floor.

Money is yuan as Decimal; a total is for all pieces. An offer never rises, and no agreement lies below the floor but one
that a person approved. The numbers are the pack's (`RulePack.bargain`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Literal

from bot.policy.money import FEN, ZERO, to_fen
from bot.policy.sections import Bargain

JIAO = Decimal("0.10")
LEAST_BID = Decimal("0.01")
MOST_ASKED = 2
"""Approvals asked for one product in one conversation: a second one only where the first was never answered."""

PushKind = Literal["less", "bid", "accept", "noted", "news", "freight"]
Said = Literal[
    "value", "elsewhere", "gift", "coupon", "step", "lowest", "fixed", "too_low",
    "asked", "waiting", "granted", "freight", "noted", "agreed",
    "coupon_price", "coupon_last", "coupon_ask",
]  # fmt: skip


@dataclass(frozen=True)
class Goods:
    """What is bargained over, as things stand now. `today` and `floor` are prices of one piece.

    `activity`: today's price is an activity's, which is final. `coupon`: what a coupon takes off that this purchase and
    customer really qualify for.
    """

    today: Decimal
    floor: Decimal
    quantity: int = 1
    activity: bool = False
    returning: bool = False
    coupon: Decimal = ZERO

    def __post_init__(self) -> None:
        if self.quantity < 1 or self.today <= 0 or self.floor < 0:
            raise ValueError("nothing to bargain over")

    @property
    def lowest(self) -> Decimal:
        """The lowest price of a piece to which the bot may agree by itself."""
        return self.today if self.activity else min(self.floor, self.today)

    @property
    def lowest_total(self) -> Decimal:
        """The same for all pieces."""
        return self.lowest * self.quantity

    @property
    def today_total(self) -> Decimal:
        """All pieces at today's price."""
        return self.today * self.quantity

    @property
    def coupon_is_best(self) -> bool:
        """Whether the coupon takes off at least as much as bargaining could."""
        return self.coupon > 0 and self.with_coupon <= self.lowest_total

    @property
    def with_coupon(self) -> Decimal:
        """All pieces at today's price, less the coupon."""
        return self.today_total - self.coupon


@dataclass(frozen=True)
class Talk:
    """How far the bargaining over a product has come: memory, and what people decided.

    `rounds`: pushes so far; `offer`: the price of a piece that stands; `coupons`: pushes answered with the coupon;
    `granted`: a total that a person approved for `granted_for` pieces; `asked`: approvals asked for; `refused`: one
    said no.
    """

    rounds: int = 0
    offer: Decimal | None = None
    valued: bool = False
    sweetened: bool = False
    coupons: int = 0
    gift: bool = False
    steps: int = 0
    waiting: bool = False
    refused: bool = False
    asked: int = 0
    granted: Decimal | None = None
    granted_for: int = 0


@dataclass(frozen=True)
class Push:
    """What the customer does: asks for less, names a total, accepts what stands …"""

    kind: PushKind
    total: Decimal | None = None
    elsewhere: bool = False


@dataclass(frozen=True)
class Answer:
    """What the bot says to it; `total` is what was agreed, or what a person is asked for."""

    said: Said
    total: Decimal | None = None


def standing(goods: Goods, talk: Talk) -> Decimal:
    """The total that the customer can have now without another word."""
    offered = unit_offer(goods, talk) * goods.quantity
    granted = _granted(goods, talk)
    return offered if granted is None else min(offered, granted)


def unit_offer(goods: Goods, talk: Talk) -> Decimal:
    """The offered price of a piece: never above today's, never below the lowest; today's where the coupon does more."""
    if goods.coupon_is_best:
        return goods.today
    offer = goods.today if talk.offer is None else min(talk.offer, goods.today)
    return max(offer, goods.lowest)


def may_agree(goods: Goods, talk: Talk, total: Decimal) -> bool:
    """Whether a deal over this total can be made: at the floor or above it, or as a person approved it."""
    granted = _granted(goods, talk)
    return total >= goods.lowest_total or (granted is not None and total >= granted)


def respond(goods: Goods, talk: Talk, push: Push, rules: Bargain) -> tuple[Talk, Answer]:
    """The bot's answer to a push, and the talk after it."""
    if push.kind in ("freight", "noted"):
        return talk, Answer("freight" if push.kind == "freight" else "noted")
    if push.kind == "news":
        return talk, Answer("waiting" if talk.waiting else "lowest")
    stands = standing(goods, talk)
    if push.kind == "accept" or (push.total is not None and push.total >= stands):
        return talk, Answer("agreed", to_fen(stands))
    talk = replace(talk, rounds=talk.rounds + 1)
    if _granted(goods, talk) is not None:
        return talk, Answer("granted")
    if goods.activity:
        return _at_the_activity_price(talk)
    if push.total is not None:
        return _to_a_bid(goods, talk, push, rules, push.total)
    return _concede(goods, talk, push, rules)


def next_offer(goods: Goods, talk: Talk, rules: Bargain) -> tuple[Decimal, int]:
    """The next lower price of a piece, with the number of steps taken then; the steps grow smaller."""
    now, steps = unit_offer(goods, talk), talk.steps
    several = goods.quantity >= rules.several_from and steps == 0
    price = now
    while price >= now and price > goods.lowest:
        steps += 2 if several else 1
        price = _price_after(goods, steps, rules)
    return min(price, now), steps


def _price_after(goods: Goods, steps: int, rules: Bargain) -> Decimal:
    if steps >= len(rules.steps):
        return goods.lowest
    share = sum(rules.steps[:steps], ZERO)
    price = goods.today - (goods.today - goods.lowest) * share
    if goods.returning:
        price -= rules.returning_customer_extra
    return max(price.quantize(JIAO, ROUND_HALF_UP), goods.lowest)


def _granted(goods: Goods, talk: Talk) -> Decimal | None:
    return talk.granted if talk.granted is not None and talk.granted_for == goods.quantity else None


def _at_the_activity_price(talk: Talk) -> tuple[Talk, Answer]:
    if talk.valued and not talk.sweetened:
        return replace(talk, sweetened=True, gift=True), Answer("gift")
    return replace(talk, valued=True), Answer("fixed")


def _to_a_bid(goods: Goods, talk: Talk, push: Push, rules: Bargain, bid: Decimal) -> tuple[Talk, Answer]:
    if goods.coupon_is_best and bid >= goods.with_coupon:
        return _by_coupon(replace(talk, valued=True))
    if bid >= goods.lowest_total:
        price, steps = next_offer(goods, talk, rules)
        if bid >= price * goods.quantity:
            # What was agreed once stands, also if it is not confirmed.
            agreed = (bid / goods.quantity).quantize(FEN, ROUND_UP)
            return replace(talk, valued=True, offer=min(agreed, unit_offer(goods, talk))), Answer("agreed", to_fen(bid))
        return replace(talk, valued=True, offer=price, steps=steps), Answer("step")
    if talk.rounds > rules.rounds_before_approval:
        return _to_a_person(goods, talk, rules, bid)
    return _concede(goods, talk, push, rules)


def _to_a_person(goods: Goods, talk: Talk, rules: Bargain, bid: Decimal) -> tuple[Talk, Answer]:
    """Below the floor a person decides, who is really asked: not for a joke, and not twice."""
    if talk.waiting:
        return talk, Answer("waiting")
    if not goods.coupon_is_best:
        talk = replace(talk, valued=True, offer=goods.lowest, steps=len(rules.steps))
    if bid < goods.lowest_total * rules.approval_least:
        return talk, Answer("too_low")
    if talk.refused or talk.asked >= MOST_ASKED:
        return talk, Answer("lowest")
    return replace(talk, waiting=True, asked=talk.asked + 1), Answer("asked", to_fen(bid))


def _concede(goods: Goods, talk: Talk, push: Push, rules: Bargain) -> tuple[Talk, Answer]:
    """Value first, then a gift or a coupon, then down in steps; several pieces go down at once."""
    if talk.waiting:
        return talk, Answer("waiting")
    if not talk.valued:
        return replace(talk, valued=True), Answer("elsewhere" if push.elsewhere else "value")
    if goods.coupon_is_best:
        return _by_coupon(talk)
    if not talk.sweetened and talk.offer is None and goods.quantity < rules.several_from:
        if goods.coupon > 0:
            return replace(talk, sweetened=True), Answer("coupon")
        return replace(talk, sweetened=True, gift=True), Answer("gift")
    price, steps = next_offer(goods, talk, rules)
    if price < unit_offer(goods, talk):
        return replace(talk, offer=price, steps=steps), Answer("step")
    return talk, Answer("lowest")


def _by_coupon(talk: Talk) -> tuple[Talk, Answer]:
    """The coupon does more than bargaining: told once, then the price with it, then that this is all.

    Who goes on is asked for a figure, which a person may decide on, as long as one may still be asked.
    """
    said: tuple[Said, ...] = ("coupon", "coupon_price", "coupon_last", "coupon_ask")
    closed = talk.refused or talk.asked >= MOST_ASKED
    told = talk.coupons if talk.coupons < len(said) else 2 + talk.coupons % 2
    answer: Said = "coupon_last" if closed and said[told] == "coupon_ask" else said[told]
    return replace(talk, sweetened=True, coupons=talk.coupons + 1), Answer(answer)
