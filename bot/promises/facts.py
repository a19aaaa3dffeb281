"""What the check of promises is told: the order, the goods, the courier, what is being done, and who speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from bot.policy.bargain import Goods
from bot.policy.facts import Claim, LineFacts, OrderFacts, Solution
from bot.policy.pack import RulePack

Role = Literal["bot", "agent", "supervisor", "admin"]


@dataclass(frozen=True)
class Standing:
    """Who makes the promise, and up to which amounts in one order; None: without a limit."""

    role: Role
    refund: Decimal | None
    compensation: Decimal | None

    @property
    def is_person(self) -> bool:
        """Whether goodwill beyond the rules is theirs to give, inside their limit."""
        return self.role != "bot"


@dataclass(frozen=True)
class CourierFacts:
    """What the courier says: the trace, newest last, and when the parcel is expected, if that is told."""

    shipped_at: datetime | None = None
    signed_at: datetime | None = None
    expected_at: datetime | None = None
    trace: Sequence[Mapping[str, str]] = ()

    @property
    def latest(self) -> str:
        """The newest line of the trace; empty where there is none."""
        return self.trace[-1].get("text", "") if self.trace else ""


@dataclass(frozen=True)
class TicketFacts:
    """A ticket of this order. `done`: carried out, not only approved."""

    ticket_id: str
    solution: Solution
    amount: Decimal | None = None
    due_at: datetime | None = None
    done: bool = False


@dataclass(frozen=True)
class PromiseFacts:
    """Everything against which promises are checked; what is not known is None or empty.

    `product`: what is talked about where there is no order. `names`: other names of products by sku. `ships_at`: when
    presold goods leave. `claim`: what the customer reports, where that is clear. `goods`: what is bargained over, and
    `granted` the total to which a person agreed.
    `staffed_from`: the next instant at which people are there, `now` while they are. `gifts`: those that may be given.
    `free_from`: the total from which parcels are sent free, `freight` what it costs below; `coupons`: threshold and
    reduction of those that are running.
    """

    now: datetime
    pack: RulePack
    standing: Standing
    order: OrderFacts | None = None
    product: LineFacts | None = None
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ships_at: datetime | None = None
    courier: CourierFacts = CourierFacts()
    tickets: Sequence[TicketFacts] = ()
    claim: Claim | None = None
    goods: Goods | None = None
    granted: Decimal | None = None
    staffed_from: datetime | None = None
    gifts: Sequence[str] = ()
    free_from: Decimal | None = None
    freight: Decimal | None = None
    coupons: Sequence[tuple[Decimal, Decimal]] = ()

    @property
    def refund_days(self) -> tuple[int, int]:
        """Working days from approval to arrival, least and most."""
        arrival = self.pack.refund_arrival
        return arrival.working_days_from, arrival.working_days_to

    @property
    def refund_days_told(self) -> str:
        """The same as people say it: 1-3, or 3."""
        least, most = self.refund_days
        return f"{least}-{most}" if least < most else str(most)

    def lines(self, text: str) -> tuple[LineFacts, ...]:
        """The goods that a text names; where it names none, all that are talked about."""
        known = self.order.lines if self.order else ((self.product,) if self.product else ())
        named = tuple(line for line in known if any(name.lower() in text for name in self._names(line)))
        return named or known

    def open_ticket(self, *solutions: Solution) -> TicketFacts | None:
        """The first ticket for one of these that is not done yet."""
        return next((t for t in self.tickets if t.solution in solutions and not t.done), None)

    def tells_done(self, text: str, amount: Decimal | None) -> bool:
        """Whether a text names a ticket that is done, with its amount or none: it tells what was decided already."""
        said = text.upper()
        return any(t.done and t.ticket_id in said and amount in (None, t.amount) for t in self.tickets)

    def _names(self, line: LineFacts) -> list[str]:
        return [line.name, *self.names.get(line.sku, ())]
