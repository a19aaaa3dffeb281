"""The payment side: who is asked to give money back. The demo shop's keeps it in our own database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.store.database import Database
from bot.store.models import Order, Refund

PROCESSING = "processing"


@dataclass(frozen=True)
class Applied:
    """The payment side has taken the order to pay, under this number. When the money is there only the bank knows."""

    number: str


@dataclass(frozen=True)
class Refused:
    """It will not; `why` is for the desk."""

    why: str


class RefundGateway(Protocol):
    """Gives money back. The same ticket is paid once, however often it is asked for."""

    async def refund(self, ticket_id: str, order_no: str, amount: Decimal) -> Applied | Refused:
        """Ask for a refund. Raises whatever the way there raises; then it may be asked again."""


class SqlRefunds:
    """The demo shop's gateway: a table, and the order that tells of its refund."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def refund(self, ticket_id: str, order_no: str, amount: Decimal) -> Applied | Refused:
        """See `RefundGateway.refund`."""
        async with self._database.session() as session:
            known = await session.get(Refund, ticket_id)
            if known is not None:
                return Applied(known.number)
            order = await session.get(Order, order_no)
            if order is None:
                return Refused("no such order")
            if await _given_back(session, order) + amount > order.paid:
                return Refused("more than was paid")
            number, now = f"RF{ticket_id[1:]}", self._clock.now()
            session.add(Refund(ticket_id=ticket_id, order_no=order_no, number=number, amount=amount, applied_at=now))
            order.refund = order.refund or {
                "number": number,
                "amount": f"{amount:.2f}",
                "status": PROCESSING,
                "applied_at": now.isoformat(),
                "ticket": ticket_id,
            }
            try:
                await session.commit()
            except IntegrityError:  # another node was faster with the same ticket
                return Applied(number)
            return Applied(number)


async def _given_back(session: AsyncSession, order: Order) -> Decimal:
    """What was asked for of this order already, also before tickets were."""
    query = select(func.sum(Refund.amount)).where(Refund.order_no == order.order_no)
    ours: Decimal = (await session.execute(query)).scalar() or Decimal(0)
    other = order.refund if order.refund and "ticket" not in order.refund else None
    return ours + (Decimal(other["amount"]) if other else Decimal(0))
