"""Web authorisation: who looks at a page, told to the page's owner by a code."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from .account import Account
from .clock import DAY, Clock
from .refused import Refused

CODE_SECONDS = 300.0
TOKEN_SECONDS = 7_200.0
REFRESH_SECONDS = 30 * DAY
SCOPES = {"snsapi_base", "snsapi_userinfo"}


@dataclass
class Code:
    """A code, for one use."""

    openid: str
    scope: str
    until: float
    used: bool = False


@dataclass(frozen=True)
class Grant:
    """What an access or refresh token stands for."""

    openid: str
    scope: str
    until: float


class OAuth:
    """Codes and web tokens. `domain` is the one set up for callbacks; None lets all pass."""

    def __init__(self, account: Account, clock: Clock) -> None:
        self.domain: str | None = None
        self._account = account
        self._clock = clock
        self._codes: dict[str, Code] = {}
        self._tokens: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}

    def check_page(self, query: Mapping[str, str]) -> None:
        """Whether WeChat would show the page of authorisation. Raises `Refused`."""
        address = urlsplit(query.get("redirect_uri", ""))
        if query.get("appid") != self._account.appid:
            raise Refused(40013)
        if query.get("response_type") != "code" or query.get("scope") not in SCOPES:
            raise Refused(40035)
        if address.scheme not in ("http", "https") or self.domain not in (None, address.hostname):
            raise Refused(10003)

    def back(self, query: Mapping[str, str], openid: str) -> str:
        """Where the browser goes with a new code."""
        code = secrets.token_urlsafe(24)
        self._codes[code] = Code(openid, query["scope"], self._clock.now() + CODE_SECONDS)
        address = urlsplit(query["redirect_uri"])
        added = [*parse_qsl(address.query, keep_blank_values=True), ("code", code), ("state", query.get("state", ""))]
        return urlunsplit(address._replace(query=urlencode(added), fragment=""))

    def exchange(self, query: Mapping[str, str]) -> dict[str, Any]:
        """`sns/oauth2/access_token`. Raises `Refused`: 40029 unknown, 40163 used, 42003 older than five minutes."""
        self._check_keys(query)
        if query.get("secret") != self._account.secret:
            raise Refused(40125)
        code = self._codes.get(query.get("code", ""))
        if code is None:
            raise Refused(40029)
        if code.used:
            raise Refused(40163)
        if self._clock.now() >= code.until:
            raise Refused(42003)
        code.used = True
        return self._issue(code.openid, code.scope)

    def refresh(self, query: Mapping[str, str]) -> dict[str, Any]:
        """`sns/oauth2/refresh_token`. Raises `Refused` 40030."""
        self._check_keys(query)
        grant = self._refresh.get(query.get("refresh_token", ""))
        if grant is None or self._clock.now() >= grant.until:
            raise Refused(40030)
        return self._issue(grant.openid, grant.scope, query["refresh_token"])

    def openid_of(self, query: Mapping[str, str], scope: str = "") -> str:
        """Whom a web token is about. Raises `Refused`: 40001, 42001, 40003, 48001."""
        grant = self._tokens.get(query.get("access_token", ""))
        if grant is None:
            raise Refused(40001)
        if self._clock.now() >= grant.until:
            raise Refused(42001)
        if query.get("openid") != grant.openid:
            raise Refused(40003)
        if scope and grant.scope != scope:
            raise Refused(48001)
        return grant.openid

    def _check_keys(self, query: Mapping[str, str]) -> None:
        if query.get("appid") != self._account.appid:
            raise Refused(40013)
        if query.get("grant_type") not in ("authorization_code", "refresh_token"):
            raise Refused(40002)

    def _issue(self, openid: str, scope: str, refresh: str = "") -> dict[str, Any]:
        now = self._clock.now()
        token, refresh = f"w_{secrets.token_urlsafe(64)}", refresh or f"r_{secrets.token_urlsafe(64)}"
        self._tokens[token] = Grant(openid, scope, now + TOKEN_SECONDS)
        self._refresh.setdefault(refresh, Grant(openid, scope, now + REFRESH_SECONDS))
        return {
            "access_token": token,
            "expires_in": int(TOKEN_SECONDS),
            "refresh_token": refresh,
            "openid": openid,
            "scope": scope,
        }
