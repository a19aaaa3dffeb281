"""The real service behind the fake WeChat, over real HTTP and crypto."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image
from sqlalchemy import text

from bot.store.database import Database
from bot.store.models import Identity
from tests.service import Client, Service, free_port
from tests.wechat.fake import Account, FakeWeChat, User
from tests.wechat.fake.account import Kind


class SlowService(Service):
    """Its bot takes `SLOW_TURNS` seconds longer."""

    command = ("tests.wechat.serve", "serve")


def environment_of(account: Account, address: str) -> dict[str, str]:
    """The settings of an account."""
    return {
        "WECHAT_TOKEN": account.token,
        "WECHAT_APPID": account.appid,
        "WECHAT_SECRET": account.secret,
        "WECHAT_AES_KEY": account.aes_key,
        "WECHAT_API_BASE": address,
        "WECHAT_ACCOUNT_KIND": account.kind,
    }


@dataclass(frozen=True)
class Shop:
    """A shop with an official account, its customers, and a server that holds the key."""

    wechat: FakeWeChat
    service: Service
    client: Client

    async def talk(self, user: User) -> dict[str, Any]:
        """The conversation as our HTTP interface shows it."""
        return await self.client.conversation(user.openid)

    async def said(self, user: User) -> list[str]:
        """All that the house said, as stored."""
        return [line["text"] for line in (await self.talk(user))["messages"] if line["role"] != "customer"]

    async def outbox(self) -> list[str]:
        """What became of each message, oldest first."""
        return [row[0] for row in await self.rows("SELECT status FROM outbox ORDER BY id")]

    async def rows(self, query: str, **values: Any) -> list[Any]:
        """Read from the service's own database."""
        database = Database(f"sqlite+aiosqlite:///{self.service.directory / 'shop.db'}")
        async with database.session() as session:
            found = list((await session.execute(text(query), values)).all())
        await database.dispose()
        return found

    async def write(self, statement: str, **values: Any) -> None:
        """Change the service's own database."""
        database = Database(f"sqlite+aiosqlite:///{self.service.directory / 'shop.db'}")
        async with database.session() as session:
            await session.execute(text(statement), values)
            await session.commit()
        await database.dispose()

    async def bind(self, user: User, customer_id: str) -> None:
        """The openid is a customer's of the shop."""
        database = Database(f"sqlite+aiosqlite:///{self.service.directory / 'shop.db'}")
        async with database.session() as session:
            bound = Identity(channel="wechat", external_id=user.openid, customer_id=customer_id)
            bound.bound_at = datetime.now(timezone.utc)
            session.add(bound)
            await session.commit()
        await database.dispose()

    async def agent(self, user: User, verb: str, **body: str) -> None:
        """What somebody does at our desk: accept, messages, return, close."""
        status, told = await self.client.post(f"/api/v1/handoffs/{user.openid}/{verb}", body)
        assert status == 200, told

    async def restart(self) -> None:
        """After a kill."""
        self.service.start()
        await self.service.ready()


def service_for(directory: Path, port: int, kind: Kind = "verified_service", **settings: str) -> Service:
    """A service whose WeChat is, or will be, at this port."""
    made = SlowService if "SLOW_TURNS" in settings else Service
    return made(directory / "var", **environment_of(Account(kind=kind), f"http://127.0.0.1:{port}"), **settings)


@asynccontextmanager
async def wechat_for(
    service: Service, port: int, kind: Kind = "verified_service", cut: float = 5.0
) -> AsyncIterator[Shop]:
    """A fresh WeChat in front of a running service."""
    fake = FakeWeChat(f"{service.url}/wechat", account=Account(kind=kind), cut=cut, port=port)
    async with fake as wechat, aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        yield Shop(wechat, service, Client(service.url, session))
        await wechat.settled()


@asynccontextmanager
async def shop_at(
    directory: Path, kind: Kind = "verified_service", cut: float = 5.0, **settings: str
) -> AsyncIterator[Shop]:
    """A service of its own, and a WeChat in front of it."""
    port = free_port()
    service = service_for(directory, port, kind, **settings)
    service.start()
    try:
        await service.ready()
        async with wechat_for(service, port, kind, cut) as shop:
            yield shop
    finally:
        service.stop()


async def in_time(condition: Any, seconds: float = 20.0) -> None:
    """Wait until an awaited condition holds."""
    until = asyncio.get_running_loop().time() + seconds
    while not await condition():
        assert asyncio.get_running_loop().time() < until, "it did not come to be"
        await asyncio.sleep(0.05)


def picture(format: str = "JPEG") -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(out, format)
    return out.getvalue()


def texts(user: User) -> list[str]:
    """What the user reads."""
    return [shown.text for shown in user.screen]


def faults(shop: Shop) -> list[str]:
    """Whether WeChat ever told somebody that the account is out of order."""
    return [
        json.dumps(shown.text, ensure_ascii=False)
        for member in shop.wechat.world.state.members.values()
        for shown in member.history
        if shown.kind == "fault"
    ]
