"""What is said, and how it gets in and out: conversations, messages, inbox, outbox, trackers, buttons, uploads."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text

from bot.store.models.base import Base, Json, new_id
from bot.store.types import Instant

# SQLite would give the numbers of deleted rows to new ones; channels catch up by them, receivers know sendings by them.
NEVER_AGAIN = {"sqlite_autoincrement": True}


class Conversation(Base):
    """One talk of one sender on one channel. `owner` says who answers: bot, queue, agent; or closed.

    `version` guards the owner: every turn writes `answered_at`, so one that began under another owner is done again.
    `customer_seen`, `staff_seen`: the last message number that each side has seen; the bot has seen what it answered.
    `warned_at`: when the customer was told that the silent conversation is about to be closed.
    """

    __tablename__ = "conversations"
    id = Column(String(32), primary_key=True, default=new_id)
    channel = Column(String(20), nullable=False)
    sender = Column(String(255), nullable=False)
    customer_id = Column(String(64), ForeignKey("customers.id"), index=True)
    owner = Column(String(10), nullable=False, default="bot")
    agent_id = Column(Integer, ForeignKey("accounts.id"))
    created_at = Column(Instant, nullable=False)
    answered_at = Column(Instant)
    closed_at = Column(Instant)
    customer_seen = Column(Integer, nullable=False, default=0, server_default="0")
    staff_seen = Column(Integer, nullable=False, default=0, server_default="0")
    warned_at = Column(Instant)
    version = Column(Integer, nullable=False)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_conversations_sender", "channel", "sender", "created_at"),
        Index("ix_conversations_owner", "owner", "agent_id", "created_at"),
        Index("ix_conversations_closed", "closed_at"),
        Index(
            "uq_conversations_open",
            "channel",
            "sender",
            unique=True,
            sqlite_where=text("owner != 'closed'"),
            postgresql_where=text("owner != 'closed'"),
        ),
    )


class Message(Base):
    """One line of the transcript. `id` is the number by which channels order and catch up (`seq` outside);

    `content` holds buttons, cards, image, attachments; `client_id` makes a message that is sent again the same message.
    """

    __tablename__ = "messages"
    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(32), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)
    role = Column(String(10), nullable=False)
    author = Column(String(60))
    text = Column(Text, nullable=False)
    content = Column(Json, nullable=False, default=dict)
    keys = Column(Json, nullable=False, default=list)
    client_id = Column(String(128))
    turn_id = Column(Integer, index=True)
    at = Column(Instant, nullable=False)
    __table_args__ = (
        Index("ix_messages_conversation", "conversation_id", "id"),
        Index("uq_messages_client", "conversation_id", "role", "client_id", unique=True),
        NEVER_AGAIN,
    )


class InboxEntry(Base):
    """A message from a customer that was acknowledged. `status`: pending, done, failed."""

    __tablename__ = "inbox"
    id = Column(Integer, primary_key=True)
    channel = Column(String(20), nullable=False)
    sender = Column(String(255), nullable=False)
    message_id = Column(String(128), nullable=False)
    conversation_id = Column(String(32), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)
    payload = Column(String(64))
    text = Column(Text, nullable=False)
    attachments = Column(Json, nullable=False, default=list)
    received_at = Column(Instant, nullable=False)
    status = Column(String(10), nullable=False, default="pending")
    attempts = Column(Integer, nullable=False, default=0)
    turn_id = Column(Integer)
    __table_args__ = (
        UniqueConstraint("channel", "sender", "message_id"),
        Index("ix_inbox_pending", "status", "conversation_id"),
        NEVER_AGAIN,
    )


class OutboxEntry(Base):
    """A message on its way to the customer.

    `status`: pending, sending, sent, unknown (never sent again), failed, waiting (for the customer to write first).
    Where a channel cuts a message into several, `progress` is how many of them have gone. `claimed_at`, by the true
    clock, is since when it is being sent by whoever claims for a limited time; `ticket_id` what it became for people.
    """

    __tablename__ = "outbox"
    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(32), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)
    message_id = Column(Integer, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False)
    channel = Column(String(20), nullable=False)
    status = Column(String(10), nullable=False, default="pending")
    attempts = Column(Integer, nullable=False, default=0)
    due_at = Column(Instant, nullable=False)
    progress = Column(Integer, nullable=False, default=0, server_default="0")
    claimed_at = Column(Instant)
    ticket_id = Column(String(16))
    __table_args__ = (
        Index("ix_outbox_due", "status", "conversation_id"),
        Index("ix_outbox_message", "message_id"),
        NEVER_AGAIN,
    )


class TrackerState(Base):
    """The compact state of one dialogue: what Rasa needs for the next turn (bot.engine.tracker_store)."""

    __tablename__ = "trackers"
    conversation_id = Column(String(32), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    events = Column(Json, nullable=False)
    phrases = Column(Json, nullable=False, default=dict)
    updated_at = Column(Instant, nullable=False)
    version = Column(Integer, nullable=False)
    __mapper_args__ = {"version_id_col": version}


class IssuedButton(Base):
    """A button that we showed; its id is what comes back, its payload never leaves the house."""

    __tablename__ = "buttons"
    id = Column(String(32), primary_key=True, default=new_id)
    conversation_id = Column(String(32), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True)
    title = Column(String(200), nullable=False)
    payload = Column(Text, nullable=False)
    expires_at = Column(Instant, nullable=False)


class Upload(Base):
    """A picture, film or document that somebody sent; the file lies in var/uploads under its id.

    `name` is what it is called when it is shown or saved: by the order and the matter, where they are known (R393).
    """

    __tablename__ = "uploads"
    id = Column(String(32), primary_key=True, default=new_id)
    sender = Column(String(255), nullable=False)
    name = Column(String(120), nullable=False, default="", server_default="")
    media_type = Column(String(60), nullable=False)
    size = Column(Integer, nullable=False)
    sha256 = Column(String(64), nullable=False)
    created_at = Column(Instant, nullable=False)
