"""The account as nodes of the service have it, on one store, before the fake WeChat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.channels.wechat.api.official import OfficialAccount, open_account
from bot.settings import Settings
from bot.store.database import Database
from tests.wechat.callback import Callback, still
from tests.wechat.fake import Account, Clock, FakeWeChat, User

STABLE_TOKEN = "/cgi-bin/stable_token"
SEND = "/cgi-bin/message/custom/send"
NO_PAUSES = (0.0, 0.0, 0.0)
OPENID = "o-lin"


@dataclass(frozen=True)
class Nodes:
    """A fake WeChat, a follower who has just written, and the nodes."""

    wechat: FakeWeChat
    user: User
    nodes: tuple[OfficialAccount, ...]
    databases: tuple[Database, ...]

    @property
    def one(self) -> OfficialAccount:
        """The first node."""
        return self.nodes[0]

    @property
    def fetches(self) -> int:
        """How often a token was asked for."""
        return len(self.wechat.called(STABLE_TOKEN))


@asynccontextmanager
async def nodes(
    settings: Settings, count: int = 1, *, account: Account | None = None, clock: Clock | None = None, **changes: Any
) -> AsyncIterator[Nodes]:
    """So many nodes; the clock stands still and is the fake's and theirs alike."""
    kept, clock = account or Account(), clock or still()
    async with Callback(kept) as callback, FakeWeChat(callback.address, account=kept, clock=clock) as wechat:
        told = {name.lower(): value for name, value in wechat.environment.items()}
        settings = settings.copy(update={**told, **changes})
        databases = tuple(Database(settings.database_url) for _ in range(count))
        made = tuple(open_account(settings, each, clock=clock.now, pauses=NO_PAUSES) for each in databases)
        user = wechat.user(OPENID)
        await user.follow()
        await user.says("在吗")
        try:
            yield Nodes(wechat, user, made, databases)
        finally:
            for node in made:
                await node.close()
            for database in databases:
                await database.dispose()
            await wechat.settled()
