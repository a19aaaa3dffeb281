"""Words whose intent is decided by where the talk stands and not by their likeness to examples.

Going on with what was interrupted, asking what is going on or what to do, a matter that settled itself, amends for a
late order, a trouble told without a wish. The actions of the intents returned here see the same words and act on them
(actions/resuming.py, actions/late_shipping.py).
"""

from __future__ import annotations

from bot import variants
from bot.conversation.turn import Turn
from bot.desk import tickets
from bot.lexicon import lexicon
from bot.mood import is_angry

LONGEST = 24  # characters of a message that may mean nothing else
TELLS_ONLY = ("inform", "nlu_fallback")
ABOUT_SENDING = ("ask_shipping_time", "track_order", "ask_delivery_time", "confirm_order", "order_note", "not_received")
ABOUT_MONEY = ("complain", "price_protection", "ask_refund_status", "ask_return_policy", "bargain")
MAYBE_LATE = (*ABOUT_SENDING, *ABOUT_MONEY, "vent", "nlu_fallback")
"""What a wish for amends for a late order is taken for, there being no intent of its own."""


async def intent(turn: Turn, guessed: str) -> str | None:
    """The intent of the turn's words where the talk decides it; None where `guessed` stands."""
    words, text = lexicon(), turn.text
    if words.wants_amends(text) and guessed in MAYBE_LATE and not is_angry(text):
        return "ask_shipping_time"
    if len(text) > LONGEST:
        return None
    if words.has("resume", text):
        return "affirm"
    if words.is_whole("puzzled", text) or (words.is_whole("what_now", text) and not turn.in_flow):
        return "chitchat"
    other = guessed == "exchange_request" or words.cause(text) not in (None, "missing_item")
    if not turn.in_flow and not other and await _settles(turn):
        return "withdraw_after_sales"
    if not turn.in_flow and guessed in TELLS_ONLY:
        return words.cause(text) or ("wrong_item" if variants.is_mixup(text) else None)
    return None


async def _settles(turn: Turn) -> bool:
    """Whether the words say of an own open ticket that nothing needs to be done any more."""
    words, text = lexicon(), turn.text
    found = words.has("found", text) and not words.has("not_found", text)
    if not found and not words.has("needless", text):
        return False
    own = await tickets.own_open(turn.session, turn.conversation)
    return any(ticket.cause in tickets.LACKING for ticket in own) if found else bool(own)
