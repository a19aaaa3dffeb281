"""Somebody who works in the console, over HTTP as the page does it: a cookie, and a token on every change."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import aiohttp
from sqlalchemy import text

from bot.desk import accounts
from bot.store.database import Database
from tests.service import Client, Service

PASSWORD = "a-long-password"
DESK = "/api/v1/desk/conversations"


class Colleague(Client):
    """An account, logged in. `say`, `conversation` and `tickets` of its base are not for it: it holds no key."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        super().__init__(url, session)
        self.account: dict[str, Any] = {}
        self.csrf = ""

    async def log_in(self, email: str, password: str = PASSWORD) -> tuple[int, Any]:
        """Log in; status and answer."""
        status, answer = await self.post("/api/v1/session", {"email": email, "password": password})
        if status == 200:
            self.account, self.csrf = answer["account"], answer["csrf"]
        return status, answer

    async def call(self, method: str, path: str, *, key: str | None = None, **options: Any) -> tuple[int, Any]:
        """With the cookie; a change carries the token, unless `headers` say otherwise."""
        if method != "GET":
            options["headers"] = {"X-CSRF-Token": self.csrf, **options.get("headers", {})}
        return await super().call(method, path, key=key, **options)

    async def at(self, conversation_id: str, verb: str, body: Any = None) -> tuple[int, Any]:
        """POST to a conversation of the desk."""
        return await self.post(f"{DESK}/{conversation_id}/{verb}", body)

    async def see(self, conversation_id: str, part: str = "", **query: Any) -> Any:
        """GET of a conversation of the desk."""
        status, shown = await self.get(f"{DESK}/{conversation_id}{part}", params=query)
        assert status == 200, shown
        return shown

    async def view(self, view: str, **query: Any) -> dict[str, Any]:
        """A page of a view."""
        status, shown = await self.get(DESK, params={"view": view, **query})
        assert status == 200, shown
        return shown

    async def write(self, conversation_id: str, text: str, **fields: Any) -> tuple[int, Any]:
        """A message to the customer."""
        return await self.at(conversation_id, "messages", {"text": text, "client_id": secrets.token_hex(8), **fields})


def database_of(service: Service) -> Database:
    """The running service's own."""
    return Database(f"sqlite+aiosqlite:///{service.directory / 'shop.db'}")


async def hire(service: Service, role: str, name: str = "小周") -> str:
    """Make an account; its e-mail address."""
    email = f"{role}-{secrets.token_hex(4)}@shop.local"
    database = database_of(service)
    async with database.session() as session:
        await accounts.add(session, email, name, PASSWORD, role, datetime.now(timezone.utc))
        await session.commit()
    await database.dispose()
    return email


async def let_pass(service: Service, minutes: int) -> None:
    """Let the wrong passwords be so much longer ago."""
    database = database_of(service)
    async with database.session() as session:
        then = datetime.now(timezone.utc) - timedelta(minutes=minutes)
        await session.execute(text("UPDATE failed_logins SET at = :then"), {"then": then.replace(tzinfo=None)})
        await session.commit()
    await database.dispose()


@asynccontextmanager
async def at_work(service: Service, role: str = "agent", name: str = "小周") -> AsyncIterator[Colleague]:
    """Somebody new, logged in, for as long as the block lasts."""
    # The cookie jar of a browser; aiohttp's keeps none for bare addresses unless told to.
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60), cookie_jar=jar) as session:
        colleague = Colleague(service.url, session)
        status, answer = await colleague.log_in(await hire(service, role, name))
        assert status == 200, answer
        yield colleague
