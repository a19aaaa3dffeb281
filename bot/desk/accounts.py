"""Accounts of the people who answer. The first admin comes from ADMIN_EMAIL and ADMIN_PASSWORD."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import BadInput, NotFound
from bot.store.models import Account

ROLES = ("agent", "supervisor", "admin")
SHORTEST_PASSWORD = 10


async def add(session: AsyncSession, email: str, name: str, password: str, role: str, now: datetime) -> Any:
    """Create an account. Raises BadInput on an unknown role, a short password or an address that is taken."""
    if role not in ROLES:
        raise BadInput(f"the role is one of {', '.join(ROLES)}")
    _check(password)
    if await by_email(session, email):
        raise BadInput(f"{email} has an account")
    account = Account(
        email=email.lower(), name=name, password_hash=PasswordHasher().hash(password), role=role, created_at=now
    )
    session.add(account)
    await session.flush()
    return account


async def by_email(session: AsyncSession, email: str) -> Any:
    """The account with this address, or None."""
    return (await session.execute(select(Account).where(Account.email == email.lower()))).scalars().first()


async def acting(session: AsyncSession, email: str | None) -> Any:
    """Who acts: the named account, else the first admin. Raises NotFound."""
    if email:
        account = await by_email(session, email)
    else:
        account = (
            (await session.execute(select(Account).where(Account.role == "admin").order_by(Account.id)))
            .scalars()
            .first()
        )
    if account is None:
        raise NotFound("no such account")
    return account


async def names(session: AsyncSession, emails: Collection[str]) -> dict[str, str]:
    """The names of those of these addresses that have an account."""
    query = select(Account.email, Account.name).where(Account.email.in_(emails))
    return {row.email: row.name for row in (await session.execute(query)).all()}


def number(account: Any) -> str:
    """The number by which customers know somebody, beside the name."""
    return f"{account.id:03d}"


async def set_password(session: AsyncSession, email: str, password: str) -> Any:
    """Give an account another password. Raises NotFound, BadInput."""
    _check(password)
    account = await by_email(session, email)
    if account is None:
        raise NotFound("no such account")
    account.password_hash = PasswordHasher().hash(password)
    return account


async def everybody(session: AsyncSession) -> list[Any]:
    """All accounts, the first one first."""
    return list((await session.execute(select(Account).order_by(Account.id))).scalars().all())


def _check(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(f"the password needs {SHORTEST_PASSWORD} characters")
