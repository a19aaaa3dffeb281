"""What became of a message that WeChat's API was asked to send: a small closed set, and which errcode means what.

Source of the codes: https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage and the
table of all codes; those about notices from the pages of template and subscription messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Why(str, Enum):
    """The reason of an outcome, for logs and for people."""

    WINDOW_CLOSED = "window_closed"  # the customer wrote, clicked or followed too long ago
    COUNT_USED = "count_used"  # no message is left of those that the customer's last action allows
    NOT_FOLLOWING = "not_following"
    UNKNOWN_OPENID = "unknown_openid"
    REFUSES = "refuses"  # the customer has turned messages of this account off
    NOT_SUBSCRIBED = "not_subscribed"  # the customer has not allowed this notice, or no more of them
    MEDIA_GONE = "media_gone"
    NO_SUCH_PERSON = "no_such_person"
    BAD_TEMPLATE = "bad_template"
    TOO_MANY_ARTICLES = "too_many_articles"
    OUR_MISTAKE = "our_mistake"
    OTHER = "other"


@dataclass(frozen=True)
class Sent:
    """It is with WeChat. `message_id` where one is given, as for notices."""

    message_id: str = ""


@dataclass(frozen=True)
class Parked:
    """It cannot be sent now: let it wait for the customer's next message, and answer that with it."""

    why: Why


@dataclass(frozen=True)
class TooLong:
    """Split smaller and send again."""


@dataclass(frozen=True)
class Gone:
    """Nothing can be sent to this customer any more, until they write or follow again."""

    why: Why


@dataclass(frozen=True)
class PassiveOnly:
    """This account may not send by itself: answer within pushes only."""


@dataclass(frozen=True)
class Skipped:
    """There was nothing to say."""


@dataclass(frozen=True)
class Refused:
    """This message is not sent, and would not be if it were tried again as it is."""

    errcode: int
    why: Why


Outcome = Sent | Parked | TooLong | Gone | PassiveOnly | Skipped | Refused

_OF_CODE: Mapping[int, Outcome] = {
    40003: Gone(Why.UNKNOWN_OPENID),
    43004: Gone(Why.NOT_FOLLOWING),
    48002: Gone(Why.REFUSES),
    44004: Skipped(),
    45002: TooLong(),
    45015: Parked(Why.WINDOW_CLOSED),
    45047: Parked(Why.COUNT_USED),
    48001: PassiveOnly(),
}
_WHY_REFUSED: Mapping[int, Why] = {
    40007: Why.MEDIA_GONE,
    40008: Why.OUR_MISTAKE,
    40033: Why.OUR_MISTAKE,
    44002: Why.OUR_MISTAKE,
    47001: Why.OUR_MISTAKE,
    45008: Why.TOO_MANY_ARTICLES,
    61452: Why.NO_SUCH_PERSON,
    40037: Why.BAD_TEMPLATE,
    47003: Why.BAD_TEMPLATE,
    43101: Why.NOT_SUBSCRIBED,
}


def outcome_of(errcode: int) -> Outcome:
    """What an errcode means for the message that it was answered to. Those about the account are errors instead."""
    return _OF_CODE.get(errcode) or Refused(errcode, _WHY_REFUSED.get(errcode, Why.OTHER))
