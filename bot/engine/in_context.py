"""Words whose intent is decided by where the talk stands and not by their likeness to examples.

Going on with what was interrupted, asking what is going on, a matter that settled itself, amends for a late order: the
actions of the intents returned here see the same words and act on them (actions/resuming.py, actions/late_shipping.py).
"""

from __future__ import annotations

from bot.conversation.turn import Turn
from bot.desk import tickets
from bot.lexicon import Lexicon, lexicon
from bot.mood import is_angry

LONGEST = 24  # characters of a message that may mean nothing else
LATE = ("ask_shipping_time", "complain", "track_order", "ask_delivery_time", "confirm_order", "ask_return_policy")
LATE_TOO = (
    *LATE,
    "price_protection",
    "ask_refund_status",
    "order_note",
    "bargain",
    "not_received",
    "nlu_fallback",
    "vent",
)


async def intent(turn: Turn, guessed: str) -> str | None:
    """The intent of the turn's words where the talk decides it; None where `guessed` stands."""
    words, text = lexicon(), turn.text
    if wants_amends(words, text) and guessed in LATE_TOO and not is_angry(text):
        return "ask_shipping_time"
    if len(text) > LONGEST:
        return None
    if words.has("resume", text):
        return "affirm"
    if words.is_whole("puzzled", text):
        return "chitchat"
    if not turn.in_flow and words.cause(text) in (None, "missing_item") and await _settles(turn):
        return "withdraw_after_sales"
    return None


def wants_amends(words: Lexicon, text: str) -> bool:
    """Whether amends are asked for an order that is sent too late."""
    return words.has("late", text) and words.has("amends", text) and words.cause(text) is None


async def _settles(turn: Turn) -> bool:
    """Whether the words say of an own open ticket that nothing needs to be done any more."""
    words, text = lexicon(), turn.text
    found = words.has("found", text) and not words.has("not_found", text)
    if not found and not words.has("needless", text):
        return False
    own = await tickets.own_open(turn.session, turn.conversation)
    return any(ticket.cause in tickets.LACKING for ticket in own) if found else bool(own)
