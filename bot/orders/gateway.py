"""What flows may ask about orders. Ownership is checked here: another's order does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.policy.facts import LineFacts, OrderFacts


@dataclass(frozen=True)
class Viewer:
    """Who asks: a known customer, or an unknown visitor with what was proved in this conversation."""

    conversation_id: str
    channel: str
    sender: str
    customer_id: str | None = None


@dataclass(frozen=True)
class OrderView:
    """An order as its owner may see it. `facts` is what policy decides on; `options` of lines by index.

    `parcels`: courier, tracking and trace of each, in the order of `facts.parcels`; empty where there is only one.
    """

    facts: OrderFacts
    customer_id: str
    created_at: datetime
    courier: str | None = None
    tracking: str | None = None
    trace: tuple[Mapping[str, str], ...] = ()
    parcels: tuple[Mapping[str, Any], ...] = ()
    refund: Mapping[str, Any] | None = None
    options: tuple[Mapping[str, Any], ...] = ()
    presale: bool = False
    receiver: str = ""
    address: str = field(default="", repr=False)

    @property
    def order_no(self) -> str:
        """The order's number."""
        return self.facts.order_no

    @property
    def tail(self) -> str:
        """The last four digits, as shown to customers."""
        return self.order_no[-4:]

    def line(self, sku: str) -> LineFacts | None:
        """The line of a product, if the order has one."""
        return next((line for line in self.facts.lines if line.sku == sku), None)


class Orders(Protocol):
    """Orders of one viewer."""

    async def recent(self, viewer: Viewer) -> list[OrderView]:
        """The viewer's orders of the last months, newest first."""

    async def find(self, order_no: str, viewer: Viewer) -> OrderView | None:
        """One order, if it is the viewer's."""

    async def prove(self, order_no: str, phone_tail: str, viewer: Viewer) -> bool:
        """Take order number and last four digits of its phone as proof of ownership; False counts as a wrong pair."""

    async def proof_locked(self, viewer: Viewer, order_no: str = "") -> bool:
        """Whether too many wrong pairs were given lately."""
