"""People and their work: accounts, handoffs, tickets with their event log, approvals."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Text

from bot.store.models.base import Base, Json, new_id
from bot.store.types import Instant, Money


class Account(Base):
    """Somebody who works in the console. `role`: agent, supervisor, admin."""

    __tablename__ = "accounts"
    id = Column(Integer, primary_key=True)
    email = Column(String(120), nullable=False, unique=True)
    name = Column(String(60), nullable=False)
    password_hash = Column(String(200), nullable=False)
    role = Column(String(12), nullable=False, default="agent")
    created_at = Column(Instant, nullable=False)


class Handoff(Base):
    """Somebody who needs a person. `status`: queued, accepted, returned, cancelled, closed, message_left."""

    __tablename__ = "handoffs"
    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(32), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True)
    reason = Column(String(40), nullable=False)
    priority = Column(Integer, nullable=False, default=0)
    summary = Column(Json, nullable=False)
    status = Column(String(14), nullable=False, default="queued")
    awaits_message = Column(Integer, nullable=False, default=0)
    agent_id = Column(Integer, ForeignKey("accounts.id"))
    requested_at = Column(Instant, nullable=False)
    accepted_at = Column(Instant)
    ended_at = Column(Instant)
    __table_args__ = (Index("ix_handoffs_queue", "status", "priority", "requested_at"),)


class Ticket(Base):
    """What the shop owes a customer until when; types and states as ARCHITECTURE pins them."""

    __tablename__ = "tickets"
    id = Column(String(16), primary_key=True)
    type = Column(String(20), nullable=False)
    status = Column(String(18), nullable=False)
    level = Column(String(10), nullable=False, default="normal")
    order_no = Column(String(32), ForeignKey("orders.order_no"), index=True)
    customer_id = Column(String(64), ForeignKey("customers.id"), index=True)
    conversation_id = Column(String(32), ForeignKey("conversations.id"), nullable=False, index=True)
    items = Column(Json, nullable=False, default=list)
    amount = Column(Money)
    freight_payer = Column(String(10), nullable=False, default="none")
    cause = Column(String(20))
    reason = Column(String(200), nullable=False, default="")
    evidence = Column(Json, nullable=False, default=list)
    rule_ids = Column(Json, nullable=False, default=list)
    created_at = Column(Instant, nullable=False)
    due_at = Column(Instant)
    version = Column(Integer, nullable=False)
    __mapper_args__ = {"version_id_col": version}


class TicketEvent(Base):
    """One entry of a ticket's append-only log."""

    __tablename__ = "ticket_events"
    id = Column(Integer, primary_key=True)
    ticket_id = Column(String(16), ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False, index=True)
    kind = Column(String(30), nullable=False)
    actor = Column(String(120), nullable=False)
    detail = Column(Json, nullable=False, default=dict)
    at = Column(Instant, nullable=False)


class Approval(Base):
    """A decision that a person must take. `kind`: refund, bargain; `status`: pending, approved, rejected, expired.

    A bargain is about a `subject` (sku, quantity, what stands offered) and waits no longer than `due_at`.
    """

    __tablename__ = "approvals"
    id = Column(String(32), primary_key=True, default=new_id)
    kind = Column(String(12), nullable=False)
    status = Column(String(10), nullable=False, default="pending")
    ticket_id = Column(String(16), ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    conversation_id = Column(String(32), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)
    amount = Column(Money)
    request = Column(Text, nullable=False, default="")
    decided_by = Column(String(120))
    reason = Column(String(200))
    subject = Column(Json)
    created_at = Column(Instant, nullable=False)
    due_at = Column(Instant)
    decided_at = Column(Instant)
    __table_args__ = (Index("ix_approvals_status", "status", "created_at"),)
