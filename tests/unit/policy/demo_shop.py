"""The demo shop as facts: orders and products as they ship in `shop/`, times relative to one fixed instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from bot.clock import SHANGHAI
from bot.policy.facts import Claimed, LineFacts, OrderFacts, ParcelFacts, PriceSeen
from bot.policy.pack import Packs, RulePack
from bot.shop import CatalogueItem, load_shop, relative_time

ROOT = Path(__file__).resolve().parents[3]
SHOP = load_shop(ROOT / "shop")
PACKS = Packs.load(ROOT / "shop" / "policies")
PACK: RulePack = PACKS.packs[-1]
NOW = datetime(2026, 3, 18, 15, 20, tzinfo=SHANGHAI)
PACK_FILE = ROOT / "shop" / "policies" / "2026-01-01.yml"


def ago(**parts: float) -> datetime:
    """An instant before the tests' now."""
    return NOW - timedelta(**parts)


def line(sku: str, quantity: int = 1, price: str | None = None, **changes: Any) -> LineFacts:
    """A line of a product in the catalogue."""
    item: CatalogueItem = SHOP.catalogue[sku]
    details = item.details
    facts = LineFacts(
        sku=sku,
        name=item.name,
        quantity=quantity,
        unit_price=Decimal(price) if price else item.price,
        no_reason=details["no_reason"],
        category=details["category"],
        traits=frozenset(details["traits"]),
        warranty_days=details["warranty_days"],
        parts=details["parts"],
        gift=details["gift"] or None,
        stock=item.stock,
        restock_at=relative_time(item.restock, NOW),
        choices={"color": tuple(details["colors"]), "size": tuple(details["sizes"])},
    )
    return replace(facts, **changes)


def order(*lines: LineFacts, **changes: Any) -> OrderFacts:
    """A signed order of these lines; signed a day ago unless changed."""
    facts = OrderFacts(
        order_no="2026000000000900",
        status="signed",
        lines=lines,
        paid=sum((each.price for each in lines), changes.get("freight", Decimal("0.00"))),
        paid_at=ago(days=5),
        shipped_at=ago(days=4),
        signed_at=ago(days=1),
        gift_values=SHOP.gift_values,
    )
    return replace(facts, **changes)


def _demo_orders() -> dict[str, OrderFacts]:
    orders = yaml.safe_load((ROOT / "shop" / "demo" / "orders.yml").read_text(encoding="utf-8"))
    changes = yaml.safe_load((ROOT / "shop" / "demo" / "price_changes.yml").read_text(encoding="utf-8"))
    return {raw["order_no"][-3:]: _demo_order(raw, changes) for raw in orders}


def _demo_order(raw: dict[str, Any], changes: list[dict[str, Any]]) -> OrderFacts:
    lines = tuple(
        line(i["sku"], i["quantity"], i["price"], prices=_activities(i["sku"], changes)) for i in raw["items"]
    )
    refund = raw.get("refund")
    claimed = ()
    if refund:
        claimed = (
            Claimed(lines[0].sku, lines[0].quantity, Decimal(refund["amount"]), refund["number"], refund["status"]),
        )
    return OrderFacts(
        order_no=raw["order_no"],
        status=raw["status"],
        lines=lines,
        paid=Decimal(raw.get("paid", "0.00")),
        freight=Decimal(raw.get("freight", "0.00")),
        paid_at=relative_time(raw.get("paid_at", ""), NOW),
        shipped_at=relative_time(raw.get("shipped_at", ""), NOW),
        signed_at=relative_time(raw.get("signed_at", ""), NOW),
        gifts=tuple(raw.get("gifts", ())),
        claimed=claimed,
        gift_values=SHOP.gift_values,
        parcels=tuple(map(_parcel, raw.get("parcels", ()))),
    )


def _parcel(raw: dict[str, Any]) -> ParcelFacts:
    return ParcelFacts(raw["items"], tuple(raw.get("gifts", ())), relative_time(raw.get("signed_at", ""), NOW))


def fell(price: str, since: datetime = NOW) -> tuple[PriceSeen, ...]:
    """A price of a piece from an instant on."""
    return (PriceSeen(Decimal(price), since),)


def _activities(sku: str, changes: list[dict[str, Any]]) -> tuple[PriceSeen, ...]:
    return tuple(PriceSeen(Decimal(c["to"]), relative_time(c["at"], NOW) or NOW) for c in changes if c["sku"] == sku)


DEMO = _demo_orders()
