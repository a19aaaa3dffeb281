"""What is owed until when: clocks with their log, what platforms took for breaches, work that has its time."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import relationship

from bot.store.models.base import Base, Json, new_id
from bot.store.types import Instant, Money


class DutyClock(Base):
    """A clock of the rule pack that was started. `state`: running, paused, kept, breached, cancelled.

    `state`, `due_at`, `ended_at` and `next_at` (when the scheduler has to look at it) are projections of its events.
    `subject` is what the clock is about, which it has only once at a time; points, yuan and label are what a breach
    costs, as it was when the clock started.
    """

    __tablename__ = "clocks"
    id = Column(String(32), primary_key=True, default=new_id)
    rule = Column(String(40), nullable=False)
    pack_version = Column(String(40), nullable=False)
    subject = Column(String(60), nullable=False)
    ticket_id = Column(String(16), ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    conversation_id = Column(String(32), ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    order_no = Column(String(32), ForeignKey("orders.order_no", ondelete="CASCADE"), index=True)
    promise_id = Column(String(32), index=True)
    platform = Column(String(20), nullable=False)
    started_at = Column(Instant, nullable=False)
    due_at = Column(Instant, nullable=False)
    ended_at = Column(Instant)
    state = Column(String(10), nullable=False)
    points = Column(Integer, nullable=False, default=0)
    yuan = Column(Money, nullable=False)
    label = Column(String(120), nullable=False, default="")
    next_at = Column(Instant, index=True)
    claimed_until = Column(Instant)
    version = Column(Integer, nullable=False)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index(
            "uq_clocks_open",
            "rule",
            "subject",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class ClockEvent(Base):
    """One entry of a clock's append-only log. `kind`: started, paused, resumed, stopped, warned, breached, cancelled.

    `marker` tells entries of a kind apart: the number of a pause, the signal that stopped, the share of a warning.
    """

    __tablename__ = "clock_events"
    id = Column(Integer, primary_key=True)
    clock_id = Column(String(32), ForeignKey("clocks.id", ondelete="CASCADE"), nullable=False)
    kind = Column(String(10), nullable=False)
    marker = Column(String(40), nullable=False, default="")
    at = Column(Instant, nullable=False)
    actor = Column(String(120), nullable=False)
    detail = Column(Json, nullable=False, default=dict)
    clock = relationship("DutyClock")  # so that a new clock is stored before its first entry
    __table_args__ = (UniqueConstraint("clock_id", "kind", "marker"),)


class PenaltyEntry(Base):
    """What a platform took from the shop for a breach: one line for one clock."""

    __tablename__ = "penalties"
    id = Column(Integer, primary_key=True)
    platform = Column(String(20), nullable=False)
    clock_id = Column(String(32), ForeignKey("clocks.id", ondelete="CASCADE"), nullable=False, unique=True)
    points = Column(Integer, nullable=False)
    yuan = Column(Money, nullable=False)
    label = Column(String(120), nullable=False, default="")
    at = Column(Instant, nullable=False)
    __table_args__ = (Index("ix_penalties_platform", "platform", "at"),)


class Job(Base):
    """Work to be done once, from a time on. `key` names it: what is asked for twice is done once."""

    __tablename__ = "jobs"
    id = Column(Integer, primary_key=True)
    kind = Column(String(40), nullable=False)
    key = Column(String(160), nullable=False, unique=True)
    due_at = Column(Instant, nullable=False)
    payload = Column(Json, nullable=False, default=dict)
    claimed_until = Column(Instant)
    attempts = Column(Integer, nullable=False, default=0)
    done_at = Column(Instant)
    __table_args__ = (Index("ix_jobs_due", "done_at", "due_at"),)
