"""Nothing that the bot says of itself is blocked, in the situation in which policy has it say so."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest

from actions.lookups import ASIDES, LOOKUPS
from bot.policy.clauses import PROMISE_RULES
from bot.policy.facts import SOLUTIONS
from bot.policy.pack import RulePack
from bot.promises.checking import check
from bot.promises.facts import PromiseFacts, TicketFacts
from bot.promises.reading import read
from bot.promises.verdict import TRUTHS
from bot.texts import Texts, Variant
from tests.promises.situations import BOT, SITUATIONS, bargained, facts, presold
from tests.unit.policy.demo_shop import NOW, PACK, PACKS, ROOT, SHOP, line

NEUTRAL = "若干"  # for a field that promises nothing
DUE = NOW + timedelta(hours=20)
TEXTS = Texts(ROOT / "shop" / "texts", {})


def told(instant: object) -> str:
    return PACK.fill("{value}", value=instant)


FIELDS = {
    "amount": "15.96",
    "applied": told(NOW - timedelta(days=1)),
    "activity_until": told(DUE),
    "at": told(NOW),
    "came": "茶具",
    "choices": "黑色、白色",
    "count": "2",
    "coupon": "满199减20",
    "coupon_until": told(DUE),
    "courier": "中通快递",
    "couriers": "中通快递、圆通速递",
    "customer": "林女士",
    "days": "365",
    "dear": "亲，",
    "due": told(DUE),
    "extra": "3.00",
    "extras": "包邮",
    "free_from": "59.00",
    "freight": "8.00",
    "gift": "小样湿巾1包",
    "hours": "24",
    "item": "手绘陶瓷马克杯",
    "items": "手绘陶瓷马克杯×1",
    "late_hours": "72",
    "latest": "【上海】快件到达上海转运中心",
    "left": "79.80",
    "list_price": "39.90",
    "lock_minutes": "15",
    "material": "陶瓷",
    "matter": "退款",
    "minutes": "3",
    "mood": "着急",
    "name": "小周",
    "number": "RF1",
    "offered": "36.00",
    "opens": "09:00",
    "options": "白色",
    "order": "尾号0101",
    "order_no": "2026000000000101",
    "order_tail": "0101",
    "ordered": "手绘陶瓷马克杯",
    "paid": "79.80",
    "paid_courier": "顺丰速运",
    "paid_extra": "12.00",
    "part": "茶杯",
    "position": "2",
    "price": "36.00元",
    "price_days": "7",
    "product": "手绘陶瓷马克杯",
    "promises": "",
    "quantity": "1",
    "reason": "照片看不清",
    "refund_days": PACK.refund_arrival.told,
    "refused": "补发",
    "restock": "3月23日",
    "restock_at": "3月23日 15:20",
    "return_address": "浙江省杭州市余杭区",
    "return_name": "拾光售后仓",
    "return_phone": "0571-80000000",
    "return_window_days": "7",
    "ships_at": "3月28日",
    "ships_from": "浙江杭州",
    "shop_name": SHOP.name,
    "size": "M",
    "sizes": "M、L",
    "solution": "补发",
    "start": told(DUE),
    "status": "已签收",
    "tail": "0101",
    "terms": "坏的不用寄回",
    "ticket": "T20260318001",
    "today": "39.90",
    "total": "39.90",
    "tracking": "ZT7300000101",
    "until": told(DUE),
    "value": "350毫升",
    "waited": "5",
    "wanted": "白色",
    "what": "杯子",
    "why": "不喜欢",
    "worth": "容量380ml",
}

OPEN = tuple(TicketFacts(FIELDS["ticket"], solution, Decimal(FIELDS["amount"]), DUE) for solution in SOLUTIONS)
SERVED = facts("101", standing=BOT, tickets=OPEN)
WITHOUT = {
    "shipping": facts("106", standing=BOT),
    "on_the_way": facts("107", standing=BOT),
    "presale": presold("112", "DOWN"),
    "bargain": bargained("MUG", standing=BOT),
    "sent_free": bargained("TSHIRT", standing=BOT),
    "price_protection": facts("101", standing=BOT),
    "warranty": facts(product=line("EARBUDS"), standing=BOT),
}


def situation(key: str) -> PromiseFacts:
    """Where the bot says this text."""
    if "warranty" in key:
        return WITHOUT["warranty"]
    if "price_protection" in key:
        return WITHOUT["price_protection"]
    if "presale" in key:
        return WITHOUT["presale"]
    if key == "utter_ask_bid_freight_free" or key.startswith(("utter_ask_confirmed_price", "utter_bargain_agreed")):
        return WITHOUT["sent_free"]
    if key.startswith(("utter_bargain", "utter_ask_bid", "utter_ask_confirmed_price", "utter_product_price")):
        return WITHOUT["bargain"]
    if key.endswith("_signed"):
        return SERVED
    if "track_order" in key or "interception" in key:
        return WITHOUT["on_the_way"]
    if "shipping" in key or "unshipped" in key:
        return WITHOUT["shipping"]
    return SERVED


def filled(key: str, variant: Variant, known: PromiseFacts) -> str:
    """The text with fields that are true there."""
    fields = FIELDS | ({"days": FIELDS["return_window_days"]} if "returnable" in key else {})
    if known.product is not None:
        fields = fields | {"product": known.product.name, "item": known.product.name}
    if known.goods is not None:
        lowest = f"{known.goods.lowest_total:.2f}"
        fields = fields | {"amount": lowest, "price": f"{lowest}元", "total": lowest}
    return variant.text.format_map(defaultdict(lambda: NEUTRAL, fields))


@pytest.mark.parametrize("key", TEXTS.keys())
def test_what_the_bot_says_is_never_blocked(key: str) -> None:
    known = situation(key)
    for variant in TEXTS._variants[key]:
        text = filled(key, variant, known)
        blocked = [v for v in check(read(text, known.now), known) if v.outcome == "block"]
        assert not blocked, (text, [(v.promise.kind, v.promise.clause, v.rule_id) for v in blocked])


@pytest.mark.parametrize("pack", PACKS.packs, ids=lambda pack: pack.version)
def test_every_pack_has_the_rules_of_promises_and_keeps_its_own_clauses(pack: RulePack) -> None:
    assert {rule.id for rule in pack.rules} >= set(PROMISE_RULES)
    for rule in pack.rules:
        clause = pack.clause(rule.id)
        known = SITUATIONS["mug_signed"]
        blocked = [v for v in check(read(clause, NOW), known) if v.outcome == "block"]
        assert not blocked, (rule.id, clause, [(v.promise.kind, v.rule_id) for v in blocked])


@pytest.mark.parametrize("name", SITUATIONS)
def test_what_is_said_to_everybody_is_not_blocked_whatever_is_talked_about(name: str) -> None:
    known = SITUATIONS[name]
    keys = [f"utter_{intent}" for intent in ASIDES - set(LOOKUPS) if f"utter_{intent}" in TEXTS]
    assert keys
    for text in (filled(key, variant, known) for key in keys for variant in TEXTS._variants[key]):
        blocked = [v for v in check(read(text, known.now), known) if v.outcome == "block"]
        assert not blocked, (text, [(v.promise.kind, v.promise.clause, v.rule_id) for v in blocked])


def test_every_truth_has_its_text() -> None:
    assert set(TRUTHS) <= set(TEXTS.keys())


def test_a_date_is_read_as_our_texts_write_it() -> None:
    due = NOW + timedelta(days=3)
    for variant in TEXTS._variants["utter_shipping_due"]:
        text = variant.text.format_map({**FIELDS, "due": f"{due:%m-%d %H:%M}"})
        told = [promise.deadline.by for promise in read(text, NOW) if promise.deadline]
        assert all(by == due.replace(second=0, microsecond=0) for by in told), text
    assert read(f"{due:%m-%d %H:%M}前给您答复", NOW)[0].deadline
