"""The API about itself: tokens, addresses, counts; and media, menu, QR codes."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from .call import Call
from .media import SUFFIXES
from .qr import picture
from .refused import Refused

OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}


def _fetches(call: Call, told: Any) -> None:
    if told.get("grant_type") != "client_credential":
        raise Refused(40002)
    call.keys_fit(told)
    whitelist = call.world.whitelist
    if whitelist is not None and call.peer not in whitelist:
        raise Refused(40164, call.peer)


async def token(call: Call) -> dict[str, Any]:
    """`GET token`: ends the token before."""
    _fetches(call, call.query)
    value, seconds = call.world.tokens.plain()
    return {"access_token": value, "expires_in": seconds}


async def stable_token(call: Call) -> dict[str, Any]:
    """`POST stable_token`."""
    told = call.body
    _fetches(call, told)
    value, seconds = call.world.tokens.stable(told.get("force_refresh") is True)
    return {"access_token": value, "expires_in": seconds}


async def addresses(call: Call) -> dict[str, Any]:
    """`getcallbackip`, `get_api_domain_ip`."""
    return {"ip_list": ["127.0.0.1"]}


async def clear_quota(call: Call) -> dict[str, Any]:
    """`clear_quota`."""
    if call.body.get("appid") != call.world.account.appid:
        raise Refused(40013)
    call.world.limits.clear()
    return OK


async def clear_quota_v2(call: Call) -> dict[str, Any]:
    """`clear_quota/v2`: by secret instead of token."""
    told = {"secret": call.body.get("appsecret"), "appid": call.body.get("appid")}
    call.keys_fit(told)
    call.world.limits.clear()
    return OK


async def upload(call: Call) -> dict[str, Any]:
    """`media/upload`."""
    if call.upload is None:
        raise Refused(41005)
    name, content = call.upload
    call.seen = {"filename": name, "bytes": len(content)}
    medium = call.world.media.upload(call.query.get("type", ""), content)
    identity = "thumb_media_id" if medium.kind == "thumb" else "media_id"
    return {"type": medium.kind, identity: medium.media_id, "created_at": int(medium.created_at)}


async def download(call: Call) -> web.Response | dict[str, Any]:
    """`media/get`: the file itself; of a video its address."""
    medium = call.world.media.get(call.query.get("media_id", ""))
    if medium.kind == "video":
        return {"video_url": f"{call.base}/mmbiz/{medium.media_id}"}
    mime = medium.mime if medium.mime in SUFFIXES else "application/octet-stream"
    headers = {"Content-Disposition": f'attachment; filename="{medium.filename}"'}
    return web.Response(body=medium.content, content_type=mime, headers=headers)


async def menu_create(call: Call) -> dict[str, Any]:
    """`menu/create`."""
    call.world.menu.create(call.body)
    call.world.state.bell.ring()
    return OK


async def menu_get(call: Call) -> dict[str, Any]:
    """`menu/get`."""
    return call.world.menu.get()


async def menu_delete(call: Call) -> dict[str, Any]:
    """`menu/delete`."""
    call.world.menu.delete()
    call.world.state.bell.ring()
    return OK


async def qr_create(call: Call) -> dict[str, Any]:
    """`qrcode/create`."""
    return call.world.codes.create(call.body)


async def qr_show(call: Call) -> web.Response:
    """`showqrcode`, which needs no token."""
    ticket = call.query.get("ticket", "")
    if call.world.codes.scanned(ticket) is None:
        return web.Response(status=404)
    return web.Response(body=picture(ticket), content_type="image/png")


async def user_info(call: Call) -> dict[str, Any]:
    """`user/info`: since 2021 without name and portrait."""
    member = call.world.state.known(call.query.get("openid"))
    if not member.follows:
        return {"subscribe": 0, "openid": member.openid, "tagid_list": []}
    return {"subscribe": 1, "openid": member.openid, "language": "zh_CN", "remark": "", "groupid": 0, "tagid_list": []}


async def oauth_exchange(call: Call) -> dict[str, Any]:
    """`sns/oauth2/access_token`."""
    return call.world.oauth.exchange(call.query)


async def oauth_refresh(call: Call) -> dict[str, Any]:
    """`sns/oauth2/refresh_token`."""
    return call.world.oauth.refresh(call.query)


async def oauth_check(call: Call) -> dict[str, Any]:
    """`sns/auth`."""
    call.world.oauth.openid_of(call.query)
    return OK


async def oauth_user(call: Call) -> dict[str, Any]:
    """`sns/userinfo`."""
    openid = call.world.oauth.openid_of(call.query, "snsapi_userinfo")
    member = call.world.state.known(openid)
    return {"openid": openid, "nickname": member.nickname, "sex": 0, "headimgurl": "", "privilege": []}
