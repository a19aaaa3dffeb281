"""What the policy engine is told: an order, what was claimed of it already, and the customer's claim.

Money is yuan as Decimal with at most two places, every instant an aware datetime; ValueError otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal, get_args

NoReason = Literal["always", "unopened", "never"]
OrderStatus = Literal["unpaid", "paid", "shipped", "signed", "closed"]
Cause = Literal[
    "damaged",
    "wrong",
    "missing",
    "gift_missing",
    "quality",
    "no_reason",
    "exchange_by_wish",
    "late_shipping",
    "price_protection",
    "unshipped_cancel",
    "warranty",
]
Solution = Literal[
    "refund", "return_refund", "exchange", "reship", "compensation", "price_difference", "repair", "cancel"
]

CAUSES: tuple[Cause, ...] = get_args(Cause)
SOLUTIONS: tuple[Solution, ...] = get_args(Solution)


@dataclass(frozen=True)
class PriceSeen:
    """A price that one piece had after the payment, known to hold from `since` on; `activity`: for a time only."""

    price: Decimal
    since: datetime
    activity: bool = True

    def __post_init__(self) -> None:
        _check_money("price seen", self.price)
        if self.since.tzinfo is None:
            raise ValueError("a price seen has no time zone")


@dataclass(frozen=True)
class LineFacts:
    """One line of an order with what the catalogue says of its product.

    `unit_price` is what was paid for one piece. `traits`: fragile, liquid, custom, hygiene, presale. `parts` are the
    pieces of a set. `prices` are those seen since the payment, activities or not; which of them count the pack says.
    `stock` and `choices` (the colours and sizes there are) None: not known; `restock_at`: when it comes back.
    """

    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    no_reason: NoReason = "always"
    category: str = ""
    traits: frozenset[str] = frozenset()
    warranty_days: int | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    gift: str | None = None
    prices: tuple[PriceSeen, ...] = ()
    stock: int | None = None
    restock_at: datetime | None = None
    choices: Mapping[str, tuple[str, ...]] | None = None

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError(f"{self.sku}: quantity {self.quantity} is below 1")
        _check_money(f"{self.sku}: unit_price", self.unit_price)

    @property
    def price(self) -> Decimal:
        """What was paid for the whole line."""
        return self.unit_price * self.quantity


@dataclass(frozen=True)
class Claimed:
    """Pieces and money that a ticket has claimed already; rejected and withdrawn tickets are left out.

    `sku` None: the whole order. A ticket over several products is several Claimed, its amount on one of them (0 where
    no money moves). `cause` None counts as a claim on the pieces, `solution` None as a refund of them. `by_person`: its
    money is a person's to decide, so that it does not count against the bot's limits.
    """

    sku: str | None
    quantity: int
    amount: Decimal
    ticket_id: str
    status: str
    cause: Cause | None = None
    solution: Solution | None = None
    by_person: bool = False

    def __post_init__(self) -> None:
        _check_money(f"{self.ticket_id}: amount", self.amount)


@dataclass(frozen=True)
class ParcelFacts:
    """One of several parcels of an order: pieces by sku and gifts in it; `signed_at` None: it is under way."""

    items: Mapping[str, int]
    gifts: tuple[str, ...] = ()
    signed_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.signed_at is not None and self.signed_at.tzinfo is None:
            raise ValueError("a parcel's signed_at has no time zone")


@dataclass(frozen=True)
class OrderFacts:
    """An order. `paid` includes `freight`; `gifts` are names, worth what `gift_values` (the shop's) says.

    `parcels` only where there are several; `signed_at` of the order is known when all of them came. `freight_insured`:
    the order was bought with an insurance for the way back.
    """

    order_no: str
    status: OrderStatus
    lines: tuple[LineFacts, ...]
    paid: Decimal
    freight: Decimal = Decimal("0.00")
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    signed_at: datetime | None = None
    gifts: tuple[str, ...] = ()
    claimed: tuple[Claimed, ...] = ()
    gift_values: Mapping[str, Decimal] = field(default_factory=dict)
    parcels: tuple[ParcelFacts, ...] = ()
    freight_insured: bool = False

    def promised_gifts(self, *skus: str) -> tuple[str, ...]:
        """The gifts that came with the order; where it names none, those of its products (of these only, if any)."""
        return self.gifts or tuple(line.gift for line in self.lines if line.gift and (not skus or line.sku in skus))

    def __post_init__(self) -> None:
        _check_money(f"{self.order_no}: paid", self.paid)
        _check_money(f"{self.order_no}: freight", self.freight)
        for name in ("paid_at", "shipped_at", "signed_at"):
            instant: datetime | None = getattr(self, name)
            if instant is not None and instant.tzinfo is None:
                raise ValueError(f"{self.order_no}: {name} has no time zone")
        needed = {"paid": "paid_at", "shipped": "shipped_at", "signed": "signed_at"}.get(self.status)
        if needed and getattr(self, needed) is None:
            raise ValueError(f"{self.order_no}: {self.status} without {needed}")
        if self.status != "unpaid" and self.paid_at is None:
            raise ValueError(f"{self.order_no}: {self.status} without paid_at")


@dataclass(frozen=True)
class Wanted:
    """Pieces of one product that a claim is about; `quantity` None: every one that is not claimed yet.

    `quantity` counts pieces, or parts where `part` names one of a set.
    """

    sku: str
    quantity: int | None = None
    part: str | None = None

    def __post_init__(self) -> None:
        if self.quantity is not None and self.quantity < 1:
            raise ValueError(f"quantity {self.quantity} is below 1")


@dataclass(frozen=True)
class Claim:
    """What the customer says: about one product (`sku`, `quantity`, `part`), about `several`, or the whole order.

    `opened` and `intact` None: not known. `gifts_lost`: gifts that do not come back with the goods.
    """

    cause: Cause
    sku: str | None = None
    quantity: int | None = None
    opened: bool | None = None
    intact: bool | None = None
    part: str | None = None
    gift: str | None = None
    several: tuple[Wanted, ...] = ()
    gifts_lost: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.cause not in CAUSES:
            raise ValueError(f"unknown cause {self.cause!r}")
        if self.quantity is not None and self.quantity < 1:
            raise ValueError(f"quantity {self.quantity} is below 1")
        if self.sku is None and (self.quantity is not None or self.part is not None):
            raise ValueError("quantity and part need a sku")
        if self.sku is not None and self.several:
            raise ValueError("a claim is about one sku or about several")
        if len({wanted.sku for wanted in self.several}) < len(self.several):
            raise ValueError("each sku of a claim stands in it once")

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """What it is about, product by product; empty for the whole order."""
        return self.several if self.sku is None else (Wanted(self.sku, self.quantity, self.part),)


def _check_money(name: str, amount: Decimal | None) -> None:
    if amount is None:
        return
    if not amount.is_finite() or amount < 0 or amount != round(amount, 2):
        raise ValueError(f"{name}: {amount} is no amount in yuan")
