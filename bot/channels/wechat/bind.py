"""`/wechat/bind` and `/wechat/bound`: a customer who is logged in at the shop says which WeChat is theirs.

The shop's page links to `/wechat/bind?token=…` with the signed identity that it also gives the widget. WeChat's page
leads back to `/wechat/bound` with a code and our state; see `api/binding.py` for what the state is good for.
"""

from __future__ import annotations

import html
import secrets

import structlog
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect
from sanic.response import html as page

from bot.channels.wechat.api import binding
from bot.channels.wechat.api.errors import WeChatError
from bot.channels.wechat.api.official import OfficialAccount
from bot.channels.wechat.route import channel_of
from bot.errors import NotAuthenticated, NotFound, RequestError
from bot.http.context import house

log = structlog.get_logger(__name__)

wechat_bind = Blueprint("wechat_bind", url_prefix="/wechat")

COOKIE = "wechat_bind"
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@wechat_bind.get("/bind")
async def begin(request: Request) -> HTTPResponse:
    """To WeChat's page, for the customer of the token. Raises NotAuthenticated, NotFound."""
    account, services = _account(request), house(request).services
    shopper = house(request).identities.read(request.args.get("token") or "")
    if shopper.customer_id is None:
        raise NotAuthenticated("not a customer's token")
    browser = secrets.token_hex(16)
    async with services.database.session() as session:
        state = await account.states.issue(session, shopper.customer_id, browser)
        await session.commit()
    origin = services.settings.public_url or f"{request.scheme}://{request.host}"
    answer = redirect(binding.page_of(account.account, f"{origin}/wechat/bound", state), headers=PRIVATE)
    answer.cookies[COOKIE] = browser
    cookie = answer.cookies[COOKIE]
    cookie["httponly"], cookie["samesite"], cookie["path"] = True, "Lax", "/wechat"
    cookie["max-age"] = binding.STATE_SECONDS
    if origin.startswith("https:"):
        cookie["secure"] = True
    return answer


@wechat_bind.get("/bound")
async def end(request: Request) -> HTTPResponse:
    """Back from WeChat's page: a few words, whatever came of it."""
    account, services = _account(request), house(request).services
    state, code = request.args.get("state") or "", request.args.get("code") or ""
    try:
        async with services.database.session() as session:
            customer_id = await account.states.redeem(session, state, request.cookies.get(COOKIE) or "")
            await session.commit()
        openid = await account.openid_of(code)
        async with services.database.session() as session:
            await binding.bind(session, openid, customer_id, services.clock.now())
            await session.commit()
    except WeChatError as problem:
        log.warning("not bound", error=type(problem).__name__)
        return _told(request, "label_wechat_bind_later", 503)
    except RequestError as refused:
        log.info("not bound", reason=refused.code)
        return _told(request, "label_wechat_not_bound", 403)
    return _told(request, "label_wechat_bound", 200)


def _told(request: Request, key: str, status: int) -> HTTPResponse:
    texts = house(request).services.texts
    title, words = html.escape(texts.label("label_wechat_bind_title")), html.escape(texts.plain(key))
    body = (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>body{{font:18px/1.6 system-ui;margin:20vh 24px 0;text-align:center}}</style>"
        f"<h1>{title}</h1><p>{words}</p></html>"
    )
    answer = page(body, status=status, headers=PRIVATE)
    del answer.cookies[COOKIE]
    return answer


def _account(request: Request) -> OfficialAccount:
    """The account's API. Raises NotFound where none is set up, or web authorisation is not for its kind."""
    if house(request).services.settings.wechat_account_kind != "verified_service":
        raise NotFound("no such page")
    return channel_of(request).api
