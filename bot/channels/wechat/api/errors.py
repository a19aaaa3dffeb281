"""How a call of the API fails when certainly nothing was done; where that is not certain it is DeliveryUnknown.

Each is a NotDelivered too: to the outbox a message that could not be sent for want of a token is simply not sent yet.
Source of the codes: https://developers.weixin.qq.com/doc/service/guide/dev/error_code
"""

from __future__ import annotations

import re

import structlog

from bot import metrics
from bot.conversation.outbox import NotDelivered

log = structlog.get_logger(__name__)

BUSY = -1
TOKEN_CODES = frozenset({40001, 40014, 42001})
"""The access token is wrong, not the latest, or expired: a new one is fetched, once."""
CREDENTIAL_CODES = frozenset({40001, 40013, 40125, 41002, 41004})
"""Appid or secret are wrong, where a token is asked for; 40001 is told there for a wrong secret."""
ADDRESS_CODE = 40164
QUOTA_CODES = frozenset({45009, 45011})

_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{1,4}(?![\w:])")
_REQUEST_ID = re.compile(r"(?:rid: ?|hint: ?\[)([\w.-]+)")


class WeChatError(NotDelivered):
    """WeChat said no, or could not be reached; nothing was done."""

    def __init__(self, path: str, errcode: int = 0, request_id: str = "") -> None:
        """`request_id` is WeChat's own, for its support. Its whole message is not kept: it may quote what is secret."""
        told = ", ".join(part for part in (path, str(errcode or ""), request_id) if part)
        super().__init__(told)
        self.path = path
        self.errcode = errcode
        self.request_id = request_id


class Unreachable(WeChatError):
    """No connection, or an HTTP status that says that nothing was done."""


class Busy(WeChatError):
    """WeChat's system was busy however often we tried."""


class Refusal(WeChatError):
    """An errcode about what was asked for: `outcomes` tells what it means for a message."""


class Alarm(WeChatError):
    """Nothing can be sent to anybody until somebody mends the account's settings, or its quota begins anew."""


class BadCredentials(Alarm):
    """Appid or secret are wrong."""


class AddressNotAllowed(Alarm):
    """Our address is not in the account's IP whitelist; `address` is ours as WeChat sees it, where it told."""

    def __init__(self, path: str, errcode: int, request_id: str, address: str) -> None:
        super().__init__(path, errcode, request_id)
        self.address = address


class TokenRefused(Alarm):
    """Even a token that had just been fetched was refused."""


class QuotaUsedUp(Alarm):
    """The calls of the day (45009) or of the minute (45011) are used up."""


def error_of(path: str, errcode: int, errmsg: str, *, for_token: bool = False) -> WeChatError:
    """The error for an errcode, counted, and logged where somebody must mend something.

    `for_token`: it was a token that was asked for, with appid and secret.
    """
    error = _error_of(path, errcode, errmsg, for_token)
    metrics.WECHAT_ERRORS.labels(path, str(errcode)).inc()
    if isinstance(error, Alarm):
        log.error("wechat alarm", kind=type(error).__name__, errcode=errcode, path=path)
    return error


def _error_of(path: str, errcode: int, errmsg: str, for_token: bool) -> WeChatError:
    found = _REQUEST_ID.search(errmsg)
    told = path, errcode, found[1] if found else ""
    if errcode == ADDRESS_CODE:
        address = _ADDRESS.search(errmsg)
        return AddressNotAllowed(*told, address[0] if address else "")
    if for_token and errcode in CREDENTIAL_CODES:
        return BadCredentials(*told)
    if errcode in TOKEN_CODES:
        return TokenRefused(*told)
    if errcode in QUOTA_CODES:
        return QuotaUsedUp(*told)
    return Busy(*told) if errcode == BUSY else Refusal(*told)
