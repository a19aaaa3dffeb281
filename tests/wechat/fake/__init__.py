"""A WeChat of our own, with the real one's rules, on 127.0.0.1; by hand: `python -m tests.wechat.fake`."""

from .account import Account, Mode
from .clock import Clock
from .server import FakeWeChat
from .state import ApiCall, Attempt, Push, Shown
from .user import User

__all__ = ["Account", "ApiCall", "Attempt", "Clock", "FakeWeChat", "Mode", "Push", "Shown", "User"]
