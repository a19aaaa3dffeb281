"""Who writes: customers, their identities on channels, grants to single orders, failed proofs."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, UniqueConstraint

from bot.store.models.base import Base
from bot.store.types import Instant


class Customer(Base):
    """A customer of the shop. `level`: new, normal, returning, vip."""

    __tablename__ = "customers"
    id = Column(String(64), primary_key=True)
    name = Column(String(60), nullable=False, default="")
    phone = Column(String(20), nullable=False, default="")
    address = Column(String(200), nullable=False, default="")
    level = Column(String(20), nullable=False, default="normal")
    demo = Column(Integer, nullable=False, default=0)


class Identity(Base):
    """An account of a channel (a WeChat openid, say) bound to a customer."""

    __tablename__ = "identities"
    id = Column(Integer, primary_key=True)
    channel = Column(String(20), nullable=False)
    external_id = Column(String(255), nullable=False)
    customer_id = Column(String(64), ForeignKey("customers.id"), nullable=False, index=True)
    bound_at = Column(Instant, nullable=False)
    __table_args__ = (UniqueConstraint("channel", "external_id"),)


class OrderGrant(Base):
    """An unknown visitor proved, by order number and phone, that this order is theirs; holds for one conversation."""

    __tablename__ = "order_grants"
    conversation_id = Column(String(32), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    order_no = Column(String(32), primary_key=True)
    granted_at = Column(Instant, nullable=False)


class FailedProof(Base):
    """A wrong pair of order number and phone; three of a sender, or ten on an order, in 15 minutes lock it."""

    __tablename__ = "failed_proofs"
    id = Column(Integer, primary_key=True)
    channel = Column(String(20), nullable=False)
    sender = Column(String(255), nullable=False)
    order_no = Column(String(32), nullable=False)
    at = Column(Instant, nullable=False)
    __table_args__ = (
        Index("ix_failed_proofs_sender", "channel", "sender", "at"),
        Index("ix_failed_proofs_order", "order_no", "at"),
    )
