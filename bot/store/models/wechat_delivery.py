"""What must be known of WeChat's pushes and followers by every node: who pushed what, and what may be sent to whom."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String

from bot.store.models.base import Base
from bot.store.types import Instant


class WeChatPush(Base):
    """A request of WeChat's. `count` is how often it came under this key; all times are the true clock's."""

    __tablename__ = "wechat_pushes"
    replay_key = Column(String(160), primary_key=True)
    message_id = Column(String(64), nullable=False)
    count = Column(Integer, nullable=False, default=1)
    seen_at = Column(Instant, nullable=False)
    __table_args__ = (
        Index("ix_wechat_pushes_message", "message_id"),
        Index("ix_wechat_pushes_seen", "seen_at"),
    )


class WeChatUser(Base):
    """Somebody with an openid, and what may be sent to them: so many messages until then, by what they did last.

    `held_until` (the true clock's): until then an open request of theirs may carry what is to be said. `awaits`: they
    were asked to write anything, to fetch an answer. `kf_until`: they are with WeChat's own desk, at most until then.
    """

    __tablename__ = "wechat_users"
    openid = Column(String(128), primary_key=True)
    follows = Column(Boolean, nullable=False, default=True)
    message_left = Column(Integer, nullable=False, default=0)
    message_until = Column(Instant)
    action_left = Column(Integer, nullable=False, default=0)
    action_until = Column(Instant)
    held_until = Column(Instant)
    awaits = Column(Boolean, nullable=False, default=False)
    kf_until = Column(Instant)
    changes = Column(Integer, nullable=False, default=0)
