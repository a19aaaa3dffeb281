"""The page that WeChat's browser shows when an account asks who is looking."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from urllib.parse import unquote, urlencode

from aiohttp import web

from .refused import Refused
from .state import TEXTS
from .user import User
from .world import World

COOKIE = "fake_wechat_user"
HEADERS = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}


class Authorise:
    """`/connect/oauth2/authorize`: leads back at once when it is known who looks, else asks.

    The looker is named by `as_user` in the query, or by the cookie that the page of the fake sets.
    """

    def __init__(self, world: World, user: Callable[[str, str], User]) -> None:
        self._world = world
        self._user = user

    async def serve(self, request: web.Request) -> web.Response:
        """Answer the browser."""
        try:
            if not self._world.account.may("oauth"):
                raise Refused(48001)
            self._world.oauth.check_page(request.query)
        except Refused as refused:
            return _page(400, f"<p>{escape(str(refused))}</p>")
        openid = request.query.get("as_user") or unquote(request.cookies.get(COOKIE, ""))
        if openid in self._world.state.members:
            raise web.HTTPFound(self._user(openid, "").authorises(request.query))
        return self._ask(request)

    def _ask(self, request: web.Request) -> web.Response:
        links = [
            f'<li><a href="?{escape(urlencode({**request.query, "as_user": member.openid}))}">'
            f"{escape(member.nickname)}</a></li>"
            for member in self._world.state.members.values()
        ]
        return _page(200, f"<h1>{escape(TEXTS['choose_user'])}</h1><ul>{''.join(links)}</ul>")


def _page(status: int, body: str) -> web.Response:
    text = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>WeChat</title>{body}</html>'
    return web.Response(status=status, text=text, content_type="text/html", headers=HEADERS)
