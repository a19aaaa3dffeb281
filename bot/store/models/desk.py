"""People and their work: accounts and their sessions, handoffs, notes, surveys, tickets with their log, approvals."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint

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


class DeskSession(Base):
    """Somebody logged in to the console. `id` is a digest of the cookie: who reads the table cannot log in with it."""

    __tablename__ = "desk_sessions"
    id = Column(String(64), primary_key=True)
    account_id = Column(Integer, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True)
    csrf = Column(String(64), nullable=False)
    created_at = Column(Instant, nullable=False)
    expires_at = Column(Instant, nullable=False)


class FailedLogin(Base):
    """A wrong password; too many for an account or from an address lock the login for a while."""

    __tablename__ = "failed_logins"
    id = Column(Integer, primary_key=True)
    email = Column(String(120), nullable=False)
    address = Column(String(64), nullable=False)
    at = Column(Instant, nullable=False)
    __table_args__ = (
        Index("ix_failed_logins_email", "email", "at"),
        Index("ix_failed_logins_address", "address", "at"),
    )


class Handoff(Base):
    """Somebody who needs a person. `status`: queued, accepted, returned, cancelled, closed, message_left.

    Transferred to a colleague it waits for that one (`reserved_for`) until `reserved_until`, then for anybody.
    """

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
    reserved_for = Column(Integer, ForeignKey("accounts.id"))
    reserved_until = Column(Instant)
    __table_args__ = (Index("ix_handoffs_queue", "status", "priority", "requested_at"),)


class Note(Base):
    """What people write for each other about a conversation; no customer ever sees it."""

    __tablename__ = "notes"
    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(32), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)
    account_id = Column(Integer, ForeignKey("accounts.id"), nullable=False)
    text = Column(Text, nullable=False)
    client_id = Column(String(128))
    at = Column(Instant, nullable=False)
    __table_args__ = (
        Index("ix_notes_conversation", "conversation_id", "id"),
        Index("uq_notes_client", "conversation_id", "client_id", unique=True),
    )


class Survey(Base):
    """How a customer found a service. `status`: asked, answered, skipped. Bot and person are rated apart (1 to 5).

    `agent_id` is the person who served, if one did; `tags` of what was good or bad; `shown`: how often it was asked.
    """

    __tablename__ = "surveys"
    id = Column(String(32), primary_key=True, default=new_id)
    conversation_id = Column(String(32), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True)
    agent_id = Column(Integer, ForeignKey("accounts.id"))
    status = Column(String(10), nullable=False, default="asked")
    shown = Column(Integer, nullable=False, default=1)
    bot_score = Column(Integer)
    agent_score = Column(Integer)
    tags = Column(Json, nullable=False, default=list)
    text = Column(Text, nullable=False, default="")
    asked_at = Column(Instant, nullable=False)
    answered_at = Column(Instant)


class Ticket(Base):
    """What the shop owes a customer until when; types and states as ARCHITECTURE pins them.

    The columns are what the log says (bot.tickets.state), and are written with it only.
    """

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
    gravity = Column(String(1), nullable=False, default="1")
    level_reason = Column(Text, nullable=False, default="")
    priority = Column(String(8), nullable=False, default="normal")
    stage = Column(String(12), nullable=False, default="")
    contact = Column(String(120), nullable=False, default="")
    details = Column(Json, nullable=False, default=dict)
    payment = Column(String(8), nullable=False, default="none", index=True)
    reopened = Column(Integer, nullable=False, default=0)
    parent_id = Column(String(16), ForeignKey("tickets.id", ondelete="SET NULL"), index=True)
    created_at = Column(Instant, nullable=False)
    due_at = Column(Instant)
    done_at = Column(Instant)
    late_for = Column(Instant)
    result_confirmed_at = Column(Instant)
    version = Column(Integer, nullable=False)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index("ix_tickets_status", "status", "due_at"),)


class TicketEvent(Base):
    """One entry of a ticket's append-only log."""

    __tablename__ = "ticket_events"
    id = Column(Integer, primary_key=True)
    ticket_id = Column(String(16), ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False, index=True)
    kind = Column(String(30), nullable=False)
    actor = Column(String(120), nullable=False)
    detail = Column(Json, nullable=False, default=dict)
    at = Column(Instant, nullable=False)


class TicketLink(Base):
    """Two tickets that belong together. `kind`: related, follow_up, sub_task (b is part of a)."""

    __tablename__ = "ticket_links"
    id = Column(Integer, primary_key=True)
    a = Column(String(16), ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False)
    b = Column(String(16), ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False, index=True)
    kind = Column(String(12), nullable=False)
    at = Column(Instant, nullable=False)
    __table_args__ = (UniqueConstraint("a", "b", "kind"),)


class TicketNews(Base):
    """What a customer is to hear of an event of a ticket, once. Told without `message_id`: it was not needed."""

    __tablename__ = "ticket_news"
    id = Column(Integer, primary_key=True)
    event_id = Column(Integer, ForeignKey("ticket_events.id", ondelete="CASCADE"), nullable=False, unique=True)
    ticket_id = Column(String(16), ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False, index=True)
    key = Column(String(60), nullable=False)
    fields = Column(Json, nullable=False, default=dict)
    due_at = Column(Instant, nullable=False)
    told_at = Column(Instant)
    message_id = Column(Integer, ForeignKey("messages.id", ondelete="SET NULL"))
    __table_args__ = (Index("ix_ticket_news_due", "told_at", "due_at"),)


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
