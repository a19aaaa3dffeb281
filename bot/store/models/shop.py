"""What was sold: products, price changes, orders, parcels, refunds that run already."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String
from sqlalchemy.orm import relationship

from bot.store.models.base import Base, Json
from bot.store.types import Instant, Money


class Product(Base):
    """A product of the catalogue. `details`: colours, sizes, parts, gift, traits … as in shop/products.csv."""

    __tablename__ = "products"
    sku = Column(String(40), primary_key=True)
    name = Column(String(120), nullable=False)
    price = Column(Money, nullable=False)
    floor = Column(Money, nullable=False)
    stock = Column(Integer, nullable=False, default=0)
    restock_at = Column(Instant)
    ships_at = Column(Instant)
    details = Column(Json, nullable=False, default=dict)


class PriceChange(Base):
    """An activity price of a product for a time."""

    __tablename__ = "price_changes"
    id = Column(Integer, primary_key=True)
    sku = Column(String(40), ForeignKey("products.sku"), nullable=False, index=True)
    price = Column(Money, nullable=False)
    starts_at = Column(Instant, nullable=False)
    ends_at = Column(Instant)
    reason = Column(String(60), nullable=False, default="")


class Order(Base):
    """An order. `status`: unpaid, paid, shipped, signed, closed.

    `version` guards claims: two conversations cannot open tickets on the same pieces at the same time. `parcels`, where
    there are several: items by sku, gifts, courier, tracking, signed_at, trace; the columns then tell of the first.
    """

    __tablename__ = "orders"
    order_no = Column(String(32), primary_key=True)
    customer_id = Column(String(64), ForeignKey("customers.id"), nullable=False)
    status = Column(String(10), nullable=False)
    paid = Column(Money, nullable=False)
    freight = Column(Money, nullable=False)
    created_at = Column(Instant, nullable=False)
    paid_at = Column(Instant)
    shipped_at = Column(Instant)
    signed_at = Column(Instant)
    courier = Column(String(30))
    tracking = Column(String(40))
    phone = Column(String(20), nullable=False)
    receiver = Column(String(60), nullable=False)
    address = Column(String(200), nullable=False)
    presale = Column(Integer, nullable=False, default=0)
    gifts = Column(Json, nullable=False, default=list)
    trace = Column(Json, nullable=False, default=list)
    parcels = Column(Json, nullable=False, default=list)
    refund = Column(Json)
    claims = Column(Integer, nullable=False, default=0)
    version = Column(Integer, nullable=False)
    items = relationship("OrderItem", order_by="OrderItem.id", lazy="selectin", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index("ix_orders_customer", "customer_id", "created_at"),)


class Refund(Base):
    """Money that the payment side of the demo shop was asked to give back; once for each ticket."""

    __tablename__ = "refunds"
    ticket_id = Column(String(16), ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    order_no = Column(String(32), ForeignKey("orders.order_no", ondelete="CASCADE"), nullable=False, index=True)
    number = Column(String(20), nullable=False)
    amount = Column(Money, nullable=False)
    applied_at = Column(Instant, nullable=False)


class OrderItem(Base):
    """One line of an order; `price` is what was paid for one piece."""

    __tablename__ = "order_items"
    id = Column(Integer, primary_key=True)
    order_no = Column(String(32), ForeignKey("orders.order_no", ondelete="CASCADE"), nullable=False, index=True)
    sku = Column(String(40), ForeignKey("products.sku"), nullable=False)
    quantity = Column(Integer, nullable=False)
    price = Column(Money, nullable=False)
    options = Column(Json, nullable=False, default=dict)


class Setting(Base):
    """Small facts about the installation, such as when the demo shop was seeded."""

    __tablename__ = "settings"
    key = Column(String(40), primary_key=True)
    value = Column(Json, nullable=False)
