"""Before serving: the newest schema, the shop's data, the first admin. Does nothing twice."""

from __future__ import annotations

import asyncio

from bot.desk import accounts
from bot.orders.seed import is_demo, reset_demo, seed
from bot.services import Services
from bot.store.database import migrate


def prepare_database(services: Services) -> bool:
    """Migrate, seed where empty, make the first admin; whether one was made. Blocking, outside any event loop."""
    prepare_shop(services)
    return asyncio.run(_first_admin(services))


def prepare_shop(services: Services) -> None:
    """Migrate, and load the shop's data where there is none. Blocking, outside any event loop."""

    async def work() -> None:
        try:
            async with services.database.session() as session:
                await seed(session, services.shop, services.clock.now())
        finally:
            await services.database.dispose()

    migrate(services.settings.database_url)
    asyncio.run(work())


async def _first_admin(services: Services) -> bool:
    now, settings = services.clock.now(), services.settings
    try:
        async with services.database.session() as session:
            made = await accounts.by_email(session, settings.admin_email) is None
            if made:
                name = services.texts.plain("label_first_admin")
                await accounts.add(session, settings.admin_email, name, settings.admin_password, "admin", now)
            await session.commit()
            return made
    finally:
        await services.database.dispose()


def reseed(services: Services) -> bool:
    """Begin the demo shop anew; False when it is not loaded. Blocking."""

    async def work() -> bool:
        try:
            async with services.database.session() as session:
                if not await is_demo(session):
                    return False
                await reset_demo(session, services.shop, services.clock.now())
                return True
        finally:
            await services.database.dispose()

    migrate(services.settings.database_url)
    return asyncio.run(work())
