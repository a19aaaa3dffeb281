"""The ledger of promises: what was promised to whom by when, and what became of it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Text

from bot.store.models.base import Base
from bot.store.types import Instant, Money


class MadePromise(Base):
    """A promise with a deadline that was sent. `state`: open, kept, broken, withdrawn; `made_by`: bot, agent:<id>.

    `text` is the clause in which it stands, `rule_id` that by which it held when it was made.
    """

    __tablename__ = "promises"
    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(32), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)
    message_id = Column(Integer, ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    ticket_id = Column(String(16), ForeignKey("tickets.id", ondelete="SET NULL"), index=True)
    order_no = Column(String(32), index=True)
    kind = Column(String(20), nullable=False)
    text = Column(Text, nullable=False)
    amount = Column(Money)
    due_at = Column(Instant, nullable=False)
    made_by = Column(String(20), nullable=False)
    state = Column(String(10), nullable=False, default="open")
    rule_id = Column(String(40), nullable=False)
    at = Column(Instant, nullable=False)
    settled_at = Column(Instant)
    __table_args__ = (
        Index("ix_promises_conversation", "conversation_id", "state"),
        Index("ix_promises_due", "state", "due_at"),
    )
