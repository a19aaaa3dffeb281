"""Which change a ticket takes when, who may make it, and what must be known of it before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from bot.errors import NotAllowed, WrongState
from bot.policy.limits import Kind, Role, may
from bot.policy.pack import RulePack
from bot.tickets.state import State

UNSETTLED = ("open", "approved", "waiting_customer")
SETTLED = ("done", "rejected", "withdrawn")
FROM: Mapping[str, tuple[str, ...]] = {
    "approved": ("open", "waiting_customer"),
    "rejected": UNSETTLED,
    "done": UNSETTLED,
    "withdrawn": UNSETTLED,
    "merged": UNSETTLED,
    "reopened": ("done", "rejected"),
    "confirmed": ("done",),
}
"""In which states a change is taken; any other change leaves the status as it is and is taken always."""

ENDS = ("rejected", "withdrawn", "merged")
GONE = ("sent", "applied")
"""What the payment side has, it keeps: such a ticket can only be done."""

NAME, CONTACT, PRODUCT, SYMPTOM, TRIED = ALL = ("name", "contact", "product", "symptom", "tried")
MANDATORY: Mapping[str, tuple[str, ...]] = {
    "repair": ALL,
    "dispute": (NAME, CONTACT, PRODUCT, SYMPTOM),
    "complaint": (NAME, CONTACT, SYMPTOM),
}
"""What people must know of a ticket they work on (R394). A complaint may be about no product; remedies that the rules
decided, messages and notes on orders carry all that is needed."""
FILLED = (*ALL, "solution", "claimed")
"""What people may write into a ticket: beside the above what was agreed, and the yuan that a complaint asks for."""


def check(state: State, change: str) -> None:
    """Raises WrongState where the ticket does not take this change now."""
    if state.parent_id is not None:
        raise WrongState(f"the ticket is merged into {state.parent_id}", "ticket_merged")
    if change in FROM and state.status not in FROM[change]:
        raise WrongState(f"the ticket is {state.status}", "ticket_" + state.status)
    if change in ENDS and state.payment in GONE:
        raise WrongState("the payment side has it already", "payment_sent")
    if change == "confirmed" and state.result_confirmed_at is not None:
        raise WrongState("the customer has said so already", "ticket_confirmed")


def check_known(state: State) -> None:
    """Raises WrongState, naming the fields, where a ticket lacks what must be known before it is done."""
    lacking = missing_fields(state)
    if lacking:
        raise WrongState(f"missing: {', '.join(lacking)}", "missing_fields")


def missing_fields(state: Any) -> list[str]:
    """What is still to be asked (of a state, or of the row)."""
    details = state.details or {}
    known = {name for name in ALL if details.get(name)} | ({CONTACT} if state.contact else set())
    return [name for name in MANDATORY.get(state.type, ()) if name not in known]


def check_money(role: str, state: State, amount: Decimal | None, before: Decimal, pack: RulePack) -> None:
    """Raises NotAllowed where the amount is above what this role decides over an order; servers are not limited."""
    if role == "service" or amount is None:
        return
    kind: Kind = "compensation" if state.type == "compensation" else "refund"
    answer = may(cast(Role, role), kind, amount, pack, before)
    if not answer.allowed:
        limit = "" if answer.limit is None else f"{answer.limit:.2f}"
        raise NotAllowed(f"your limit for an order is {limit} yuan; ask: {answer.ask or 'nobody'}", "over_limit")
