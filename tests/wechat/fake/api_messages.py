"""The API towards users: customer-service messages, typing, templates, notices, and WeChat's own desk."""

from __future__ import annotations

import re
import secrets
from typing import Any

from .call import Call
from .content import read_custom
from .refused import Refused
from .state import Shown

OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")
INTERACTION_SECONDS, TYPING_SECONDS = 30.0, 15.0


async def custom_send(call: Call) -> dict[str, Any]:
    """`message/custom/send`."""
    if ESCAPED.search(call.raw):
        raise Refused(40033)
    world, body = call.world, call.body
    member = world.state.follower(body.get("touser"))
    text = read_custom(body, world.media)
    account = str((body.get("customservice") or {}).get("kf_account", ""))
    if account and account not in world.pusher.desk.staff:
        raise Refused(61452)
    now = world.clock.now()
    member.grants.take(now)
    member.typing_until = float("-inf")
    kind = str(body["msgtype"])
    member.see(Shown("custom", kind, text, now, dict(body[kind]), account=account))
    return OK


async def typing(call: Call) -> dict[str, Any]:
    """`message/custom/typing`."""
    world, body = call.world, call.body
    member = world.state.follower(body.get("touser"))
    command, now = body.get("command"), world.clock.now()
    if command not in ("Typing", "CancelTyping"):
        raise Refused(45072)
    if command == "CancelTyping":
        member.typing_until = float("-inf")
    elif now - member.acted_at > INTERACTION_SECONDS:
        raise Refused(45080)
    elif now < member.typing_until:
        raise Refused(45081)
    else:
        member.typing_until = now + TYPING_SECONDS
    member.bell.ring()
    return OK


async def template_send(call: Call) -> dict[str, Any]:
    """`message/template/send`; how it ended comes as an event."""
    world, body = call.world, call.body
    member = world.state.follower(body.get("touser"))
    template, data = body.get("template_id"), body.get("data")
    if not template or (world.templates is not None and template not in world.templates):
        raise Refused(40037)
    if not isinstance(data, dict):
        raise Refused(47001, "data is missing")
    number = 200_000_000 + secrets.randbelow(10**9)
    if not member.blocks_templates:
        member.see(Shown("template", "template", _values(data), world.clock.now(), body))
    status = "failed:user block" if member.blocks_templates else "success"
    world.pusher.announce(member, {"Event": "TEMPLATESENDJOBFINISH", "MsgID": number, "Status": status})
    return {**OK, "msgid": number}


async def notice_send(call: Call) -> dict[str, Any]:
    """`message/subscribe/bizsend`: one for each time that the user allowed it. Raises `Refused` 43101."""
    world, body = call.world, call.body
    member = world.state.known(body.get("touser"))
    template, data = str(body.get("template_id", "")), body.get("data")
    if not template or (world.templates is not None and template not in world.templates):
        raise Refused(40037)
    if not isinstance(data, dict):
        raise Refused(47001, "data is missing")
    if not member.permits[template]:
        raise Refused(43101)
    member.permits[template] -= 1
    member.see(Shown("notice", "notice", _values(data), world.clock.now(), body))
    sent = {
        "TemplateId": template,
        "MsgID": str(secrets.randbelow(10**18)),
        "ErrorCode": 0,
        "ErrorStatus": "success",
    }
    world.pusher.announce(member, {"Event": "subscribe_msg_sent_event", "SubscribeMsgSentEvent": {"List": sent}})
    return OK


def _values(data: dict[str, Any]) -> str:
    return "\n".join(str(each.get("value", "")) if isinstance(each, dict) else str(each) for each in data.values())


async def session_create(call: Call) -> dict[str, Any]:
    """`kfsession/create`."""
    member = call.world.state.follower(call.body.get("openid"))
    call.world.pusher.desk.begin(member, str(call.body.get("kf_account", "")))
    return OK


async def session_close(call: Call) -> dict[str, Any]:
    """`kfsession/close`."""
    member = call.world.state.known(call.body.get("openid"))
    call.world.pusher.desk.end(member, str(call.body.get("kf_account", "")))
    return OK


async def session_of(call: Call) -> dict[str, Any]:
    """`kfsession/getsession`: who serves a customer."""
    member = call.world.state.known(call.query.get("openid"))
    session = call.world.pusher.desk.sessions.get(member.openid)
    found = {"createtime": int(session.begun_at), "kf_account": session.account} if session else {}
    return {**OK, "createtime": 0, "kf_account": "", **found}


async def sessions_of(call: Call) -> dict[str, Any]:
    """`kfsession/getsessionlist`: whom a person serves."""
    account = call.query.get("kf_account", "")
    desk = call.world.pusher.desk
    if account not in desk.staff:
        raise Refused(61452)
    mine = [session for session in desk.sessions.values() if session.account == account]
    return {"sessionlist": [{"createtime": int(each.begun_at), "openid": each.openid} for each in mine]}


async def waiting(call: Call) -> dict[str, Any]:
    """`kfsession/getwaitcase`: who waits."""
    queue = call.world.pusher.desk.waiting
    cases = [{"latest_time": int(since), "openid": openid} for openid, since in queue.items()]
    return {"count": len(cases), "waitcaselist": cases}


async def staff(call: Call) -> dict[str, Any]:
    """`getkflist`."""
    people = call.world.pusher.desk.staff.values()
    return {
        "kf_list": [
            {"kf_account": each.account, "kf_nick": each.nickname, "kf_id": each.number, "kf_headimgurl": ""}
            for each in people
        ]
    }


async def staff_online(call: Call) -> dict[str, Any]:
    """`getonlinekflist`."""
    desk = call.world.pusher.desk
    cases = [session.account for session in desk.sessions.values()]
    return {
        "kf_online_list": [
            {
                "kf_account": each.account,
                "status": 1,
                "kf_id": each.number,
                "accepted_case": cases.count(each.account),
            }
            for each in desk.staff.values()
            if each.online
        ]
    }
