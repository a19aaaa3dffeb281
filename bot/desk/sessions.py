"""Logging in to the console. All in true time: a shop that plays another day must not keep a session for ever."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk import accounts
from bot.errors import NotAuthenticated, TooMany
from bot.services import Services
from bot.store.models import Account, DeskSession, FailedLogin

LIFE = timedelta(hours=12)
RENEWED_AFTER = timedelta(minutes=5)  # of use: not every request writes
LOCK = timedelta(minutes=15)
WRONG_FOR_ACCOUNT = 5
WRONG_FROM_ADDRESS = 20
KEPT_FAILURES = timedelta(days=1)
LONGEST_PASSWORD = 1024
HASHER = PasswordHasher()
NOBODYS = HASHER.hash(secrets.token_hex(16))  # checked for unknown addresses, which then take as long as known ones
CHECKS = ThreadPoolExecutor(2, "passwords")  # each takes 64 MB: strangers must not start many


@dataclass(frozen=True)
class Visit:
    """Somebody who is logged in: the account, the session's digest and the token that every change must show."""

    account: Any
    digest: str
    csrf: str

    def shows(self, csrf: str) -> bool:
        """Whether a request carries this session's token."""
        return hmac.compare_digest(csrf.encode(errors="replace"), self.csrf.encode())


class Sessions:
    """Opens, finds and ends sessions. Lives on the web's loop."""

    def __init__(self, services: Services) -> None:
        self._database = services.database

    async def open(self, email: str, password: str, address: str) -> tuple[str, Visit]:
        """Log in: the cookie, and who it is. Raises NotAuthenticated, TooMany.

        A guess counts before it is checked, so guesses that come together are not more than those one after another.
        """
        email, now = email.strip().lower()[:120], _now()
        guess = await self._count_guess(email, address[:64], now)
        async with self._database.session() as session:
            account = await accounts.by_email(session, email)
        given = account.password_hash if account else NOBODYS
        right = await asyncio.get_running_loop().run_in_executor(CHECKS, _fits, given, password[:LONGEST_PASSWORD])
        if account is None or not right:
            raise NotAuthenticated("the e-mail address or the password is wrong", "wrong_login")
        cookie, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        opened = DeskSession(
            id=digest_of(cookie), account_id=account.id, csrf=csrf, created_at=now, expires_at=now + LIFE
        )
        async with self._database.session() as session:
            await session.execute(delete(FailedLogin).where(or_(FailedLogin.email == email, FailedLogin.id == guess)))
            session.add(opened)
            await session.commit()
        return cookie, Visit(account, opened.id, csrf)

    async def _count_guess(self, email: str, address: str, now: datetime) -> int:
        async with self._database.session() as session:
            if session.get_bind().dialect.name == "postgresql":
                for name in sorted((f"login {email}", f"login from {address}")):
                    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))
            guess = FailedLogin(email=email, address=address, at=now)
            session.add(guess)
            await session.flush()  # SQLite's one writer: guesses that come together are counted one after the other
            for which, most in (
                (FailedLogin.email == email, WRONG_FOR_ACCOUNT),
                (FailedLogin.address == address, WRONG_FROM_ADDRESS),
            ):
                query = select(func.count()).select_from(FailedLogin).where(which, FailedLogin.at > now - LOCK)
                if (await session.execute(query)).scalar_one() > most:
                    raise TooMany("too many wrong passwords; try again in 15 minutes", "locked")
            await session.commit()
            return int(guess.id)

    async def find(self, cookie: str) -> Visit | None:
        """Who holds this cookie; being used, the session lives on."""
        return await self._find(digest_of(cookie)) if cookie else None

    async def _find(self, digest: str) -> Visit | None:
        now = _now()
        async with self._database.session() as session:
            query = select(DeskSession, Account).join(Account, Account.id == DeskSession.account_id)
            found = (await session.execute(query.where(DeskSession.id == digest, DeskSession.expires_at > now))).first()
            if found is None:
                return None
            row, account = found
            if row.expires_at < now + LIFE - RENEWED_AFTER:
                await session.execute(_renewal([digest], now))
                await session.commit()
            return Visit(account, digest, row.csrf)

    async def living(self, digests: set[str], used: set[str]) -> set[str]:
        """Which of these sessions still hold; those in use live on."""
        now = _now()
        async with self._database.session() as session:
            query = select(DeskSession.id).where(DeskSession.id.in_(digests), DeskSession.expires_at > now)
            living = set((await session.execute(query)).scalars().all())
            if used & living:
                await session.execute(_renewal(sorted(used & living), now))
                await session.commit()
        return living

    async def end(self, digest: str) -> None:
        """Log out."""
        async with self._database.session() as session:
            await session.execute(delete(DeskSession).where(DeskSession.id == digest))
            await session.commit()

    async def purge(self) -> None:
        """Forget what is over."""
        now = _now()
        async with self._database.session() as session:
            await session.execute(delete(DeskSession).where(DeskSession.expires_at <= now))
            await session.execute(delete(FailedLogin).where(FailedLogin.at <= now - KEPT_FAILURES))
            await session.commit()


async def end_all_of(session: AsyncSession, account_id: int) -> None:
    """Log an account out everywhere."""
    await session.execute(delete(DeskSession).where(DeskSession.account_id == account_id))


def digest_of(cookie: str) -> str:
    """What is stored of a cookie."""
    return hashlib.sha256(cookie.encode(errors="replace")).hexdigest()


def _renewal(digests: list[str], now: datetime) -> Any:
    renewed = update(DeskSession).where(DeskSession.id.in_(digests)).values(expires_at=now + LIFE)
    return renewed.execution_options(synchronize_session=False)


def _fits(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _now() -> datetime:
    return datetime.now(timezone.utc)
