"""The official account as its API knows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from urllib.parse import urlsplit

from bot.settings import Settings

ON_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Account:
    """Which account, and the address of the API. The secret shows in no log and no trace."""

    appid: str
    secret: str = field(repr=False)
    base: str

    @classmethod
    def of(cls, settings: Settings) -> Account:
        """The account of the settings."""
        return cls(settings.wechat_appid, settings.wechat_secret, settings.wechat_api_base)

    def web(self, usual: str) -> str:
        """The server of WeChat's pages: the usual one, but where the API is one on this machine, for tests, that one.

        An API base elsewhere is taken for a way to the real API, for an address that WeChat's whitelist knows.
        """
        return self.base if (urlsplit(self.base).hostname or "") in ON_THIS_MACHINE else usual


def instant(seconds: float) -> datetime:
    """Seconds since 1970, the true time that WeChat's own lifetimes go by, as the store keeps it."""
    return datetime.fromtimestamp(seconds, timezone.utc)
