"""What happens to tickets, as signals for their clocks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clocks import ledger
from bot.policy.duties import Event
from bot.policy.facts import SOLUTIONS
from bot.services import Services

MONEY = ("refund", "return_refund", "cancel", "compensation", "price_difference")
SERVICES = (*SOLUTIONS, "complaint")
"""Tickets after which the customer is asked how it went."""
TECHNICAL = ("repair",)
LEVELS: Mapping[str, Event] = {
    "1": "complaint_1",
    "2": "complaint_2",
    "3": "complaint_3",
    "special": "complaint_special",
}
SETTLED: tuple[Event, ...] = ("closed", "archived")


async def changed(session: AsyncSession, services: Services, ticket: Any, actor: str, now: datetime) -> None:
    """A ticket was opened or decided: money that is on its way, a matter that is settled, a service that was done."""
    names: list[Event] = []
    if ticket.status == "approved" and ticket.amount is not None and ticket.type in MONEY:
        names.append("refund_accepted")
    if ticket.status == "done":
        names += ["refund_arrived", *SETTLED]
    if ticket.status == "rejected":
        names += SETTLED
    for name in names:
        await ledger.signal(session, services, name, ticket=ticket, now=now, actor=actor)
    if ticket.status == "rejected":
        await ledger.cancel(session, services, ticket, "rejected", now=now, actor=actor)
    if ticket.status == "done" and ticket.type in TECHNICAL:
        await ledger.signal(session, services, "technically_solved", ticket=ticket, now=now, actor=actor)
    if ticket.status == "done" and ticket.type in SERVICES:
        await ledger.signal(session, services, "service_done", ticket=ticket, now=now, actor=actor)


async def graded(
    session: AsyncSession, services: Services, ticket: Any, before: Collection[str], actor: str, now: datetime
) -> None:
    """A complaint is graver than it was (`before`: its level and gravity): it has that level's time too."""
    for level in dict.fromkeys((ticket.level, ticket.gravity)):
        if level not in before:
            await ledger.signal(session, services, LEVELS[level], ticket=ticket, now=now, actor=actor)


async def told(session: AsyncSession, services: Services, ticket: Any, now: datetime) -> None:
    """The customer heard how far a ticket is."""
    await ledger.signal(session, services, "customer_told", ticket=ticket, now=now, actor=ledger.SYSTEM)


async def replied(session: AsyncSession, services: Services, ticket: Any, actor: str, now: datetime) -> None:
    """The customer got a written answer about a ticket."""
    names: tuple[Event, ...] = ("written_reply_sent", "merchant_replied", "agent_replied", "customer_told")
    for name in names:
        await ledger.signal(session, services, name, ticket=ticket, now=now, actor=actor)


async def answered(session: AsyncSession, services: Services, conversation: Any, actor: str, now: datetime) -> None:
    """A person wrote to the customer: an answer to what was said, and to a complaint at a platform; a contact made."""
    names: tuple[Event, ...] = ("agent_replied", "merchant_replied", "customer_contacted")
    for name in names:
        await ledger.signal(session, services, name, conversation=conversation, now=now, actor=actor)


async def confirmed(session: AsyncSession, services: Services, ticket: Any, actor: str, now: datetime) -> None:
    """The customer was asked how it went, and said that it is solved, or had nothing more to say."""
    await ledger.signal(session, services, "followed_up", ticket=ticket, now=now, actor=actor)


async def reopened(session: AsyncSession, services: Services, ticket: Any, actor: str, now: datetime) -> None:
    """It was not solved: what was still being watched is over, and a complaint has the time of its level again."""
    await ledger.cancel(session, services, ticket, "reopened", now=now, actor=actor)
    if ticket.type == "complaint":
        await complained(session, services, ticket, now)


async def complained(session: AsyncSession, services: Services, ticket: Any, now: datetime) -> None:
    """A complaint was opened: it is to be answered soon, and settled in the time of its level."""
    levels = dict.fromkeys((ticket.level, ticket.gravity))  # a special customer's matter has its own gravity beside
    names: list[Event] = ["complaint_received", *(LEVELS[level] for level in levels)]
    for name in names:
        await ledger.signal(session, services, name, ticket=ticket, now=now, actor="customer")
