"""Tickets as flows and the desk use them; how they work is in `bot.tickets`."""

from __future__ import annotations

from bot.tickets.changes import (
    LACKING,
    REMEDIES,
    add_evidence,
    claim,
    decide,
    note,
    of_conversation,
    own_open,
    set_order,
    withdraw,
)
from bot.tickets.guards import UNSETTLED
from bot.tickets.opening import deadline, open_ticket
from bot.tickets.shown import as_json, when

__all__ = [
    "LACKING", "REMEDIES", "UNSETTLED", "add_evidence", "as_json", "claim", "deadline", "decide", "note",
    "of_conversation", "open_ticket", "own_open", "set_order", "when", "withdraw",
]  # fmt: skip
