"""Reads a pushed document into the message or the event that it is. Every known kind is a frozen dataclass."""

from __future__ import annotations

from typing import Any

from bot.channels.wechat import fields
from bot.channels.wechat.events import EVENTS, WAKE_UP, UnknownEvent
from bot.channels.wechat.messages import MESSAGES, UnknownMessage
from bot.channels.wechat.push import Push
from bot.channels.wechat.xml import Node
from bot.errors import BadInput

MAX_ID = 128
"""Characters of an openid, a message id or the name of a kind; WeChat's have up to about 64."""


def read(node: Node) -> Push:
    """The push. Raises BadInput where it lacks what all of its sort have: names, time, and a message its id.

    A kind that nobody knows yet, or that lacks a field of its own, is kept as unknown: it wants no error but `success`.
    Elements that are not known are passed over.
    """
    msg_type = _name(node, "MsgType")
    is_event = msg_type == "event"
    kind = _name(node, "Event") if is_event else msg_type
    created_at = fields.whole_in(node.get("CreateTime"))
    if created_at is None:
        raise _lacking("CreateTime")
    sender = None if kind == WAKE_UP else _name(node, "FromUserName")
    head: dict[str, Any] = {"to": _name(node, "ToUserName"), "sender": sender, "created_at": created_at, "kind": kind}
    if not is_event:
        _name(node, "MsgId")
    known = EVENTS.get(kind) if is_event else MESSAGES.get(kind)
    values = fields.read(known, node) if known else None
    if known and values is not None:
        return known(**head, **values)
    return _unknown(UnknownEvent if is_event else UnknownMessage, node, head)


def _unknown(kind: type[UnknownEvent] | type[UnknownMessage], node: Node, head: dict[str, Any]) -> Push:
    told = tuple((child.name, child.text.strip()) for child in node.children if not child.children)
    return kind(**head, **(fields.read(kind, node) or {}), told=told)


def _name(node: Node, path: str) -> str:
    told = node.get(path)
    if not told or len(told) > MAX_ID:
        raise _lacking(path)
    return told


def _lacking(path: str) -> BadInput:
    return BadInput(f"{path}: lacking or wrong", "malformed")
