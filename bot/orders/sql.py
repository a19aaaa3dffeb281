"""Orders and catalogue in our own database."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, event, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.orders.gateway import OrderView, Viewer
from bot.policy.facts import SOLUTIONS, Claimed, LineFacts, OrderFacts, ParcelFacts, PriceSeen
from bot.store.models import FailedProof, Order, OrderGrant, PriceChange, Product, Ticket

RECENT = timedelta(days=120)
RECENTLY = "recent"
PROOF_WINDOW = timedelta(minutes=15)
WRONG_PAIRS_OF_SENDER = 3
WRONG_PAIRS_ON_ORDER = 10
GONE = ("rejected", "withdrawn")


class SqlOrders:
    """The `Orders` protocol over one unit of work, which reads an order once until it writes something."""

    def __init__(self, session: AsyncSession, clock: Clock, gift_values: Mapping[str, Decimal]) -> None:
        self._session = session
        self._clock = clock
        self._gift_values = gift_values
        self._seen: dict[tuple[str, Viewer], list[OrderView]] = {}
        event.listen(session.sync_session, "after_flush", lambda *_: self._seen.clear())

    async def recent(self, viewer: Viewer) -> list[OrderView]:
        """See `Orders.recent`."""
        return list(await self._once(RECENTLY, viewer, self._recent))

    async def find(self, order_no: str, viewer: Viewer) -> OrderView | None:
        """See `Orders.find`."""
        found = await self._once(order_no, viewer, lambda viewer: self._found(order_no, viewer))
        return found[0] if found else None

    async def _once(
        self, what: str, viewer: Viewer, load: Callable[[Viewer], Awaitable[list[OrderView]]]
    ) -> list[OrderView]:
        key = (what, viewer)
        if key not in self._seen:
            self._seen[key] = await load(viewer)
        return self._seen[key]

    async def _recent(self, viewer: Viewer) -> list[OrderView]:
        since = self._clock.now() - RECENT
        query = select(Order).where(self._owned(viewer), Order.created_at >= since).order_by(Order.created_at.desc())
        return await self._views((await self._session.execute(query)).scalars().all())

    async def _found(self, order_no: str, viewer: Viewer) -> list[OrderView]:
        order = await self._own(order_no, viewer)
        return await self._views([order]) if order else []

    async def hold(self, order_no: str, viewer: Viewer) -> None:
        """Mark that this unit of work opens a claim on the order: another one that does so at the same time fails."""
        order = await self._own(order_no, viewer)
        if order:
            order.claims += 1
            await self._session.flush()

    async def prove(self, order_no: str, phone_tail: str, viewer: Viewer) -> bool:
        """See `Orders.prove`."""
        guess = FailedProof(channel=viewer.channel, sender=viewer.sender, order_no=order_no[:32], at=self._clock.now())
        await self._one_guess_at_a_time(order_no)
        self._session.add(guess)
        await self._session.flush()  # SQLite's one writer: guesses that come together are counted one after the other
        order = await self._session.get(Order, order_no)
        right = hmac.compare_digest((order.phone if order else "-----")[-4:].encode(), phone_tail.encode())
        guesses = await self._failures(FailedProof.order_no == guess.order_no, guess.at - PROOF_WINDOW)
        if order and right and guesses <= WRONG_PAIRS_ON_ORDER:
            await self._session.delete(guess)
            grant = OrderGrant(conversation_id=viewer.conversation_id, order_no=order_no, granted_at=self._clock.now())
            await self._session.merge(grant)
            await self._session.flush()
            return True
        return False

    async def _one_guess_at_a_time(self, order_no: str) -> None:
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(select(func.pg_advisory_xact_lock(func.hashtext(order_no))))

    async def proof_locked(self, viewer: Viewer, order_no: str = "") -> bool:
        """See `Orders.proof_locked`."""
        since = self._clock.now() - PROOF_WINDOW
        of_sender = and_(FailedProof.channel == viewer.channel, FailedProof.sender == viewer.sender)
        if await self._failures(of_sender, since) >= WRONG_PAIRS_OF_SENDER:
            return True
        return bool(order_no) and await self._failures(FailedProof.order_no == order_no, since) >= WRONG_PAIRS_ON_ORDER

    async def _failures(self, which: Any, since: datetime) -> int:
        query = select(func.count()).select_from(FailedProof).where(which, FailedProof.at > since)
        return int((await self._session.execute(query)).scalar_one())

    async def _own(self, order_no: str, viewer: Viewer) -> Any:
        query = select(Order).where(Order.order_no == order_no, self._owned(viewer))
        return (await self._session.execute(query)).scalars().first()

    def _owned(self, viewer: Viewer) -> Any:
        granted = select(OrderGrant.order_no).where(OrderGrant.conversation_id == viewer.conversation_id)
        by_proof = Order.order_no.in_(granted)
        return or_(Order.customer_id == viewer.customer_id, by_proof) if viewer.customer_id else by_proof

    async def _views(self, orders: list[Any]) -> list[OrderView]:
        skus = {item.sku for order in orders for item in order.items}
        products = {p.sku: p for p in await self._all(select(Product).where(Product.sku.in_(skus)))}
        changes = await self._all(select(PriceChange).where(PriceChange.sku.in_(skus)))
        claimed = await self._claimed([order.order_no for order in orders])
        now = self._clock.now()
        return [
            _view(order, products, changes, claimed.get(order.order_no, ()), self._gift_values, now) for order in orders
        ]

    async def _claimed(self, numbers: list[str]) -> dict[str, tuple[Claimed, ...]]:
        query = (
            select(Ticket).where(Ticket.order_no.in_(numbers), Ticket.status.notin_(GONE)).order_by(Ticket.created_at)
        )
        found: dict[str, tuple[Claimed, ...]] = {}
        for ticket in await self._all(query):
            if ticket.type not in SOLUTIONS:
                continue
            for index, item in enumerate(ticket.items):
                amount = (ticket.amount if index == 0 else None) or Decimal(0)
                entry = Claimed(
                    item["sku"],
                    item["quantity"],
                    amount,
                    ticket.id,
                    ticket.status,
                    ticket.cause,
                    ticket.type,
                    by_person=ticket.status == "open" or "approval_limit" in ticket.rule_ids,
                )
                found[ticket.order_no] = (*found.get(ticket.order_no, ()), entry)
        return found

    async def _all(self, query: Any) -> list[Any]:
        return list((await self._session.execute(query)).scalars().all())


class SqlCatalogue:
    """Products and today's prices over one unit of work."""

    def __init__(self, session: AsyncSession, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    async def product(self, sku: str) -> Any:
        """The product's row, or None."""
        return await self._session.get(Product, sku)

    async def activity(self, sku: str) -> Any:
        """The price change that holds now, or None."""
        now = self._clock.now()
        query = select(PriceChange).where(
            PriceChange.sku == sku,
            PriceChange.starts_at <= now,
            or_(PriceChange.ends_at.is_(None), PriceChange.ends_at > now),
        )
        return (await self._session.execute(query.order_by(PriceChange.price))).scalars().first()


def _view(
    order: Any,
    products: dict[str, Any],
    changes: list[Any],
    claimed: tuple[Claimed, ...],
    gift_values: Mapping[str, Decimal],
    now: datetime,
) -> OrderView:
    facts = OrderFacts(
        order_no=order.order_no,
        status=order.status,
        lines=tuple(_line(item, products[item.sku], changes, order.paid_at, now) for item in order.items),
        paid=order.paid,
        freight=order.freight,
        paid_at=order.paid_at,
        shipped_at=order.shipped_at,
        signed_at=order.signed_at,
        gifts=tuple(order.gifts),
        claimed=claimed + _running(order),
        gift_values=gift_values,
        parcels=tuple(map(_parcel, order.parcels)),
    )
    return OrderView(
        facts=facts,
        customer_id=order.customer_id,
        created_at=order.created_at,
        courier=order.courier,
        tracking=order.tracking,
        trace=tuple(order.trace),
        parcels=tuple(order.parcels),
        refund=order.refund,
        options=tuple(item.options for item in order.items),
        presale=bool(order.presale),
        receiver=order.receiver,
        address=order.address,
    )


def _parcel(parcel: Mapping[str, Any]) -> ParcelFacts:
    signed_at = parcel["signed_at"]
    return ParcelFacts(parcel["items"], tuple(parcel["gifts"]), signed_at and datetime.fromisoformat(signed_at))


def _running(order: Any) -> tuple[Claimed, ...]:
    """A refund that the payment side already works on counts like a ticket's (R154: pending ones included).

    One that a ticket asked for counts with its ticket.
    """
    if not order.refund or "ticket" in order.refund:
        return ()
    pieces = sum(item.quantity for item in order.items)
    amount = Decimal(order.refund["amount"])
    return (Claimed(None, pieces, amount, order.refund["number"], "approved", solution="refund", by_person=True),)


def _line(item: Any, product: Any, changes: list[Any], paid_at: datetime | None, now: datetime) -> LineFacts:
    details = product.details
    return LineFacts(
        sku=item.sku,
        name=product.name,
        quantity=item.quantity,
        unit_price=item.price,
        no_reason=details["no_reason"],
        category=details["category"],
        traits=frozenset(details["traits"]),
        warranty_days=details["warranty_days"],
        parts=details["parts"],
        gift=details["gift"] or None,
        prices=_prices(product, changes, paid_at, now),
        stock=product.stock,
        restock_at=product.restock_at,
        choices={"color": tuple(details["colors"]), "size": tuple(details["sizes"])},
    )


def _prices(product: Any, changes: list[Any], paid_at: datetime | None, now: datetime) -> tuple[PriceSeen, ...]:
    """The prices that the product is known to have had since the payment; of the list price only today's is known."""
    if paid_at is None:
        return ()
    held = [
        c for c in changes if c.sku == product.sku and c.starts_at <= now and (c.ends_at is None or c.ends_at > paid_at)
    ]
    activities = (PriceSeen(c.price, max(c.starts_at, paid_at)) for c in held)
    return (PriceSeen(product.price, now, activity=False), *activities)
