"""What the nodes share about WeChat's API: the access token, uploaded media, states of binding, scenes of QR codes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Text

from bot.store.models.base import Base
from bot.store.types import Instant


class WeChatToken(Base):
    """The access token of an account. `version` counts the tokens; `lease` names who is fetching the next one.

    `doubtful`: it was refused, and WeChat gave the same once more; `forced_at`: when a new one was last forced.
    """

    __tablename__ = "wechat_tokens"
    api_base = Column(String(200), primary_key=True)
    appid = Column(String(128), primary_key=True)
    token = Column(Text, nullable=False, default="")
    version = Column(Integer, nullable=False, default=0)
    renew_at = Column(Instant, nullable=False)
    expires_at = Column(Instant, nullable=False)
    doubtful = Column(Boolean(create_constraint=False), nullable=False, default=False)
    forced_at = Column(Instant)
    lease = Column(String(32))
    leased_until = Column(Instant)


class WeChatMedium(Base):
    """A file that was uploaded for sending, known by its content; WeChat forgets it after three days."""

    __tablename__ = "wechat_media"
    appid = Column(String(128), primary_key=True)
    kind = Column(String(10), primary_key=True)
    sha256 = Column(String(64), primary_key=True)
    media_id = Column(String(255), nullable=False)
    expires_at = Column(Instant, nullable=False, index=True)


class WeChatState(Base):
    """A state of web authorisation that was given out; the row goes when it is used. `customer_id`: whom it binds."""

    __tablename__ = "wechat_states"
    nonce = Column(String(32), primary_key=True)
    customer_id = Column(String(64), ForeignKey("customers.id", ondelete="CASCADE"), nullable=False)
    expires_at = Column(Instant, nullable=False, index=True)


class WeChatScene(Base):
    """What a QR code of ours stands for; `expires_at` is null for one that lasts."""

    __tablename__ = "wechat_scenes"
    scene = Column(String(64), primary_key=True)
    payload = Column(Text, nullable=False)
    created_at = Column(Instant, nullable=False)
    expires_at = Column(Instant, index=True)
