"""Fill the database with the shop's catalogue and, where `shop/demo` exists, the demo customers and orders."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.shop import Shop, relative_time
from bot.store.models import (
    Approval,
    Conversation,
    Customer,
    FailedProof,
    Identity,
    Order,
    OrderItem,
    PriceChange,
    Product,
    Setting,
    Ticket,
    Upload,
)

DEMO = "demo_seeded_at"


async def is_demo(session: AsyncSession) -> bool:
    """Whether the demo shop is loaded."""
    return await session.get(Setting, DEMO) is not None


async def seed(session: AsyncSession, shop: Shop, now: datetime) -> bool:
    """Load catalogue and demo data once; False when they are there already. Commits."""
    if (await session.execute(select(Product.sku).limit(1))).first():
        return False
    await _add_catalogue(session, shop, now)
    if (shop.directory / "demo").is_dir():
        await _add_demo(session, shop, now)
    await session.commit()
    return True


async def reset_demo(session: AsyncSession, shop: Shop, now: datetime) -> list[str]:
    """Forget all that demo customers and visitors did and seed the orders anew, relative to now. Commits.

    The ids of the uploads whose files nobody can see any more.
    """
    demo = select(Customer.id).where(Customer.demo == 1)
    numbers = select(Order.order_no).where(Order.customer_id.in_(demo))
    talks = or_(Conversation.customer_id.in_(demo), Conversation.customer_id.is_(None))
    conversations = select(Conversation.id).where(talks)
    tickets = or_(Ticket.conversation_id.in_(conversations), Ticket.order_no.in_(numbers))
    uploads = Upload.sender.in_(select(Conversation.sender).where(talks))
    unseen = (await session.execute(select(Upload.id).where(uploads))).scalars().all()
    for forgotten in (
        delete(Upload).where(uploads),
        delete(Approval).where(Approval.conversation_id.in_(conversations)),
        delete(Ticket).where(tickets),
        delete(Conversation).where(talks),
        delete(FailedProof),
        delete(OrderItem).where(OrderItem.order_no.in_(numbers)),
        delete(Order).where(Order.customer_id.in_(demo)),
        delete(Identity).where(Identity.customer_id.in_(demo)),
        delete(PriceChange),
        delete(Product),
        delete(Customer).where(Customer.demo == 1),
    ):
        await session.execute(forgotten.execution_options(synchronize_session=False))
    session.expunge_all()
    await _add_catalogue(session, shop, now)
    await _add_demo(session, shop, now)
    await session.commit()
    return list(unseen)


async def _add_catalogue(session: AsyncSession, shop: Shop, now: datetime) -> None:
    for item in shop.catalogue.values():
        session.add(
            Product(
                sku=item.sku,
                name=item.name,
                price=item.price,
                floor=item.floor,
                stock=item.stock,
                restock_at=relative_time(item.restock, now),
                ships_at=relative_time(item.ships_at, now),
                details=dict(item.details),
            )
        )
    await session.flush()


async def _add_demo(session: AsyncSession, shop: Shop, now: datetime) -> None:
    directory = shop.directory / "demo"
    customers = {entry["id"]: entry for entry in _load(directory / "customers.yml")}
    for entry in customers.values():
        session.add(Customer(demo=1, **entry))
    for change in _load(directory / "price_changes.yml"):
        session.add(
            PriceChange(
                sku=change["sku"],
                price=Decimal(change["to"]),
                starts_at=relative_time(change["at"], now),
                ends_at=relative_time(change["until"], now),
                reason=change["reason"],
            )
        )
    await session.flush()
    for entry in _load(directory / "orders.yml"):
        session.add(_order(entry, customers[entry["customer"]], now))
    await session.merge(Setting(key=DEMO, value=now.isoformat()))


def _order(entry: dict[str, Any], customer: dict[str, Any], now: datetime) -> Order:
    def instant(name: str) -> Any:
        return relative_time(entry.get(name, ""), now)

    refund = entry.get("refund")
    items = [
        OrderItem(
            sku=item["sku"],
            quantity=item["quantity"],
            price=Decimal(item["price"]),
            options={name: item[name] for name in ("color", "size", "engraving") if name in item},
        )
        for item in entry["items"]
    ]
    return Order(
        order_no=entry["order_no"],
        customer_id=entry["customer"],
        status=entry["status"],
        paid=Decimal(entry.get("paid", "0.00")),
        freight=Decimal(entry.get("freight", "0.00")),
        created_at=instant("created_at") or instant("paid_at"),
        paid_at=instant("paid_at"),
        shipped_at=instant("shipped_at"),
        signed_at=instant("signed_at"),
        courier=entry.get("courier"),
        tracking=entry.get("tracking"),
        phone=customer["phone"],
        receiver=customer["name"],
        address=entry.get("address", customer["address"]),
        presale=int(entry.get("presale", False)),
        gifts=entry.get("gifts", []),
        trace=_trace(entry, now),
        parcels=[_parcel(parcel, now) for parcel in entry.get("parcels", ())],
        refund=refund and {**refund, "applied_at": relative_time(refund["applied_at"], now).isoformat()},  # type: ignore[union-attr]
        items=items,
    )


def _parcel(entry: dict[str, Any], now: datetime) -> dict[str, Any]:
    signed_at = relative_time(entry.get("signed_at", ""), now)
    return {
        "items": entry["items"],
        "gifts": entry.get("gifts", []),
        "courier": entry["courier"],
        "tracking": entry["tracking"],
        "signed_at": signed_at and signed_at.isoformat(),
        "trace": _trace(entry, now),
    }


def _trace(entry: dict[str, Any], now: datetime) -> list[dict[str, str]]:
    return [{"at": relative_time(t["at"], now).isoformat(), "text": t["text"]} for t in entry.get("trace", [])]  # type: ignore[union-attr]


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
