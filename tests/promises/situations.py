"""Where a sentence is written: demo orders with all that the check is told, on a Wednesday at 15:20."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import yaml

from bot.policy.bargain import Goods
from bot.policy.facts import Claim
from bot.promises.facts import CourierFacts, PromiseFacts, Standing, TicketFacts
from bot.shop import relative_time
from tests.unit.policy.demo_shop import DEMO, NOW, PACK, ROOT, SHOP, line

LIMITS = PACK.bot_limits
BOT = Standing("bot", LIMITS.refund, LIMITS.compensation)
AGENT = Standing("agent", Decimal("500.00"), Decimal("50.00"))
NAMES = {sku: item.aliases for sku, item in SHOP.catalogue.items()}
RAW = {
    raw["order_no"][-3:]: raw
    for raw in yaml.safe_load((ROOT / "shop" / "demo" / "orders.yml").read_text(encoding="utf-8"))
}
NIGHT = NOW.replace(hour=3, minute=0)


def facts(number: str | None = None, **changes: Any) -> PromiseFacts:
    """The facts around a demo order, by the last digits of its number, while people are there."""
    known: dict[str, Any] = {"now": NOW, "pack": PACK, "standing": AGENT}
    known |= {"names": NAMES, "staffed_from": NOW, "gifts": tuple(SHOP.gift_values)}
    known |= {"free_from": Decimal(SHOP.shipping["free_from"]), "freight": Decimal(SHOP.shipping["freight"])}
    known["coupons"] = tuple((coupon.min_spend, coupon.reduction) for coupon in SHOP.coupons)
    if number is not None:
        order = DEMO[number]
        trace = [
            {"at": str(relative_time(each["at"], NOW)), "text": each["text"]} for each in RAW[number].get("trace", ())
        ]
        known |= {"order": order, "courier": CourierFacts(order.shipped_at, order.signed_at, None, tuple(trace))}
    return PromiseFacts(**(known | changes))


def presold(number: str, sku: str) -> PromiseFacts:
    """An order of goods that leave on a later day."""
    return facts(number, ships_at=relative_time(SHOP.catalogue[sku].ships_at, NOW))


def bargained(sku: str, today: str | None = None, **changes: Any) -> PromiseFacts:
    """A product that somebody may buy, at today's price and with its floor."""
    item = SHOP.catalogue[sku]
    goods = Goods(Decimal(today) if today else item.price, item.floor, activity=today is not None)
    return facts(product=line(sku), goods=goods, **changes)


def at_night(known: PromiseFacts) -> PromiseFacts:
    """The same at three in the morning, six hours before people come."""
    return replace(known, now=NIGHT, staffed_from=NIGHT + timedelta(hours=6))


REFUND_TICKET = TicketFacts("RF2026000000000118", "refund", Decimal("199.00"), NOW + timedelta(hours=20))

SITUATIONS: Mapping[str, PromiseFacts] = {
    "mug_signed": facts("101"),
    "jeans_unshipped": facts("105"),
    "lamp_unshipped": facts("106"),
    "shoes_on_the_way": facts("107"),
    "mango_on_the_way": facts("120"),
    "down_presale": presold("112", "DOWN"),
    "dress_old": facts("104"),
    "keyring_bot": facts("111", standing=BOT),
    "underwear_signed": facts("117"),
    "refund_pending": facts("118", tickets=(REFUND_TICKET,)),
    "teaset_broken_bot": facts("125", standing=BOT, claim=Claim("damaged", "TEASET", 1)),
    "mug_bargain": bargained("MUG"),
    "shirt_activity": bargained("TSHIRT", "59.00"),
    "shirt_fell": facts("119"),
    "night_lamp": at_night(facts("106")),
    "nobody_bot": facts(standing=BOT),
}
