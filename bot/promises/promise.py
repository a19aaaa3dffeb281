"""What a promise consists of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, get_args

Kind = Literal[
    "refund_done",
    "ship_done",
    "delivered_done",
    "intercept_done",
    "cancel_done",
    "invoice_denied",
    "no_warranty",
    "no_cancel",
    "no_difference",
    "coupon",
    "freight",
    "buyer_freight",
    "no_remedy",
    "no_return",
    "price_difference",
    "refund_elsewhere",
    "refund_arrival",
    "compensation",
    "reship",
    "warranty",
    "exchange",
    "discount",
    "price",
    "free_shipping",
    "return_ok",
    "refund",
    "stock",
    "answer_by",
    "restock_by",
    "ship_by",
    "deliver_by",
    "gift",
]
"""From the most telling to the least: of two that overlap the first is meant."""
DENIALS: frozenset[Kind] = frozenset(
    {"invoice_denied", "no_warranty", "no_cancel", "no_difference", "no_remedy", "no_return", "buyer_freight"}
)
"""Said with "usually", or to who wants it, these take a right away all the same."""
KINDS: tuple[Kind, ...] = get_args(Kind)

Certainty = Literal["firm", "offer", "estimate", "effort", "conditional"]
"""firm: it will be; offer: if the customer likes; estimate: it should be; effort: we try; conditional: if …"""

Ground = Literal["wish", "fault", "late"]
"""Why it is promised, as far as the text says so: the customer's own wish, the shop's fault, a parcel sent late."""

Unit = Literal["minute", "hour", "day", "workday", "week", "month"]


@dataclass(frozen=True)
class Deadline:
    """By when. `by` counts from the moment of reading, also where the text counts from the payment (`after_payment`).

    A day lasts to its last second, also in "before Friday". `at_once`: no time, but now. `count` and `unit` where the
    text names a length of time instead of a date.
    """

    by: datetime
    text: str
    at_once: bool = False
    count: Decimal | None = None
    unit: Unit | None = None
    after_payment: bool = False


@dataclass(frozen=True)
class Promise:
    """A promise in a text. `span` is that of its words in the text as given, `clause` what stands around them.

    `subject` is the sentence: in it the product may be named. `amount` in yuan, `threshold` from which it is given;
    `rate` where a share of the price is promised, or several times of it; `whole`: all of it instead of an amount.
    `days` of a warranty, or for which goods may be returned; `forever` without an end.
    `unopened`: True where it only holds for unopened goods, False where it is said of opened ones.
    """

    kind: Kind
    certainty: Certainty
    span: tuple[int, int]
    clause: str
    subject: str
    deadline: Deadline | None = None
    amount: Decimal | None = None
    threshold: Decimal | None = None
    rate: Decimal | None = None
    whole: bool = False
    quantity: int | None = None
    days: int | None = None
    forever: bool = False
    ground: Ground | None = None
    unopened: bool | None = None
