"""How far a ticket is: the four steps of after-sales (R023–R026), the seven of complaints (R251–R257), then closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.tickets.state import State

FOUR = ("filed", "accepted", "agreed", "followed", "closed")
SEVEN = ("received", "calmed", "clarified", "offered", "agreed", "thanked", "tracked", "closed")
DECIDED = ("approved", "waiting_customer", "rejected", "done")


def of(type: str) -> tuple[str, ...]:
    """The steps of a type of ticket, in order."""
    return SEVEN if type in ("complaint", "dispute") else FOUR


def first(type: str, status: str) -> str:
    """Where a new ticket stands: with its remedy agreed, or only its order known and a person asked, or just filed."""
    if of(type) is SEVEN:
        return "received"
    return "filed" if type == "message" else "accepted" if status == "open" else "agreed"


def at_least(state: State, stage: str) -> str:
    """The step after something that takes the ticket up to `stage`; it is never behind where it was."""
    steps = of(state.type)
    return stage if state.stage not in steps or steps.index(stage) > steps.index(state.stage) else state.stage


def decided(state: State, status: str) -> str:
    """The step that a decision leads to."""
    return at_least(state, followed(state) if status == "done" else "agreed")


def followed(state: State) -> str:
    """The step in which what was done is watched until the customer says that it is solved."""
    return "tracked" if of(state.type) is SEVEN else "followed"


def again(state: State) -> str:
    """Where a ticket stands that is open again: what is wrong has to be heard anew."""
    return "clarified" if of(state.type) is SEVEN else "accepted"


GUARDS: Mapping[str, tuple[Callable[[State], bool], str]] = {
    "clarified": (lambda state: bool(state.reason or state.told.get("symptom")), "symptom"),
    "offered": (lambda state: bool(state.told.get("solution")) or state.status in DECIDED, "solution"),
    "agreed": (lambda state: bool(state.told.get("solution")) or state.status in DECIDED, "solution"),
    "followed": (lambda state: state.status == "done", "done"),
    "tracked": (lambda state: state.status == "done", "done"),
    "closed": (lambda state: state.status == "done" and state.result_confirmed_at is not None, "result"),
}
"""What must be so before a step is taken, and what is lacking if it is not."""


def objection(state: State, stage: str) -> str | None:
    """Why a person may not move the ticket to this step: it is unknown, not the next one, or something is lacking."""
    steps = of(state.type)
    if stage not in steps:
        return "unknown"
    here = steps.index(state.stage) if state.stage in steps else -1
    if steps.index(stage) != here + 1:
        return "not_next"
    holds, lacking = GUARDS.get(stage, (lambda _state: True, ""))
    return None if holds(state) else lacking
