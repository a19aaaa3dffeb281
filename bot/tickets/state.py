"""What a ticket is, by its log: a pure fold. The row's columns are this, written together with each event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

MONEY = frozenset({"amount"})
INSTANTS = frozenset({"created_at", "due_at", "done_at", "late_for", "result_confirmed_at"})
LISTS = frozenset({"items", "evidence", "rule_ids"})


@dataclass(frozen=True)
class State:
    """A ticket. `gravity`: of the matter, while `level` may be special; `payment`: none, asked, applied, refused.

    `details`: name, product, symptom, tried, solution, claimed; `late_for`: the deadline whose breach was noted.
    """

    type: str = ""
    status: str = ""
    level: str = "normal"
    gravity: str = "1"
    level_reason: str = ""
    priority: str = "normal"
    stage: str = ""
    order_no: str | None = None
    customer_id: str | None = None
    conversation_id: str = ""
    items: tuple[Mapping[str, Any], ...] = ()
    amount: Decimal | None = None
    freight_payer: str = "none"
    cause: str | None = None
    reason: str = ""
    evidence: tuple[Mapping[str, str], ...] = ()
    rule_ids: tuple[str, ...] = ()
    contact: str = ""
    details: Mapping[str, str] | None = None
    payment: str = "none"
    reopened: int = 0
    parent_id: str | None = None
    created_at: datetime | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    late_for: datetime | None = None
    result_confirmed_at: datetime | None = None

    @property
    def told(self) -> Mapping[str, str]:
        """The details, never None."""
        return self.details or {}


FIELDS = tuple(field.name for field in fields(State))


def apply(state: State, detail: Mapping[str, Any]) -> State:
    """The state after an event: `set` gives fields anew, `add` puts entries to lists. Both hold what JSON can."""
    changes = {name: read(name, value) for name, value in detail.get("set", {}).items() if name in FIELDS}
    changes |= {name: (*getattr(state, name), *more) for name, more in detail.get("add", {}).items() if name in FIELDS}
    return replace(state, **changes)


def fold(details: Iterable[Mapping[str, Any]]) -> State:
    """The state that a whole log tells, oldest event first."""
    state = State()
    for detail in details:
        state = apply(state, detail)
    return state


def of_row(row: Any) -> State:
    """The state that a ticket's columns hold."""
    values: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    return State(**(values | {name: tuple(values[name]) for name in LISTS}))


def project(state: State, row: Any) -> None:
    """Write the state into the ticket's columns, those that differ."""
    for name in FIELDS:
        value = getattr(state, name)
        value = [dict(v) if isinstance(v, Mapping) else v for v in value] if name in LISTS else value
        if getattr(row, name) != value:
            setattr(row, name, value)


def write(name: str, value: Any) -> Any:
    """A field as the log holds it."""
    if value is None:
        return None
    if name in MONEY:
        return f"{value:.2f}"
    if name in INSTANTS:
        return value.isoformat()
    return [dict(v) if isinstance(v, Mapping) else v for v in value] if name in LISTS else value


def read(name: str, value: Any) -> Any:
    """A field from the log."""
    if value is None:
        return None
    if name in MONEY:
        return Decimal(value)
    if name in INSTANTS:
        return datetime.fromisoformat(value)
    return tuple(value) if name in LISTS else value
