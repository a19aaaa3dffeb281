"""A shop with its database and its desk, but without Rasa: tickets need nobody who understands."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.clocks.handlers import handlers
from bot.clocks.scheduler import Scheduler
from bot.conversation.hub import Hub
from bot.desk.service import Desk
from bot.desk.work import Work, transact
from bot.orders.refunds import SqlRefunds
from bot.services import Services, build_services
from bot.store.models import Conversation, Ticket
from bot.tickets import events
from bot.tickets.opening import open_ticket
from bot.tickets.state import State, fold, of_row
from tests.conftest import NOON, settings_for

ORDER = "2026000000000122"


@dataclass
class House:
    """The shop at one point in time; `later` is the same shop after a while."""

    services: Services
    hub: Hub

    @property
    def desk(self) -> Desk:
        """The people's side."""
        return Desk(self.services, self.hub)

    @property
    def refunds(self) -> SqlRefunds:
        """The payment side."""
        return SqlRefunds(self.services.database, self.services.clock)

    async def rounds(self) -> None:
        """Let the scheduler do all that is due."""
        scheduler = Scheduler(self.services, self.hub, handlers(self.hub, self.refunds))
        while await scheduler.round():
            pass

    @property
    def now(self) -> datetime:
        """The business time."""
        return self.services.clock.now()

    def later(self, **time: float) -> House:
        """After so much time."""
        return House(replace(self.services, clock=Clock(self.now + timedelta(**time))), self.hub)

    def quiet(self) -> House:
        """The shop tells no news outside hours."""
        return House(replace(self.services, shop=replace(self.services.shop, quiet_news=True)), self.hub)

    async def do(self, act: Callable[[Work], Any]) -> Any:
        """One transaction."""
        return await transact(self.services, self.hub, act)

    async def talk(self, customer_id: str | None = "cust-003", sender: str = "s-1", id: str | None = None) -> str:
        """A new conversation."""

        async def act(work: Work) -> str:
            made = Conversation(channel="rest", sender=sender, customer_id=customer_id, created_at=work.now)
            work.session.add(made)
            await work.session.flush()
            return str(made.id)

        return str(await self.do(act))

    async def open(self, talk: str, **told: Any) -> str:
        """A ticket of that conversation."""
        values: dict[str, Any] = {
            "type": "refund",
            "status": "open",
            "order_no": ORDER,
            "items": [{"sku": "SHOES", "quantity": 1}],
            "amount": Decimal("259.00"),
            **told,
        }

        async def act(work: Work) -> str:
            conversation = await work.session.get(Conversation, talk)
            ticket = await open_ticket(work.session, work.services, conversation, now=work.now, **values)
            return str(ticket.id)

        return str(await self.do(act))

    async def complaint(self, talk: str, reason: str, **told: Any) -> str:
        """A complaint of that conversation."""
        return await self.open(
            talk, **{"type": "complaint", "order_no": None, "items": [], "amount": None, "reason": reason, **told}
        )

    async def row(self, number: str) -> State:
        """The ticket as its row holds it."""
        async with self.services.database.session() as session:
            return of_row(await session.get(Ticket, number))

    async def folded(self, number: str) -> State:
        """The ticket as its log tells it."""
        async with self.services.database.session() as session:
            return fold(event.detail for event in await events.log_of(session, number))

    async def told(self, sender: str = "s-1") -> list[dict[str, Any]]:
        """What was written to the sender, in order."""
        return list((await self.desk.conversation(sender))["messages"])

    async def keys(self, sender: str = "s-1") -> list[str]:
        """The keys of it."""
        return [key for message in await self.told(sender) for key in message["keys"]]


@pytest.fixture
async def open_house(seeded: dict[datetime, Path], tmp_path: Path) -> AsyncIterator[Callable[[datetime], House]]:
    """Makes the shop at a point in time."""
    made: list[House] = []

    def at(now: datetime) -> House:
        directory = tmp_path / now.strftime("%H%M%S")
        services = build_services(settings_for(directory, now))
        shutil.copy(seeded[now], directory / "shop.db")
        made.append(House(services, Hub()))
        return made[-1]

    yield at
    for house in made:
        await house.services.database.dispose()


@pytest.fixture
def house(open_house: Callable[[datetime], House]) -> House:
    """The shop on a working day's afternoon."""
    return open_house(NOON)
