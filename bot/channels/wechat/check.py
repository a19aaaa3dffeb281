"""`python -m bot wechat check`: whether the account is set up rightly, each finding as a text's key with its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bot.channels.wechat.api import errors
from bot.channels.wechat.api.account import Account
from bot.channels.wechat.api.outcomes import PassiveOnly, outcome_of
from bot.channels.wechat.api.tokens import fetch_token
from bot.channels.wechat.api.transport import Transport
from bot.channels.wechat.crypto import KEY_LENGTH
from bot.errors import BotError, SettingsError
from bot.settings import Settings

APPID = re.compile(r"wx[0-9a-f]{16}")
SECRET_LENGTH = 32
NAME = re.compile(r"\b(WECHAT_[A-Z_]+): ([^;]*)")
LENGTH = re.compile(r"these (\d+) characters")


class Level(str, Enum):
    """How good a finding is, as the sign before its line."""

    FINE = "✓"
    ODD = "!"
    WRONG = "✗"


@dataclass(frozen=True)
class Finding:
    """A line of the report."""

    level: Level
    key: str
    fields: dict[str, Any] = field(default_factory=dict)


def fine(key: str, **fields: Any) -> Finding:
    """All is well."""
    return Finding(Level.FINE, key, fields)


def odd(key: str, **fields: Any) -> Finding:
    """It works, but should be looked at."""
    return Finding(Level.ODD, key, fields)


def wrong(key: str, **fields: Any) -> Finding:
    """It does not work."""
    return Finding(Level.WRONG, key, fields)


def of_wrong_settings(error: SettingsError) -> list[Finding]:
    """What is wrong with WeChat's settings; empty where it is about other ones."""
    return [_of_setting(name, told) for name, told in NAME.findall(str(error))]


def of_settings(settings: Settings) -> Iterator[Finding]:
    """What can be seen without asking anybody."""
    yield fine("wechat_setup_token")
    appid, secret = settings.wechat_appid, settings.wechat_secret
    if not appid:
        yield wrong("wechat_setup_no_appid")
    else:
        yield fine("wechat_setup_appid") if APPID.fullmatch(appid) else odd("wechat_setup_odd_appid")
    if not secret:
        yield wrong("wechat_setup_no_secret")
    elif len(secret) == SECRET_LENGTH:
        yield fine("wechat_setup_secret")
    else:
        yield odd("wechat_setup_odd_secret", length=len(secret))
    yield fine("wechat_setup_safe") if len(settings.wechat_aes_key) == KEY_LENGTH else odd("wechat_setup_plain")
    yield fine(f"wechat_setup_{settings.wechat_account_kind}")


async def of_api(settings: Settings) -> Finding:
    """Whether the API gives us a token; the stable one, which ends nobody else's."""
    account = Account.of(settings)
    transport = Transport(account.base)
    try:
        _, seconds = await fetch_token(account, transport)
    except errors.WeChatError as error:
        return of_error(error, account.base)
    finally:
        await transport.close()
    return fine("wechat_api_token", minutes=int(seconds // 60))


def of_error(error: BotError, base: str) -> Finding:
    """Why a call of the API failed."""
    if isinstance(error, errors.Unreachable):
        return wrong("wechat_api_unreachable", base=base)
    if isinstance(error, errors.AddressNotAllowed):
        return wrong("wechat_api_address", address=error.address or "?", errcode=error.errcode)
    if not isinstance(error, errors.WeChatError):
        return wrong("wechat_api_unclear")
    kinds = (
        (errors.BadCredentials, "wechat_api_credentials"),
        (errors.QuotaUsedUp, "wechat_api_quota"),
        (errors.TokenRefused, "wechat_api_refused_token"),
        (errors.Busy, "wechat_api_busy"),
    )
    key = next((key for kind, key in kinds if isinstance(error, kind)), "wechat_api_refused")
    if isinstance(outcome_of(error.errcode), PassiveOnly):
        key = "wechat_api_no_right"
    return wrong(key, errcode=error.errcode, request_id=error.request_id or "-")


def _of_setting(name: str, told: str) -> Finding:
    length = LENGTH.search(told)
    if name == "WECHAT_AES_KEY":
        return wrong("wechat_setup_aes_key", length=length[1]) if length else wrong("wechat_setup_aes_key_alone")
    if name == "WECHAT_API_BASE":
        return wrong("wechat_setup_api_base")
    return wrong("wechat_setup_kind") if name == "WECHAT_ACCOUNT_KIND" else wrong("wechat_setup_word", name=name)
