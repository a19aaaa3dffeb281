"""What the page shows, as plain data."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from .api import ROUTES
from .state import ApiCall, Member, Push, Shown
from .world import World

LATEST = 30
LONGEST_BODY = 600


def view(world: World, openid: str) -> dict[str, Any]:
    """Everything for the page of one user; `user` is None when there is none such."""
    state, desk = world.state, world.pusher.desk
    member = state.members.get(openid)
    return {
        "now": datetime.fromtimestamp(world.clock.now()).strftime("%Y-%m-%d %H:%M"),
        "users": [{"openid": each.openid, "nickname": each.nickname} for each in state.members.values()],
        "user": None if member is None else _user(world, member),
        "menu": world.menu.buttons,
        "staff": [each.account for each in desk.staff.values()],
        "paths": list(ROUTES),
        "pushes": [_push(push) for push in reversed(state.pushes[-LATEST:])],
        "calls": [_call(call, world.account.secret) for call in reversed(state.calls[-LATEST:])],
    }


def _user(world: World, member: Member) -> dict[str, Any]:
    now, desk = world.clock.now(), world.pusher.desk
    session = desk.sessions.get(member.openid)
    return {
        "nickname": member.nickname,
        "follows": member.follows,
        "typing": now < member.typing_until,
        "left": member.grants.left(now),
        "session": session.account if session else "",
        "waiting": member.openid in desk.waiting,
        "history": [_line(shown) for shown in member.history],
    }


def _line(shown: Shown) -> dict[str, Any]:
    return {
        "kind": shown.kind,
        "type": shown.type,
        "text": shown.text,
        "time": _time(shown.at),
        "content": dict(shown.content),
        "attempt": shown.attempt,
        "account": shown.account,
    }


def _push(push: Push) -> dict[str, Any]:
    return {
        "openid": push.openid,
        "type": push.fields["MsgType"],
        "key": push.key,
        "attempts": [
            {"number": each.number, "outcome": each.outcome, "seconds": each.seconds, "problem": each.problem}
            for each in push.attempts
        ],
    }


def _call(call: ApiCall, secret: str) -> dict[str, Any]:
    body = "" if call.body is None else json.dumps(call.body, ensure_ascii=False)
    told = {"path": call.path, "errcode": call.errcode, "fault": call.fault, "time": _time(call.at)}
    return {**told, "body": body.replace(secret, "…")[:LONGEST_BODY]}


def _time(at: float) -> str:
    return datetime.fromtimestamp(at).strftime("%H:%M:%S")
