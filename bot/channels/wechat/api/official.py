"""The official account with all that its API offers, put together once for each event loop."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.channels.wechat.api import binding
from bot.channels.wechat.api.account import Account
from bot.channels.wechat.api.client import Client
from bot.channels.wechat.api.desk import WeChatDesk
from bot.channels.wechat.api.media import MediaLibrary
from bot.channels.wechat.api.menu import MenuBoard
from bot.channels.wechat.api.notices import Notices
from bot.channels.wechat.api.scenes import Scenes
from bot.channels.wechat.api.sending import Sender
from bot.channels.wechat.api.store import TokenStore
from bot.channels.wechat.api.tokens import BUSY_PAUSES, Tokens
from bot.channels.wechat.api.transport import Transport
from bot.settings import Settings
from bot.store.database import Database


@dataclass(frozen=True)
class OfficialAccount:
    """What can be done with the account."""

    account: Account
    transport: Transport
    tokens: Tokens
    client: Client
    media: MediaLibrary
    sender: Sender
    menu: MenuBoard
    notices: Notices
    desk: WeChatDesk
    scenes: Scenes
    states: binding.States

    async def openid_of(self, code: str) -> str:
        """Whose code of web authorisation it is; see `binding`."""
        return await binding.openid_of(self.account, self.transport, code)

    async def close(self) -> None:
        """Close the connections."""
        await self.transport.close()


def open_account(
    settings: Settings,
    database: Database,
    *,
    clock: Callable[[], float] = time.time,
    pauses: Sequence[float] = BUSY_PAUSES,
) -> OfficialAccount:
    """Put it together; nothing is called yet. `clock`: the true time, which WeChat's lifetimes go by."""
    account = Account.of(settings)
    transport = Transport(account.base)
    tokens = Tokens(account, transport, TokenStore(database, account), clock=clock, pauses=pauses)
    client = Client(transport, tokens, pauses=pauses)
    media = MediaLibrary(account.appid, client, transport, database, clock)
    return OfficialAccount(
        account=account,
        transport=transport,
        tokens=tokens,
        client=client,
        media=media,
        sender=Sender(client, media),
        menu=MenuBoard(client),
        notices=Notices(client),
        desk=WeChatDesk(client),
        scenes=Scenes(account, client, database, clock),
        states=binding.States(settings.identity_secret, clock),
    )
