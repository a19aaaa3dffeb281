"""How many customer-service messages WeChat takes, by what the customer did last. Some are kept for people's words.

Source: https://developers.weixin.qq.com/doc/service/guide/product/kf/intro (2023: 5 in 48 hours after a message, 3 in
a minute after a menu click, a scan, a follow, and after a press of an item of a menu message). What is allowed does not
add up: each of these sets it to its maximum again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.channels.wechat.events import Click, Scan, ScanCode, Subscribe
from bot.channels.wechat.messages import Message, Text
from bot.channels.wechat.push import Push

RESERVED = 2
"""Of those after a message: the bot leaves them to people."""


@dataclass(frozen=True)
class Grant:
    """So many messages for so long; `name` of the columns that hold it."""

    name: str
    count: int
    lasts: timedelta

    def as_values(self, now: datetime) -> dict[str, Any]:
        """The columns when it is given anew."""
        return {f"{self.name}_left": self.count, f"{self.name}_until": now + self.lasts}


AFTER_A_MESSAGE = Grant("message", 5, timedelta(hours=48))
AFTER_AN_ACTION = Grant("action", 3, timedelta(minutes=1))
ACTIONS = (Subscribe, Scan, Click, ScanCode)


def of_push(push: Push) -> Grant | None:
    """What a push lets us send; None where it lets us send nothing."""
    if isinstance(push, Message):
        return AFTER_AN_ACTION if isinstance(push, Text) and push.menu_id else AFTER_A_MESSAGE
    return AFTER_AN_ACTION if isinstance(push, ACTIONS) else None


def withdrawn() -> dict[str, Any]:
    """The columns of somebody who left."""
    return {"follows": False, "awaits": False, "message_left": 0, "action_left": 0}


def may_send(user: Any, now: datetime, *, for_people: bool) -> bool:
    """Whether one more message may go out; `for_people`: whether it carries, or lets pass, a person's words."""
    if not user.follows:
        return False
    room = [getattr(user, f"{grant.name}_left") for grant in _open(user, now)]
    if not for_people and AFTER_A_MESSAGE in _open(user, now):
        room[0] -= RESERVED
    return max(room, default=0) > 0


def is_over(user: Any, now: datetime) -> bool:
    """Whether no time is open any more in which anything could be sent."""
    return not user.follows or not _open(user, now)


def take(user: Any, now: datetime) -> None:
    """Count a message: it is taken from each that is open."""
    for grant in _open(user, now):
        name = f"{grant.name}_left"
        setattr(user, name, max(getattr(user, name) - 1, 0))


def give_back(user: Any, now: datetime) -> None:
    """A message that was counted did not go out after all."""
    for grant in _open(user, now):
        name = f"{grant.name}_left"
        setattr(user, name, min(getattr(user, name) + 1, grant.count))


def used_up(user: Any) -> None:
    """WeChat says that there is nothing left, whatever is noted here."""
    user.message_left, user.action_left = 0, 0


def _open(user: Any, now: datetime) -> list[Grant]:
    until = {grant: getattr(user, f"{grant.name}_until") for grant in (AFTER_A_MESSAGE, AFTER_AN_ACTION)}
    return [grant for grant, end in until.items() if end is not None and now < end]
