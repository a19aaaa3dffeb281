"""What the check of promises has to know of a conversation, in a fixed number of queries.

The order in talk is the one that the text names, else that of a ticket that it names, else that of the dialogue, else
any of the customer's recent ones: a promise is checked against the order that fits it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.desk import bargains
from bot.lexicon import plain
from bot.orders.gateway import OrderView, Viewer
from bot.orders.sql import SqlCatalogue, SqlOrders
from bot.policy.bargain import Goods
from bot.policy.facts import SOLUTIONS, Claim, LineFacts
from bot.policy.limits import limit_of
from bot.policy.money import ZERO
from bot.policy.pack import RulePack
from bot.promises.eligibility import FAULTS
from bot.promises.facts import CourierFacts, PromiseFacts, Role, Standing, TicketFacts
from bot.promises.words import words
from bot.services import Services
from bot.store.models import Product, Ticket, TrackerState
from bot.tickets import numbers

MOST_ORDERS = 8
GONE = ("rejected", "withdrawn")
ORDERS_OF_TALK = ("order_no", "order_in_talk")
PRODUCTS_OF_TALK = ("goods", "product_in_talk")


@dataclass(frozen=True)
class Dialogue:
    """What the dialogue was last about: slots as they are, and the last value that each had."""

    now: Mapping[str, Any]
    last: Mapping[str, Any]

    @classmethod
    def of(cls, events: Sequence[Mapping[str, Any]]) -> Dialogue:
        """From a tracker's events, oldest first."""
        slots = [(str(e["name"]), e.get("value")) for e in events if e.get("event") == "slot"]
        return cls(dict(slots), {name: value for name, value in slots if value is not None})

    @property
    def orders(self) -> list[str]:
        """The numbers of orders, the present one first."""
        lately = self.last.get("lately") or {}
        numbers = [talk.get(slot) for talk in (self.now, self.last) for slot in ORDERS_OF_TALK]
        return [str(number) for number in dict.fromkeys([*numbers, lately.get("order_no")]) if number]

    @property
    def product(self) -> str | None:
        """The sku of the product, if one was talked about."""
        found = next(
            (talk[slot] for talk in (self.now, self.last) for slot in PRODUCTS_OF_TALK if talk.get(slot)), None
        )
        return str(found) if found else None

    @property
    def quantity(self) -> int:
        """How many pieces are bargained over."""
        told = self.last.get("quantity")
        return told if isinstance(told, int) and told > 0 else 1

    def claim(self, order_no: str) -> Claim | None:
        """The fault that the customer is reporting of an order."""
        cause = self.now.get("cause")
        return Claim(cause) if cause in FAULTS and self.now.get("order_no") == order_no else None


def standing_of(role: Role, pack: RulePack) -> Standing:
    """What somebody may promise."""
    return Standing(role, limit_of(role, "refund", pack), limit_of(role, "compensation", pack))


async def gather(
    session: AsyncSession,
    services: Services,
    conversation: Any,
    role: Role,
    text: str,
    now: datetime,
    *,
    events: Sequence[Mapping[str, Any]] | None = None,
    orders: SqlOrders | None = None,
) -> list[PromiseFacts]:
    """The facts around each order that a text may be about, the likeliest first; of a product only where there is none.

    `events` and `orders` where a turn has them already.
    """
    if events is None:
        tracker = await session.get(TrackerState, conversation.id)
        events = tracker.events if tracker else ()
    talk = Dialogue.of(events)
    orders = orders or SqlOrders(session, services.clock, services.shop.gift_values)
    views = await _views(session, orders, _viewer(conversation), talk, text)
    tickets = await _tickets(session, [view.order_no for view in views])
    common = _common(services, role, now)
    product, goods, granted = await _product(session, services, conversation, talk)
    ships_at = await _ships_at(session, [view for view in views if view.presale])
    common |= {"goods": goods, "granted": granted}
    found = [_of_order(services, view, talk, tickets, ships_at, common) for view in views]
    alone = PromiseFacts(**common, product=product, ships_at=await _leaves(session, product, services))
    if not found or (product is not None and not _names_order(talk)):
        found.insert(0, alone)
    return found


def _names_order(talk: Dialogue) -> bool:
    return any(talk.now.get(slot) for slot in ORDERS_OF_TALK)


def _viewer(conversation: Any) -> Viewer:
    return Viewer(conversation.id, conversation.channel, conversation.sender, conversation.customer_id)


def _common(services: Services, role: Role, now: datetime) -> dict[str, Any]:
    """What holds for the whole shop."""
    shop = services.shop
    pack = services.packs.for_payment(now)
    return {
        "now": now,
        "pack": pack,
        "standing": standing_of(role, pack),
        "names": {sku: item.aliases for sku, item in shop.catalogue.items()},
        "staffed_from": shop.opens_at(now),
        "gifts": tuple(shop.gift_values),
        "free_from": Decimal(shop.shipping["free_from"]),
        "freight": Decimal(shop.shipping["freight"]),
        "coupons": tuple((coupon.min_spend, coupon.reduction) for coupon in shop.coupons),
    }


async def _views(
    session: AsyncSession, orders: SqlOrders, viewer: Viewer, talk: Dialogue, text: str
) -> list[OrderView]:
    recent = {view.order_no: view for view in await orders.recent(viewer)}
    said = plain(text)
    tails = {found["tail"] for found in words().details["order_tail"].finditer(said)}
    named = [view for view in recent.values() if view.order_no in said or view.tail in tails]
    if named:
        return named
    for likely in (await _orders_of_tickets(session, text), talk.orders):
        found = [recent.get(number) or await orders.find(number, viewer) for number in likely[:MOST_ORDERS]]
        known = [view for view in found if view is not None]
        if known:
            return known
    return list(recent.values())[:MOST_ORDERS]


async def _orders_of_tickets(session: AsyncSession, text: str) -> list[str]:
    """The orders of the tickets that a text names; whose they are, the orders' gateway knows."""
    named = numbers.named_in(text)
    if not named:
        return []
    query = select(Ticket.order_no).where(Ticket.id.in_(named), Ticket.order_no.isnot(None)).order_by(Ticket.id)
    return list((await session.execute(query)).scalars())


async def _tickets(session: AsyncSession, numbers: Sequence[str]) -> dict[str, list[TicketFacts]]:
    query = select(Ticket).where(Ticket.order_no.in_(numbers), Ticket.type.in_(SOLUTIONS), Ticket.status.notin_(GONE))
    found: dict[str, list[TicketFacts]] = {}
    for ticket in (await session.execute(query.order_by(Ticket.created_at.desc()))).scalars():
        facts = TicketFacts(ticket.id, ticket.type, ticket.amount, ticket.due_at, ticket.status == "done")
        found.setdefault(ticket.order_no, []).append(facts)
    return found


def _of_order(
    services: Services,
    view: OrderView,
    talk: Dialogue,
    tickets: Mapping[str, Sequence[TicketFacts]],
    ships_at: Mapping[str, datetime],
    common: Mapping[str, Any],
) -> PromiseFacts:
    pack = services.packs.for_payment(view.facts.paid_at)
    leaving = [ships_at[line.sku] for line in view.facts.lines if view.presale and line.sku in ships_at]
    facts = view.facts
    own: dict[str, Any] = {
        "pack": pack,
        "standing": standing_of(common["standing"].role, pack),
        "order": facts,
        "ships_at": max(leaving, default=None),
        "courier": CourierFacts(facts.shipped_at, facts.signed_at, None, view.trace),
        "tickets": (*tickets.get(view.order_no, ()), *_running(view)),
        "claim": talk.claim(view.order_no),
    }
    return PromiseFacts(**{**common, **own})


def _running(view: OrderView) -> list[TicketFacts]:
    """A refund on which the payment side works already."""
    refund = view.refund
    if not refund:
        return []
    return [TicketFacts(refund["number"], "refund", Decimal(refund["amount"]), None, refund.get("status") == "done")]


async def _product(
    session: AsyncSession, services: Services, conversation: Any, talk: Dialogue
) -> tuple[LineFacts | None, Goods | None, Decimal | None]:
    """The product in talk, its prices, and the total to which a person agreed."""
    catalogue = SqlCatalogue(session, services.clock)
    product = await catalogue.product(talk.product) if talk.product else None
    if product is None:
        return None, None, None
    activity = await catalogue.activity(product.sku)
    today = min(product.price, activity.price) if activity else product.price
    goods = Goods(today, product.floor, talk.quantity, activity=activity is not None)
    asked = await bargains.about(session, conversation.id, product.sku)
    approved = [
        a.amount for a in asked if a.status == bargains.APPROVED and a.subject.get("quantity") == goods.quantity
    ]
    return _line(product, today), goods, min(approved, default=None)


def _line(product: Any, today: Decimal) -> LineFacts:
    details = product.details
    return LineFacts(
        sku=product.sku,
        name=product.name,
        quantity=1,
        unit_price=today or ZERO,
        no_reason=details["no_reason"],
        category=details["category"],
        traits=frozenset(details["traits"]),
        warranty_days=details["warranty_days"],
        gift=details["gift"] or None,
        stock=product.stock,
        restock_at=product.restock_at,
    )


async def _ships_at(session: AsyncSession, presold: Sequence[OrderView]) -> dict[str, datetime]:
    skus = {line.sku for view in presold for line in view.facts.lines}
    query = select(Product.sku, Product.ships_at).where(Product.sku.in_(skus), Product.ships_at.isnot(None))
    return dict((await session.execute(query)).all()) if skus else {}


async def _leaves(session: AsyncSession, product: LineFacts | None, services: Services) -> datetime | None:
    """When a presold product in talk leaves, while that is still to come."""
    row = await session.get(Product, product.sku) if product else None
    leaves: datetime | None = row.ships_at if row else None
    return leaves if leaves and leaves > services.clock.now() else None
